"""All that is shown of one order."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from domain.order import WorkOrder
from domain.timekeeping.calendars import calendar_from
from domain.timekeeping.clocks import Clock, row_of
from records import read as reading
from records.deeds import Deed
from records.outgoing import NoticeRow
from records.read import OrderFile
from starter.cli.owner_page import Owner

if TYPE_CHECKING:
    from starter.cli.family import Family


class Opened(NamedTuple):
    """All that is shown of one order; `words` only for a reader who is written down as one."""

    file: OrderFile
    order: WorkOrder
    notices: Sequence[NoticeRow]
    deeds: Sequence[Deed]
    words: reading.Words | None
    plain: bool  # contacts in full
    owner: Owner
    family: "Family | None" = None  # of an incident


def is_provisional(order: WorkOrder, clock: Clock) -> bool:
    """Tell whether a clock falls due beyond the confirmed holiday data of its calendar (CAL-11)."""
    terms = order.terms_of(clock)
    own = calendar_from(terms.calendar_of(row_of(clock, terms)))
    return own.provisional(order.due(clock))
