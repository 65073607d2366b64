"""The sample calendars as rows of the terms, with the Chinese holidays of 2026 (CAL-06)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.terms import CalendarException, CalendarRow, DayHours

SHANGHAI = ZoneInfo("Asia/Shanghai")

STATUTORY = {
    "元旦": ["2026-01-01", "2027-01-01"],
    "春节": ["2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19"],
    "清明节": ["2026-04-05"],
    "劳动节": ["2026-05-01", "2026-05-02"],
    "端午节": ["2026-06-19"],
    "中秋节": ["2026-09-25"],
    "国庆节": ["2026-10-01", "2026-10-02", "2026-10-03"],
}
BRIDGE = {
    "元旦": ["2026-01-02"],
    "春节": ["2026-02-20", "2026-02-23"],
    "清明节": ["2026-04-06"],
    "劳动节": ["2026-05-04", "2026-05-05"],
    "国庆节": ["2026-10-05", "2026-10-06", "2026-10-07"],
}
BLOCK = {  # weekend days inside a block that no table of holidays names (CAL-07)
    "元旦": ["2026-01-03"],
    "春节": ["2026-02-15", "2026-02-21", "2026-02-22"],
    "清明节": ["2026-04-04"],
    "劳动节": ["2026-05-03"],
    "端午节": ["2026-06-20", "2026-06-21"],
    "中秋节": ["2026-09-26", "2026-09-27"],
    "国庆节": ["2026-10-04"],
}
MAKEUP = {"调休上班": ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]}

OFFICE_HOURS = ((510, 720), (810, 1050))
STORES_HOURS = ((540, 1020),)


def marked(kind, table, hours=()):
    return tuple(
        CalendarException(date.fromisoformat(on), hours, name, kind) for name, days in table.items() for on in days
    )


def daily(*hours, days=range(7)):
    return tuple(DayHours(weekday, hours) for weekday in days)


def row(id_, week=(), zone="Asia/Shanghai", exceptions=(), confirmed_until=None, version="2026.1"):
    return CalendarRow(id_, version, zone, week, exceptions, confirmed_until)


HOLIDAYS = marked("statutory", STATUTORY) + marked("bridge", BRIDGE)
YEAR = date(2026, 12, 31)

ALWAYS = row("always")
OFFICE = row(
    "office",
    daily(*OFFICE_HOURS, days=range(5)),
    exceptions=HOLIDAYS + marked("makeup", MAKEUP, OFFICE_HOURS),
    confirmed_until=YEAR,
)
SERVICE_DESK = row("service_desk", daily((480, 1200)))
NIGHT_DUTY = row("night_duty", daily((1200, 1920)))
CONTACT_HOURS = row("contact_hours", daily((540, 720), (840, 1200)))
STORES = row(
    "stores",
    daily(*STORES_HOURS),
    exceptions=HOLIDAYS + marked("block", BLOCK) + marked("makeup", MAKEUP, STORES_HOURS),
    confirmed_until=YEAR,
)
SF_ALWAYS = row("sf_always", zone="America/Los_Angeles")
SF_NIGHT = row("sf_night", daily((1200, 1920)), zone="America/Los_Angeles")


def at(text):
    """Read `2026-10-01 23:50`, `10-01 23:50` (2026) or an instant with its own offset; Shanghai unless it has one."""
    instant = datetime.fromisoformat(text if text[4] == "-" else f"2026-{text}")
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)


def span(hours=0, minutes=0):
    return timedelta(hours=hours, minutes=minutes)
