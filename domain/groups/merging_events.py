"""Events of merging: of the case that is given up to another, and of the one that goes on (GRP-01, GRP-02, GRP-08)."""

from datetime import timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.event import Event
from domain.timekeeping.events import OneClock
from domain.vocabulary import Stage


class SoonerClock(OneClock):
    """A clock of the survivor that falls due earlier, because the other case reached us earlier (GRP-02)."""

    before_due_at: AwareDatetime
    due_at: AwareDatetime
    added_microseconds: int  # counted as used

    @property
    def added(self) -> timedelta:
        """What is counted as used."""
        return timedelta(microseconds=self.added_microseconds)


class Merged(Event):
    """The work on this case is done with another one; what its own reporter is owed stays with it."""

    survivor: str
    until: AwareDatetime  # so long it can be undone


class Absorbed(Event):
    """Another case is the same matter: the earlier reception of the two counts."""

    duplicate: str
    received_at: AwareDatetime  # of the duplicate
    reporter: str
    sooner: tuple[SoonerClock, ...] | None = None


class Unmerged(Event):
    """They are two matters after all; each of the two names the other, and both are as they were."""

    survivor: str | None = None  # said by the case that had been merged
    duplicate: str | None = None  # said by the one that had taken it over
    went_on: bool | None = None  # its work was done with the survivor's: the clocks of the work stay ended


class AbsorbedCase(BaseModel):
    """A case that an order has taken over."""

    model_config = ConfigDict(frozen=True)

    order: str
    received_at: AwareDatetime
    reporter: str
    sooner: tuple[SoonerClock, ...] = ()


class MergedInto(BaseModel):
    """The order that a case was merged into, and which of its own clocks ended by that."""

    model_config = ConfigDict(frozen=True)

    survivor: str
    at: AwareDatetime
    until: AwareDatetime
    stage: Stage  # at which it was
    clocks: tuple[OneClock, ...]
