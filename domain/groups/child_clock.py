"""A breached clock of a child of an incident, as it is told to its parent (ESC-13)."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.vocabulary import ClockName


class BreachedClock(BaseModel):
    """A breached clock of a child, as the child's own events tell it."""

    model_config = ConfigDict(frozen=True)

    clock: ClockName
    generation: int
    turn: int


class ChildClock(BreachedClock):
    """The same as its incident is told of it. Of two accounts of one clock the later event of the child counts."""

    child: str  # wo_…
    breached_at: AwareDatetime
    ended_at: AwareDatetime | None = None  # stopped, or the child was taken out; none = still owed
    seq: int  # of the child's event
    terms_digest: str  # of the terms whose ladder follows

    @property
    def which(self) -> tuple[str, ClockName, int, int]:
        """What tells it from every other clock of every other child."""
        return self.child, self.clock, self.generation, self.turn

    @property
    def told(self) -> tuple[int, bool]:
        """How late its account is."""
        return self.seq, self.ended_at is not None
