"""A slow second opinion on calendars: it steps minute by minute, reads the clock on the wall, and shares no code.

It never turns a wall time into an instant, only instants into wall times. Where a clock change sets the wall back, the
wall counts as standing still until it passes the latest time it has shown: an hour that comes twice counts once as a
reading, though its elapsed time counts twice for whoever is open when it begins again.
"""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
LONGEST_SETBACK = 180


def stepped(row, start, minutes):
    """Yield for each minute from `start` its instant and the ordinal of the day whose hours hold it, or None."""
    zone, begin, latest, known = ZoneInfo(row.zone), start.astimezone(UTC), None, {}
    for step in range(-LONGEST_SETBACK, minutes):
        instant = begin + step * MINUTE
        wall = instant.astimezone(zone).replace(tzinfo=None)
        latest = wall if latest is None or wall > latest else latest
        if step >= 0:
            yield instant, _day_open(row, latest, known)


def _day_open(row, wall, known):
    today, minute = wall.toordinal(), wall.hour * 60 + wall.minute
    for day, reading in ((today, minute), (today - 1, minute + 1440)):
        if day not in known:
            known[day] = _hours(row, date.fromordinal(day))
        for start, end in known[day]:
            if start <= reading < end:
                return day
    return None


def _hours(row, day):
    for exception in row.exceptions:
        if exception.on == day:
            return exception.open
    if not row.week:
        return ((0, 1440),)
    return [interval for hours in row.week if hours.weekday == day.weekday() for interval in hours.open]


def used_up(row, start, limit, horizon):
    """Return the instant at which `limit` minutes have been used, or None within the horizon; all in minutes."""
    used = 0
    for instant, day in stepped(row, start, horizon):
        used += day is not None
        if used == limit:
            return instant + MINUTE
    return None


def open_minutes(row, start, minutes):
    return sum(day is not None for _, day in stepped(row, start, minutes))


def close_of_open_day(row, n, start, horizon):
    """Return the close of the Nth day with open minutes after the civil day of `start`, or None if not sure."""
    today, closes = start.astimezone(ZoneInfo(row.zone)).toordinal(), {}
    for instant, day in stepped(row, start, horizon):
        if day is not None and day > today:
            closes[day] = instant + MINUTE
        if len(closes) > n:
            return closes[sorted(closes)[n - 1]]
    return None
