"""Who stands at a door: a member of staff with his roles, the owner himself, or a rule."""

from typing import NamedTuple

from domain.vocabulary import Role


class Actor(NamedTuple):
    """The person or rule that acts. `id` is opaque: usr_…, resident:sub_… or system."""

    id: str
    roles: tuple[Role, ...]


SELF = "resident:self"
"""An owner who serves himself before his order exists; in his order he is `resident:` and its subject."""


def usr(staff_id: str) -> str:
    """Return the opaque id under which a member of staff stands in histories and chains."""
    return f"usr_{staff_id}"


def staff_id(actor_id: str) -> str:
    """Return the roster's id of an actor."""
    return actor_id.removeprefix("usr_")
