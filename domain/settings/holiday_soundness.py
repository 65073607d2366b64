"""Whether written holiday data agree with themselves: no civil date is two things at once (CAL-05, CAL-06, CAL-08)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations

from domain.settings.arrangements import HolidayBlock, HolidayData, HolidayYear
from domain.settings.faults import Fault, Way, fault


def faults_of_holidays(data: HolidayData) -> Iterator[Fault]:
    """List what is wrong with holidays and make-up days; those of all years of a country are held together."""
    for country, years in data.items():
        for year, table in years.items():
            yield from _year(("holiday_data", country, year), int(year), table)
        blocks, makeup = _blocks(country, years), _makeup(country, years)
        yield from _overlaps(blocks)
        yield from twice(makeup)
        for way, on in makeup:
            for there, block in blocks:
                if block.first <= on <= block.last:
                    yield fault(way, "makeup_in_holiday", there, on=str(on), name=block.name)


def twice(days: Iterable[tuple[Way, date]]) -> Iterator[Fault]:
    """Find civil dates written twice; without this the later entry would silently win."""
    seen: dict[date, tuple[Way, int]] = {}
    for number, (way, on) in enumerate(days, start=1):
        if on in seen:
            there, first = seen[on]
            yield fault(way, "duplicate", there, name=str(on), first=first)
        seen.setdefault(on, (way, number))


def _year(way: Way, year: int, table: HolidayYear) -> Iterator[Fault]:
    """Check that every entry lies where its year reaches: New Year's Day may begin, and be made up for, in December."""
    for at, block in enumerate(table.blocks):
        inside = date(year - 1, 12, 1) <= block.first <= block.last <= date(year + 1, 1, 31)
        if not inside or any(not block.first <= on <= block.last for on in block.statutory):
            yield fault((*way, "blocks", at), "bad_block")
    for at, on in enumerate(table.makeup_workdays):
        if not date(year - 1, 12, 1) <= on <= date(year, 12, 31):
            yield fault((*way, "makeup_workdays", at), "makeup_outside_year", on=str(on), year=year)


def _overlaps(blocks: Iterable[tuple[Way, HolidayBlock]]) -> Iterator[Fault]:
    """Find holidays that share a day: it would have the name and kind of either."""
    for (there, one), (way, other) in combinations(blocks, 2):
        if one.first <= other.last and other.first <= one.last:
            yield fault(way, "blocks_overlap", there, name=other.name, other=one.name)


def _blocks(country: str, years: Mapping[str, HolidayYear]) -> list[tuple[Way, HolidayBlock]]:
    """List the holidays of a country with the way to each."""
    return [
        (("holiday_data", country, year, "blocks", at), block)
        for year, table in years.items()
        for at, block in enumerate(table.blocks)
    ]


def _makeup(country: str, years: Mapping[str, HolidayYear]) -> list[tuple[Way, date]]:
    """List the make-up workdays of a country with the way to each."""
    return [
        (("holiday_data", country, year, "makeup_workdays", at), on)
        for year, table in years.items()
        for at, on in enumerate(table.makeup_workdays)
    ]
