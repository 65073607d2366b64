"""Holidays of a country and year: as the settings file writes them out, else from the `holidays` package (CAL-12)."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import holidays

from domain.settings.arrangements import HolidayBlock, HolidayData, HolidayYear

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class NamedDay(NamedTuple):
    """One civil date that public rules set apart. Kinds: `statutory`, `bridge`, `block` (weekend), `makeup`."""

    on: date
    name: str
    kind: str


def days_of_year(data: HolidayData, country: str, year: int) -> tuple[NamedDay, ...]:
    """Return the days of one year, by date; a year the file does not write out comes from the package."""
    written = data.get(country, {}).get(str(year))
    days = _written(written) if written else _packaged(country, year)
    return tuple(sorted(days))


def is_known(data: HolidayData, country: str) -> bool:
    """Tell whether the file or the package has holidays of this code."""
    return country in data or country in _codes()


def differences(data: HolidayData, country: str, year: int) -> tuple[tuple[str, NamedDay], ...]:
    """List days that only the `file` or only the `package` has (CAL-12); names do not count, weekends of a block do."""
    ours = {(day.on, day.kind == "makeup"): day for day in days_of_year(data, country, year)}
    theirs = {(day.on, day.kind == "makeup"): day for day in _packaged(country, year)}
    only = [("file", ours[key]) for key in ours.keys() - theirs.keys()]
    only += [("package", theirs[key]) for key in theirs.keys() - ours.keys()]
    return tuple(sorted(only, key=lambda one: one[1]))


def package_version() -> str:
    """Name the package the unwritten years come from; part of a calendar's version."""
    return f"holidays {holidays.version.__version__}"


def _written(year: HolidayYear) -> Iterator[NamedDay]:
    """List the days of a written year."""
    for block in year.blocks:
        yield from _block(block)
    for on in year.makeup_workdays:
        yield NamedDay(on, "调休上班", "makeup")


def _block(block: HolidayBlock) -> Iterator[NamedDay]:
    """List the days of one block, statutory, bridge and weekend days told apart (CAL-08)."""
    on = block.first
    while on <= block.last:
        weekend = "block" if on.weekday() >= SATURDAY else "bridge"
        yield NamedDay(on, block.name, "statutory" if on in block.statutory else weekend)
        on += ONE_DAY


@cache
def _packaged(country: str, year: int) -> tuple[NamedDay, ...]:
    """List the days the package knows, none for a code of the file's own; it never needs the network."""
    if country not in _codes():
        return ()
    kind = getattr(holidays, country)
    table = holidays.country_holidays(country, years=year, language=kind.default_language)
    makeup = sorted(on for on in getattr(table, "weekend_workdays", ()) if on.year == year)
    days = [NamedDay(on, name, "statutory") for on, name in table.items()]
    return (*days, *(NamedDay(on, "调休上班", "makeup") for on in makeup))


@cache
def _codes() -> frozenset[str]:
    """Name every country code of the package."""
    return frozenset(holidays.list_supported_countries(include_aliases=False))
