"""What one case is to others, as its own events tell it: merged, taken over, a child or the parent of an incident."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from violation import must

Key = tuple[str, int, int]
"""A clock: name, generation, turn."""
ACCOUNT = tuple[str, str, int, int]
"""A clock of a child: child, name, generation, turn."""


class Stood(NamedTuple):
    """How a child stood when its incident solved it, and which of its clocks that ended (GRP-07)."""

    stage: str
    receiver: str | None
    claimed: str | None
    handlers: frozenset[str]
    ended: list[Key]


@dataclass
class Kin:
    """How a case stands to others."""

    order_id: str
    parent: bool = False  # it is an incident itself
    members: list[str] = field(default_factory=list)  # for which it was proposed
    incident: str | None = None  # whose child it is
    incidents: list[str] = field(default_factory=list)  # whose child it ever was
    solved: bool = False  # by its incident, or by the case it is merged into
    carried: bool = False  # its work was done by that
    apart: int | None = None  # since which event it speaks for itself, though it is a child
    merged: str | None = None
    survivors: list[str] = field(default_factory=list)  # into which it ever was
    absorbed: list[str] = field(default_factory=list)
    ended_by_merging: list[Key] = field(default_factory=list)
    stood: Stood | None = None  # before its incident solved it, as long as it can go back there
    follows: str = ""  # what ends clocks, of which the events heard now are the consequence
    owed: set[ACCOUNT] = field(default_factory=set)  # what children are late with, as an incident has heard
    levels: dict[Key, int] = field(default_factory=dict)  # told of children
    words: list[str] = field(default_factory=list)  # kinds of what was told to the owner, or to owners of children
    from_others: list[tuple[str, str]] = field(default_factory=list)  # (whose word, its kind) that its owner got

    def own(self, began: int) -> bool:
        """Whether a child speaks itself of a clock that began with an event."""
        return self.apart is not None and began > self.apart

    def stopped(self, key: Key) -> None:
        """Hear of a clock that stopped."""
        if self.follows == "merged":
            self.ended_by_merging.append(key)
        elif self.follows == "solved_together" and self.stood is not None:
            self.stood.ended.append(key)

    def happens(self, kind: str, said: dict[str, Any], seq: int, *, over: bool) -> None:
        """Hear an event of any kind; `over`: the case has ended."""
        if kind in {"merged", "solved_together"}:
            self.follows = kind
        elif kind not in {"clock_stopped", "resumed"}:
            self.follows = ""
        if kind in HEARD:
            HEARD[kind](self, said)
        if kind == "solved_together":
            self.apart = seq if over else None
        elif kind in {"reopened", "closed"} and self.solved and self.apart is None:
            self.apart = seq
        if kind in {"attached_to_incident", "detached_from_incident", "reopened", "closed"}:
            self.stood = None

    def _proposed(self, said: dict[str, Any]) -> None:
        self.parent, self.members = True, said["members"]

    def _of_parents(self, said: dict[str, Any]) -> None:
        must(self.parent, f"{self.order_id}: a word of incidents, and it is none")
        for one in said.get("clocks", []):
            self._hears(one)

    def _attached(self, said: dict[str, Any]) -> None:
        free = not self.parent and self.incident is None and self.merged is None
        must(free, f"{self.order_id}: attached, and it is another's already")
        self.incident, self.solved, self.apart = said["incident"], False, None
        self.incidents.append(said["incident"])

    def _detached(self, said: dict[str, Any]) -> None:
        must(said["incident"] == self.incident, f"{self.order_id}: taken out of what it was not in")
        self.incident, self.solved, self.apart = None, False, None

    def _solved(self, said: dict[str, Any]) -> None:
        must(said["leader"] in {self.incident, self.merged}, f"{self.order_id}: solved by a stranger")
        must(not self.solved, f"{self.order_id}: solved twice")
        self.solved, self.carried = True, bool(said.get("moved"))

    def _absorbs(self, said: dict[str, Any]) -> None:
        must(said["duplicate"] not in self.absorbed, f"{self.order_id}: took {said['duplicate']} over twice")
        self.absorbed.append(said["duplicate"])

    def _merges(self, said: dict[str, Any]) -> None:
        must(self.merged is None and self.incident is None, f"{self.order_id}: merged, and it is another's already")
        self.merged, self.solved, self.carried, self.ended_by_merging = said["survivor"], False, False, []
        self.survivors.append(said["survivor"])

    def _parts(self, said: dict[str, Any]) -> None:
        if said.get("duplicate"):
            must(
                said["duplicate"] in self.absorbed, f"{self.order_id}: gave back {said['duplicate']}, which it had not"
            )
            self.absorbed.remove(said["duplicate"])
            return
        must(said["survivor"] == self.merged, f"{self.order_id}: unmerged from what it was not merged into")
        self.merged = None

    def _begins_again(self, _: dict[str, Any]) -> None:
        self.merged, self.ended_by_merging = None, []

    def _tells(self, said: dict[str, Any]) -> None:
        self.words.append(said["kind"])
        if said.get("leader"):
            self.from_others.append((said["leader"], said["kind"]))

    def _hears(self, one: dict[str, Any]) -> None:
        account = (one["child"], one["clock"], one["generation"], one["turn"])
        if one.get("ended_at"):
            self.owed.discard(account)
        else:
            self.owed.add(account)

    def speaks(self, key: Key, said: dict[str, Any]) -> None:
        """Hear a level that an incident tells of its children: each once, and of exactly those that are late."""
        must(self.parent, f"{self.order_id}: it speaks of children and has none")
        late = sorted({child for child, clock, _, _ in self.owed if clock == key[0]})
        must(said["children"] == late, f"{self.order_id}: {key} tells of {said['children']}, late are {late}")
        last = max((turn for name, _, turn in self.levels if name == key[0]), default=1)
        must(key[2] >= last, f"{self.order_id}: {key} speaks after turn {last}")
        level, told = said["level"], self.levels.get(key, 0)
        must(level == told + 1, f"{self.order_id}: {key} told level {level} of its children after {told}")
        self.levels[key] = level


HEARD: Mapping[str, Callable[[Kin, dict[str, Any]], None]] = {
    "incident_proposed": Kin._proposed,
    "incident_confirmed": Kin._of_parents,
    "incident_dismissed": Kin._of_parents,
    "children_reported": Kin._of_parents,
    "attached_to_incident": Kin._attached,
    "detached_from_incident": Kin._detached,
    "solved_together": Kin._solved,
    "absorbed": Kin._absorbs,
    "merged": Kin._merges,
    "unmerged": Kin._parts,
    "reopened": Kin._begins_again,
    "feedback_given": Kin._tells,
    "mass_notice_given": Kin._tells,
}
"""What a case is to others after an event of these kinds."""
