"""What was typed for a reception, before it is asked for, looked up and sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.vocabulary import Channel, Severity
from starter.cli import times as cli_times

EXAMPLE = "huiyin receive --as S06 --category WATER_LEAK --room JX03-1-1502 --text 厨房水管漏水 --answered"


@dataclass(frozen=True)
class Typed:
    """What was typed for a reception, checked for its form."""

    at: datetime
    community: str | None
    channel: Channel
    category: str | None
    severity: Severity | None
    said: Mapping[str, str | None]  # words by the names of the form: text, remedy, room, posted_by …
    groups: tuple[str, ...]
    received: cli_times.Moment | None
    posted: cli_times.Moment | None
    answered: cli_times.Moment | None
    answered_at_once: bool
    clarified: str | None  # the demand as it was restated to the reporter, who said yes
    key: str | None
    photos: tuple[str, ...] = ()
    about: tuple[str, ...] = ()  # staff whom the matter is about
    joins: str | None = None  # the order that is the same matter, as typed (INT-12)
    insists: bool = False
    repeats: str | None = None  # the closed order that it repeats, as typed (CBK-09)
