"""The terms past orders are held to: each class resolved once, with the holidays of each order's year."""

from datetime import date

from domain.settings.catalogue import resolve
from domain.settings.community import CommunityFile
from domain.simulation.past_orders import Act, PastOrder
from domain.terms import CalendarRow, Terms
from domain.timekeeping.almanac import LOOK_AHEAD, LOOK_BACK, row_between
from domain.vocabulary import Kind, Severity

Class = tuple[str, str, Kind | None, Severity | None]
"""What terms are resolved for: community, category, and kind and severity where they were decided."""


class Shelf:
    """The terms of a settings file for past orders, each class resolved once (CLK-08).

    A class has the same limits and ladders on every day; only its calendars know other holidays. These are written once
    for each year of reception and hold what the terms of any of its days would: 40 days back, 400 ahead.
    """

    def __init__(self, file: CommunityFile) -> None:
        self._file = file
        self._classes: dict[Class, Terms] = {}
        self._of_year: dict[tuple[Class, int], Terms] = {}
        self._calendars: dict[tuple[str, int], CalendarRow] = {}

    def terms(self, order: PastOrder) -> Terms:
        """Return the terms an order would have had; raises `Refused` for what the community does not offer."""
        year = order.acts[Act.RECEIVED].year
        found = self._of_year.get((order[:4], year))
        return self._resolved(order[:4], year) if found is None else found

    def _resolved(self, of: Class, year: int) -> Terms:
        if of not in self._classes:
            community, category, kind, severity = of
            on = date(year, 1, 1)
            self._classes[of] = resolve(
                self._file, community=community, category=category, kind=kind, severity=severity, on=on
            )
        plain = self._classes[of]
        calendars = tuple(self._calendar(row.id, year) for row in plain.calendars)
        self._of_year[of, year] = plain.model_copy(update={"calendars": calendars})
        return self._of_year[of, year]

    def _calendar(self, name: str, year: int) -> CalendarRow:
        if (name, year) not in self._calendars:
            first, last = date(year, 1, 1) - LOOK_BACK, date(year, 12, 31) + LOOK_AHEAD
            row = row_between(self._file.calendars[name], self._file.holiday_data, first, last)
            self._calendars[name, year] = row
        return self._calendars[name, year]
