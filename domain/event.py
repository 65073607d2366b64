"""What every event of a work order is: one fact, with its author, written in one form."""

import re
from datetime import date, datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.audit import instant_text
from domain.vocabulary import Cause, Channel, Role


class Author(BaseModel):
    """Who made an event happen, in which role, by which channel, and what caused it (AUD-05)."""

    model_config = ConfigDict(frozen=True)

    actor: str
    role: Role
    channel: Channel
    cause: Cause
    request_id: str | None = None


class Event(BaseModel):
    """One fact of an order. `at` is when it happened; when it was recorded is known to the order's chain."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    author: Author

    @classmethod
    def type_name(cls) -> str:
        """Name of the event in chains, webhooks and logs: `work_order.feedback_given`."""
        return "work_order." + re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def facts(self) -> dict[str, Any]:
        """Return the event's own fields as JSON, optional ones left out when empty."""
        fields = self.model_dump(exclude={"at", "author"}, exclude_none=True)
        return {name: _plain(value) for name, value in fields.items()}


def _plain(value: Any) -> Any:
    """Write instants in the one form that events know; everything else as JSON has it."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value if not isinstance(value, str) else str(value)
