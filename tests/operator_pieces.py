"""Pieces of one case's work that others have beside its assignee (HND-13), as its events tell them."""

from dataclasses import dataclass, field
from typing import Any

from violation import must


@dataclass
class Piece:
    """What somebody has beside the assignee."""

    who: str
    after: int | None
    contractor: bool = False
    ended: bool = False


@dataclass
class Pieces:
    """Those of the present life of a case, by number."""

    given: dict[int, Piece] = field(default_factory=dict)

    @property
    def open(self) -> list[int]:
        return [number for number, one in self.given.items() if not one.ended]

    def happens(self, order_id: str, kind: str, actor: str, said: dict[str, Any]) -> set[str]:
        """Hear an event; say who has worked on the case by that."""
        if kind == "assignment_added":
            number, after = said["number"], said.get("after")
            must(number == len(self.given) + 1, f"{order_id}: piece {number} follows {len(self.given)}")
            must(after is None or after in self.given, f"{order_id}: piece {number} waits for {after}, which is none")
            self.given[number] = Piece(said["assignee"], after, contractor=bool(said.get("contractor")))
        elif kind in {"assignment_completed", "assignment_cancelled"}:
            return self._ends(order_id, actor, said["number"], done=kind == "assignment_completed")
        elif kind == "handling_completed":
            must(not self.open, f"{order_id}: handling was completed while {self.open} were open")
        elif kind == "reopened":
            self.given = {}
        return set()

    def _ends(self, order_id: str, actor: str, number: int, *, done: bool) -> set[str]:
        one = self.given.get(number)
        must(one is not None, f"{order_id}: piece {number} ended and never began")
        assert one
        must(not one.ended, f"{order_id}: piece {number} ended twice")
        one.ended = True
        if not done:
            return set()
        waits = one.after is not None and not self.given[one.after].ended
        must(not waits, f"{order_id}: piece {number} was done before {one.after}")
        must((actor == one.who) is not one.contractor, f"{order_id}: {actor} completed the piece of {one.who}")
        return {actor, one.who}
