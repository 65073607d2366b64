"""What must hold of one case after each step, in the plainest way: tables and sums of its own, nothing of `domain`.

A `Case` reads the stored events of one order, one after the other, and complains as soon as something can't be. It
knows which command fits which stage, who may give it, what moves a case on, and that an alarm speaks once, in order,
and never after its clock has stopped. What cases are to each other is in `operator_together`.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from operator_kin import Key, Kin, Stood
from operator_pieces import Pieces
from operator_tables import (
    ANSWERS,
    CHECKERS,
    CONTRACTORS,
    FITS,
    HANDS,
    LEAVES,
    LIVING,
    MOVES,
    OF_PARENTS_ALONE,
    OF_RECEIVERS,
    OF_THE_ASSIGNEE,
    OF_THE_MERGED,
    OF_THE_WORK,
    OWNERS_OWN,
    SAYS,
    SUPERVISED,
    WAITED_FOR,
    B,
    D,
    F,
    H,
    I,
    R,
    X,
)
from violation import must


@dataclass
class Clock:
    """One clock of a case: what it has said, and whether it still runs."""

    began: int = 0  # with which event
    running: bool = True
    percents: list[int] = field(default_factory=list)
    breached: bool = False
    levels: int = 0


class Before(NamedTuple):
    """How a case stood when it was given a command."""

    stage: str
    assignee: str | None = None
    receiver: str | None = None
    merged: str | None = None
    kind: str = ""  # of the event that the command made


@dataclass
class Case:
    """One order as its stored events tell it."""

    order_id: str
    stage: str = ""
    category: str = ""
    ended_as: str | None = None
    assignee: str | None = None
    receiver: str | None = None  # to whom it was handed on, until he has taken it (DSP-08)
    first_contact: str | None = None
    handlers: set[str] = field(default_factory=set)
    claimed: str | None = None  # by whom a contractor's work is said to be done, until it was looked at
    passed: bool = False  # by the event before
    pieces: Pieces = field(default_factory=Pieces)
    kin: Kin = field(init=False)
    commands: int = 0  # accepted, the reception first
    seq: int = 0
    head: bytes = b""
    links: list[bytes] = field(default_factory=list)  # the chain's hashes, one for each event
    answered: int = 0  # so many events were told of in answers before this was read: nothing changes them any more
    clocks: dict[Key, Clock] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    requests: dict[str, int] = field(default_factory=dict)  # request id → version it made
    before: list[Before] = field(default_factory=list)  # by version

    def __post_init__(self) -> None:
        self.kin = Kin(self.order_id)

    @property
    def over(self) -> bool:
        return self.stage == X

    @property
    def withdrawn(self) -> bool:
        return self.over and self.ended_as == "withdrawn"

    def running(self) -> list[str]:
        return [name for (name, _, _), clock in self.clocks.items() if clock.running]

    def read(self, rows: Iterable[tuple[int, bytes, bytes]]) -> None:
        """Read further events: place in the chain, stored bytes, hash."""
        for seq, body, link in rows:
            must(seq == self.seq + 1, f"{self.order_id}: event {seq} follows {self.seq}")
            head = hashlib.sha256((self.head or _first(self.order_id)) + body).digest()
            must(head == link, f"{self.order_id}: the chain is broken at {seq}")
            self.seq, self.head = seq, head
            self.links.append(link)
            event = json.loads(body)
            self._happens(event["type"].removeprefix("work_order."), event)

    def _happens(self, kind: str, event: dict[str, Any]) -> None:
        said = event["payload"]
        if said["cause"] == "command":
            self.commands += 1
            self.before.append(Before(self.stage, self.assignee, self.receiver, self.kin.merged, kind))
            if event.get("request_id"):
                self.requests[event["request_id"]] = self.commands
        self.kinds.append(kind)
        self._move(kind, event["actor"], said)
        if kind == "clock_started":
            self._starts(_key(said))
        elif kind == "escalated" and said.get("children"):
            self.kin.speaks(_key(said), said)
        elif kind in SAYS:
            self._says(kind, _key(said), said)
        elif kind == "clock_stopped":
            must(self.clocks[_key(said)].running, f"{self.order_id}: {_key(said)} was stopped twice")
            self.clocks[_key(said)].running = False
            self.kin.stopped(_key(said))
        if kind == "unmerged" and said.get("survivor"):
            for key in self.kin.ended_by_merging:  # as if they had never stopped, unless the work is done (GRP-08)
                self.clocks[key].running = not self.kin.carried

    def _move(self, kind: str, actor: str, said: dict[str, Any]) -> None:
        """Move the case on, or find that it can't; then hear what it is to whom."""
        self.category = said.get("category", self.category)
        self.first_contact = said.get("first_contact", self.first_contact)
        before, self.stage = self.stage, self._next_stage(kind, said)
        stood = self.kin.stood
        self.ended_as = said["reason"] if kind == "closed" else self.ended_as
        self.kin.happens(kind, said, self.seq, over=self.over)
        self._looks(kind, actor, said)
        self.handlers |= self.pieces.happens(self.order_id, kind, actor, said)
        if kind in HANDS:
            self._hands(kind, actor, said)
        elif kind == "solved_together":
            if said["leader"] == self.kin.incident and not self.over:
                self.kin.stood = Stood(before, self.receiver, self.claimed, frozenset(self.handlers), [])
            self.receiver, self.claimed = None, None
            self.handlers |= set(said["handlers"])
        elif kind == "detached_from_incident" and stood is not None:
            self._goes_back(stood, said)
        elif kind in {"handling_completed", "reopened"}:
            self.receiver, self.assignee = None, self.assignee if kind == "handling_completed" else None
            self.handlers |= {actor} if kind == "handling_completed" else set()
        elif kind == "callback_recorded" and said["role"] != "resident":
            must(actor not in self.handlers, f"{self.order_id}: {actor} called back about his own work")

    def _next_stage(self, kind: str, said: dict[str, Any]) -> str:
        """Say where an event leads to; most leave a case where it is."""
        if kind in {"received", "incident_proposed"}:
            must(not self.stage, f"{self.order_id}: received twice")
            return I
        if kind in {"responded", "first_contact_changed"}:
            return R if self.stage == I else self.stage
        froms, to = MOVES.get(kind, ((self.stage,), self.stage))
        if kind == "feedback_given" and said["kind"] == "result":
            kind, froms, to = "a result was told", (F,), B
        elif kind == "detached_from_incident" and said.get("back_to"):
            froms, to = (F,), said["back_to"]
        elif kind == "solved_together":
            froms, to = ((I, R, D, H), F) if said.get("moved") else ((F, B, X), self.stage)
        must(self.stage in froms, f"{self.order_id}: {kind} in {self.stage}")
        return to

    def _hands(self, kind: str, actor: str, said: dict[str, Any]) -> None:
        """Follow an order from hand to hand: whoever hands it on keeps it until it is taken (DSP-08)."""
        must(self.stage in (D, H), f"{self.order_id}: {kind} in {self.stage}")
        if kind in {"dispatched", "grabbed"}:
            must(self.assignee is None, f"{self.order_id}: {kind} while {self.assignee} had it")
        if kind == "transferred" and said.get("until_accepted"):
            self.receiver = said["assignee"]
        elif kind == "accepted":
            offered = self.receiver or self.assignee
            must(actor == offered, f"{self.order_id}: accepted by {actor}, offered to {offered}")
            self.assignee, self.receiver = actor, None
        elif kind == "returned":
            kept = said.get("kept_by")
            self.assignee, self.receiver, self.stage = kept, None, self.stage if kept else D
        else:
            self.assignee, self.receiver = said["assignee"], None
        self.handlers |= {actor} if kind in {"accepted", "grabbed"} else set()

    def _goes_back(self, stood: Stood, said: dict[str, Any]) -> None:
        """Be as if it had never been solved with its incident: the hands, and where it goes back the work (GRP-07)."""
        self.handlers = set(stood.handlers)
        if said.get("back_to"):
            must(said["back_to"] == stood.stage, f"{self.order_id}: goes back to {said['back_to']}, not {stood.stage}")
            again = {_key(one) for one in said["again"]}
            must(again == set(stood.ended), f"{self.order_id}: {again} run again, {stood.ended} were ended")
            self.receiver, self.claimed = stood.receiver, stood.claimed
            for key in again:
                self.clocks[key].running = True

    def _looks(self, kind: str, actor: str, said: dict[str, Any]) -> None:
        """Nobody's claim counts that nobody else has looked at."""
        if kind == "handling_completed" and self.assignee in CONTRACTORS:
            vouches = actor != self.assignee and said["role"] in CHECKERS
            must(self.passed or (vouches and not self.claimed), f"{self.order_id}: {actor} completed unchecked work")
        self.passed = False
        if kind == "completion_reported":
            must(self.stage == H and self.assignee in CONTRACTORS, f"{self.order_id}: {actor} reports to nobody")
            self.claimed = actor
            self.handlers.add(actor)
        elif kind == "contractor_work_checked":
            must(self.claimed not in {None, actor}, f"{self.order_id}: {actor} checked what {self.claimed} reported")
            self.claimed, self.passed = None, said["passed"]
        elif kind in LEAVES and not (said.get("until_accepted") or said.get("kept_by")):
            self.claimed = None

    def _starts(self, key: Key) -> None:
        must(key not in self.clocks, f"{self.order_id}: {key} was started twice")
        name = key[0]
        running = [known for known, clock in self.clocks.items() if known[0] == name and clock.running]
        must(name == "promise" or not running, f"{self.order_id}: {key} was started beside {running}")
        self.clocks[key] = Clock(began=self.seq)

    def _says(self, kind: str, key: Key, said: dict[str, Any]) -> None:
        """Hear an alarm: each once, in order, none after the stop, no level before the one it follows."""
        clock = self.clocks.get(key)
        must(clock is not None, f"{self.order_id}: {kind} of {key}, which never began")
        assert clock
        must(clock.running, f"{self.order_id}: {kind} of {key} after it had stopped")
        if kind == "clock_warned":
            percent = said["percent"]
            must(not clock.breached, f"{self.order_id}: {key} warned of what had happened")
            must(percent > max(clock.percents, default=0), f"{self.order_id}: {key} said {percent} % out of order")
            clock.percents.append(percent)
        elif kind == "clock_breached":
            must(not clock.breached, f"{self.order_id}: {key} was breached twice")
            clock.breached = True
        else:
            self._escalates(clock, key, said)

    def _escalates(self, clock: Clock, key: Key, said: dict[str, Any]) -> None:
        level = said["level"]
        must(level == clock.levels + 1, f"{self.order_id}: {key} level {level} after {clock.levels}")
        must(clock.breached or _early(said), f"{self.order_id}: {key} escalated before its breach")
        silent = self.kin.incident is not None and not self.kin.own(clock.began) and clock.breached
        must(not silent, f"{self.order_id}: {key} speaks itself, for which {self.kin.incident} does")
        clock.levels += 1

    def stands(self) -> None:
        """Judge how a case stands after its last step: nobody is late with what he can't do."""
        for name in self.running():
            fine = self.stage in WAITED_FOR.get(name, LIVING)
            must(fine, f"{self.order_id}: {name} runs in {self.stage}")
            must(not (self.kin.merged and name in OF_THE_WORK), f"{self.order_id}: {name} runs, and it is merged")

    def row_is(self, row: Any) -> None:
        """Compare with the row that the lists and boards show."""
        incident = self.order_id if self.kin.parent else self.kin.incident
        mine = (self.stage, self.seq, self.commands, self.head.hex(), incident, self.kin.merged)
        shown = (row.stage, row.seq, row.version, row.head, row.incident, row.merged_into)
        must(mine == shown, f"{self.order_id}: the row says {shown}, its events {mine}")

    def accepted(self, command: str, actor: str, roles: tuple[str, ...], request_id: str | None, version: int) -> None:
        """Judge an accepted command: it happened once, where it fits, by somebody who may.

        A merge is carried under requests of the house's own; it is known by its event.
        """
        told = f"{self.order_id}: {command} by {actor} was accepted"
        happened = self.requests.get(request_id) == version if request_id else self.before[version - 1].kind == "merged"
        must(happened, f"{told} as version {version}, and did not happen as that")
        stood = self.before[version - 1]
        must(stood.stage in FITS[command], f"{told} in {stood.stage}")
        must(not stood.merged or command in OF_THE_MERGED, f"{told} though it is merged into {stood.merged}")
        must(self.kin.parent or command not in OF_PARENTS_ALONE, f"{told} by what is no incident")
        must(not self.kin.parent or command not in OWNERS_OWN, f"{told} by an incident, which has no owner")
        if command in OF_THE_ASSIGNEE and not (command in SUPERVISED and _leads(roles)):
            takes = {stood.assignee, stood.receiver} if command in OF_RECEIVERS else {stood.assignee}
            must(actor in takes, f"{told} while {stood.assignee} had it")

    def refused(self, command: str, request_id: str) -> None:
        """A refused command has not happened."""
        must(request_id not in self.requests, f"{self.order_id}: {command} was refused and happened")

    def answered_or_owed(self) -> None:
        """Every case that was received ends in an answer or is somebody's duty now (CBK-11).

        Nobody reported an incident: it waits for a person's word, and at its end for its children.
        """
        told = f"{self.category} {self.kinds[-12:]}"
        if self.kin.parent:
            fine = self.running() or self.stage in {I, F, X}
            must(fine, f"{self.order_id}: an incident is open in {self.stage}, and nobody owes anything: {told}")
        elif self.over:
            must(ANSWERS & set(self.kinds), f"{self.order_id}: closed without a word to the owner")
        else:
            must(self.running(), f"{self.order_id}: open in {self.stage}, and nobody owes anything: {told}")


def _key(said: dict[str, Any]) -> Key:
    return said["clock"], said["generation"], said["turn"]


def _first(order_id: str) -> bytes:
    """The head of a chain that has no event yet (specs, privacy and audit, B1)."""
    return hashlib.sha256(b"huiyin-order-chain-v1\n" + order_id.encode()).digest()


def _early(said: dict[str, Any]) -> bool:
    """The third urge within a day fires the first level without a breach (INT-18)."""
    return bool(said["level"] == 1 and said.get("because") == "urged")


def _leads(roles: tuple[str, ...]) -> bool:
    return any("lead" in role or "supervisor" in role or "manager" in role for role in roles)
