"""The messages of the work-order process: how it starts, what it answers, what it carries into its next run."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from domain.intake.reception import Reception
from domain.order import WorkOrder
from domain.vocabulary import Stage
from workflows.effects import CurrentRow

TASK_QUEUE = "huiyin"
WORK_ORDER = "work_order:"
RECENT = 100
"""So many commands are remembered by key inside the process; the doors' own table remembers them all."""


def workflow_id(order_id: str) -> str:
    """Return the id of an order's process."""
    return f"{WORK_ORDER}{order_id}"


def order_of(workflow_id: str) -> str:
    """Return the order of a process; another process's id stands for itself."""
    return workflow_id.removeprefix(WORK_ORDER)


class Message(BaseModel):
    """A message kept in histories: unknown fields are ignored, new ones are optional."""

    model_config = ConfigDict(frozen=True)


class Answer(Message):
    """What an accepted command led to; `head` is the hash of the last event, so that the history proves the chain."""

    version: int
    stage: Stage
    seq: int
    head: str


class Remembered(Message):
    """A command that was carried out: the digest of its content, and its answer."""

    digest: str
    answer: Answer


class Carried(Message):
    """The state that goes into the next run. A schema that this code does not know is refused."""

    v: Literal[1] = 1
    order: WorkOrder
    seq: int
    head: str
    recent: dict[str, Remembered]


class Start(Message):
    """The start input: a matter just received, or the state of the run before."""

    v: Literal[1] = 1
    reception: Reception | None = None
    carried: Carried | None = None

    def of(self) -> Reception:
        """Return the reception of a first run."""
        if self.reception is None:
            raise ValueError("a first run needs its reception")
        return self.reception

    def entered(self, at: datetime) -> Self:
        """Return the start of a first run that knows when a door wrote the matter down, however late it begins."""
        return self.model_copy(update={"reception": self.of().model_copy(update={"entered_at": at})})


class Summary(Message):
    """What is left when an order can't be reopened any more."""

    order_id: str
    seq: int
    head: str
    row: CurrentRow
