"""How far handling is: the price told, the conflict that is open, whose fault it was."""

from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from domain.vocabulary import ConflictStep, Party


class Price(BaseModel):
    """The latest quote of this generation; `agreed` none = the owner has not answered."""

    model_config = ConfigDict(frozen=True)

    number: int
    owner_total: str
    agreed: bool | None = None

    @property
    def free(self) -> bool:
        """Whether the owner pays nothing."""
        return not self.owner_total.strip("0.")


class Conflict(BaseModel):
    """An open conflict with the owner, and the steps of its protocol that are done (HND-09)."""

    model_config = ConfigDict(frozen=True)

    done: tuple[ConflictStep, ...] = ()

    @property
    def next_step(self) -> ConflictStep:
        """The only step that may come now."""
        return tuple(ConflictStep)[len(self.done)]


class Part(NamedTuple):
    """One party's part in the cause."""

    party: Party
    percent: int


class Assignment(BaseModel):
    """A piece of the work beside the assignee's own, of this generation (HND-13)."""

    model_config = ConfigDict(frozen=True)

    number: int
    assignee: str
    after: int | None = None
    contractor: str | None = None
    ended: bool = False
