"""Demands: what must have been done before a step of an order may be taken, pinned with its terms.

A demand forbids what was allowed before; orders, and histories, whose terms do not name it live on as they were decided
(docs/decisions/0008).
"""

from collections.abc import Callable, Iterable, Mapping

from domain.settings.community import Category
from domain.vocabulary import Demand, Kind

APPLIES: Mapping[Demand, Callable[[Category], bool]] = {
    Demand.CLARIFIED: lambda entry: entry.kind in {Kind.REPAIR, Kind.COMPLAINT},
    Demand.ARRIVED: lambda entry: entry.on_site,
    Demand.PHOTOS: lambda entry: entry.photos == "before_after",
    Demand.PROJECT_MANAGER: lambda _entry: True,
}
"""To which categories a demand applies where the settings make it."""


def demands_of(entry: Category, made: Iterable[Demand]) -> tuple[Demand, ...]:
    """Return the demands that hold for a category, of those the settings make, in the order of a life."""
    wanted = set(made)
    return tuple(demand for demand in Demand if demand in wanted and APPLIES[demand](entry))
