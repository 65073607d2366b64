"""Whether the calendars of a settings file can be counted in (CAL-03, CAL-09, CAL-11, CLK-33)."""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.settings.arrangements import CalendarEntry, HolidayData
from domain.settings.community import CommunityFile
from domain.settings.faults import Fault, Way, fault
from domain.settings.holiday_soundness import faults_of_holidays, twice
from domain.settings.naming import Names
from domain.terms import CalendarRow
from domain.timekeeping.almanac import DAY_MINUTES, LOOK_AHEAD, row_between, span
from domain.timekeeping.calendars import BadCalendar, Clash, NeverOpen, calendar_from
from domain.timekeeping.public_holidays import is_known

MOMENT, ONE_DAY = timedelta(seconds=1), timedelta(days=1)
WEEKDAY_NAMES = (
    *(("周一", "Monday"), ("周二", "Tuesday"), ("周三", "Wednesday"), ("周四", "Thursday")),
    *(("周五", "Friday"), ("周六", "Saturday"), ("周日", "Sunday")),
)


def faults_of_calendars(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """List what is wrong with calendars and holiday data."""
    for at, entry in enumerate(file.calendar):
        way = ("calendar", at)
        found = [*names.zone((*way, "zone"), entry.zone), *_hours(way, entry), *_holidays(file, way, entry)]
        yield from found or _counted(file, way, entry)
    yield from faults_of_holidays(file.holiday_data)


def _hours(way: Way, entry: CalendarEntry) -> Iterator[Fault]:
    """Check that all hours can be read, and that only weekly calendars write any."""
    if entry.kind == "always" and (entry.week or entry.holidays or entry.exception):
        yield fault((*way, "kind"), "always_has_no_hours")
    if entry.kind == "weekly" and not entry.week:
        yield fault((*way, "week"), "never_opens")
    for row, hours in enumerate(entry.week):
        yield from _spans((*way, "week", row, "open"), hours.open)
    for number, day in enumerate(entry.exception):
        yield from _spans((*way, "exception", number, "open"), day.open)
    yield from twice([((*way, "exception", number), day.on) for number, day in enumerate(entry.exception)])


def _spans(way: Way, texts: tuple[str, ...]) -> Iterator[Fault]:
    """Find hours that can't be read, are empty or reversed (CAL-03)."""
    for at, text in enumerate(texts):
        try:
            span(text)
        except ValueError:
            yield fault((*way, at), "bad_hours", zh=text, en=text)


def _holidays(file: CommunityFile, way: Way, entry: CalendarEntry) -> Iterator[Fault]:
    """Check that holiday data exist and are as sure as the calendar says (CAL-11)."""
    if entry.holidays is None:
        return
    if not is_known(file.holiday_data, entry.holidays):
        yield fault((*way, "holidays"), "unknown_holidays", name=entry.holidays)
    if entry.confirmed_until is None:
        yield fault(way, "not_confirmed", zh="没有写", en="it is missing")
        return
    years = file.holiday_data.get(entry.holidays, {})
    doubtful = [year for year, table in years.items() if table.status == "provisional"]
    if any(year <= str(entry.confirmed_until.year) for year in doubtful):
        told = {"zh": f"{'、'.join(doubtful)} 年仍为暂定", "en": f"{', '.join(doubtful)} is provisional still"}
        yield fault((*way, "confirmed_until"), "not_confirmed", **told)


def _counted(file: CommunityFile, way: Way, entry: CalendarEntry) -> Iterator[Fault]:
    """Count in the calendar: intervals must not overlap (CAL-03), and some time must be open (CLK-33)."""
    start = file.effective_from
    try:
        opened = calendar_from(_row(entry, file.holiday_data, start.date())).add(start, MOMENT)
    except BadCalendar as bad:
        yield (
            _clash(way, entry, bad.clash)
            if bad.clash
            else fault((*way, "week"), "bad_hours", zh=bad.fault, en=bad.fault)
        )
        return
    except NeverOpen:
        opened = None
    if opened is None or opened - start > LOOK_AHEAD:
        yield fault((*way, "week"), "never_opens")


def _clash(way: Way, entry: CalendarEntry, clash: Clash) -> Fault:
    """Say which hours overlap, where they are written: at the calendar's own exception, else in its week."""
    own = {day.on: ("exception", number) for number, day in enumerate(entry.exception)}
    days = [clash.on, clash.on + ONE_DAY] if isinstance(clash.on, date) and clash.overnight else [clash.on]
    place: Way = next((own[day] for day in days if isinstance(day, date) and day in own), ("week",))
    zh, en = WEEKDAY_NAMES[clash.on] if isinstance(clash.on, int) else (str(clash.on), str(clash.on))
    since, closes, opens = map(_clock, (clash.since, clash.closes, clash.opens))
    if clash.overnight:
        zh, en = f"{zh} {since} 起的时段到次日 {closes} 结束,次日 {opens}", f"{en}, {since} to {closes} of the next day"
    else:
        zh, en = f"{zh} {since} 起的时段到 {closes} 结束,{opens}", f"{en}, {since} to {closes}"
    zh, en = f"{zh} 又起一段", f"{en}, where others begin at {opens}"
    return fault((*way, *place), "bad_hours", zh=zh, en=en)


def _clock(minutes: int) -> str:
    """Write minutes after midnight as calendars do; an end on the next day has `+1`."""
    over = minutes > DAY_MINUTES
    hour, minute = divmod(minutes - DAY_MINUTES * over, 60)
    return f"{hour:02}:{minute:02}{'+1' * over}"


def _row(entry: CalendarEntry, data: HolidayData, on: date) -> CalendarRow:
    """Write the calendar with every exception a search of 400 days can meet, and every special day."""
    days = (on, on + 2 * LOOK_AHEAD, *(day.on for day in entry.exception))
    return row_between(entry, data, min(days), max(days))
