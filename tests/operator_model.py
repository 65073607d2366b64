"""What must hold of one case after each step, in the plainest way: tables and sums of its own, nothing of `domain`.

A `Case` reads the stored events of one order, one after the other, and complains as soon as something can't be. It
knows which command fits which stage, who may give it, what moves a case on, and that an alarm speaks once, in order,
and never after its clock has stopped.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

I, R, D, H, F, B, X = "intake", "registration", "dispatch", "handling", "feedback", "callback", "closed"  # noqa: E741
LIVING = (I, R, D, H, F, B)

FITS = {
    "respond": LIVING,
    "change_first_contact": LIVING,
    "clarify": (I, R, D),
    "register": (I, R),
    "classify": (I, R, D),
    "reclassify": LIVING,
    "dispatch": (D,),
    "grab": (D,),
    "accept": (D, H),
    "return": (D, H),
    "transfer": (D, H),
    "add_assignment": (D, H),
    "complete_assignment": (D, H),
    "cancel_assignment": (D, H),
    "promise": LIVING,
    "arrive": (H,),
    "quote": (H,),
    "agree_to_price": (H,),
    "decline_price": (H,),
    "flag_conflict": LIVING,
    "record_conflict_step": LIVING,
    "record_mediation": LIVING,
    "give_plan": (I, R, D, H, F),
    "complete_rectification": (H,),
    "sign_off": (H,),
    "refuse_sign_off": (H,),
    "suspend": (H,),
    "resume": (H,),
    "request_suspension": (H,),
    "approve_suspension": (H,),
    "refuse_suspension": (H,),
    "assign_responsibility": LIVING,
    "complete_handling": (H,),
    "check_contractor_work": (H,),
    "give_feedback": (I, R, D, H, F),
    "countersign": (B,),
    "record_callback": (B, X),
    "record_attempt": (B,),
    "open_recovery": (*LIVING, X),
    "complete_recovery": (*LIVING, X),
    "reopen": (B, X),
    "urge": LIVING,
    "withdraw": LIVING,
    "acknowledge": (*LIVING, X),
    "excuse": (*LIVING, X),
    "reclock": LIVING,
    "name_arrears_cause": LIVING,
    "verify": (*LIVING, X),
    "note": (*LIVING, X),
}
"""In which stages a command can be accepted at all (glossary, section 4)."""
OF_THE_ASSIGNEE = {"accept", "return", "arrive", "quote", "suspend", "resume", "request_suspension"}
"""Nobody else can do these; a supervisor alone may let a case go on."""
SUPERVISED = {"resume"}
OF_RECEIVERS = {"accept", "return"}
HANDS = {"dispatched", "grabbed", "accepted", "transferred", "returned"}
MOVES = {
    "registered": ((I, R), D),
    "accepted": ((D, H), H),
    "grabbed": ((D,), H),
    "handling_completed": ((H,), F),
    "reopened": ((B, X), D),
    "closed": (LIVING, X),
}
"""What moves a case on: from which stages, to which."""
CONTRACTORS = {"usr_S23"}
LEAVES = {"returned", "reopened", "transferred", "accepted", "closed"}
CHECKERS = {"contractor_supervisor", "service_manager", "project_manager"}
"""Whose work counts only after a look, what ends that, and who looks (HND-12)."""
SAYS = {"clock_warned", "clock_breached", "escalated"}
ANSWERS = {"responded", "feedback_given", "callback_recorded", "withdrawn"}
"""One of these stands in every life that is over: the owner was told, was asked, or did not want it any more."""


class ViolationError(AssertionError):
    """Something that can't be."""


def must(holds: object, what: str) -> None:
    if not holds:
        raise ViolationError(what)


@dataclass
class Clock:
    """One clock of a case: what it has said, and whether it still runs."""

    running: bool = True
    percents: list[int] = field(default_factory=list)
    breached: bool = False
    levels: int = 0


@dataclass
class Case:
    """One order as its stored events tell it."""

    order_id: str
    stage: str = ""
    assignee: str | None = None
    receiver: str | None = None  # to whom it was handed on, until he has taken it (DSP-08)
    first_contact: str | None = None
    handlers: set[str] = field(default_factory=set)
    claimed: str | None = None  # by whom a contractor's work is said to be done, until it was looked at
    passed: bool = False  # by the event before
    commands: int = 0  # accepted, the reception first
    seq: int = 0
    head: bytes = b""
    links: list[bytes] = field(default_factory=list)  # the chain's hashes, one for each event
    answered: int = 0  # so many events were told of in answers before this was read: nothing changes them any more
    clocks: dict[tuple[str, int, int], Clock] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    requests: dict[str, int] = field(default_factory=dict)  # request id → version it made
    stages: list[str] = field(default_factory=list)  # by version: the stage in which that command was accepted
    holders: list[tuple[str | None, str | None]] = field(default_factory=list)  # by version: assignee, receiver

    @property
    def over(self) -> bool:
        return self.stage == X

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
            self.stages.append(self.stage)
            self.holders.append((self.assignee, self.receiver))
            if event.get("request_id"):
                self.requests[event["request_id"]] = self.commands
        self.kinds.append(kind)
        self._move(kind, event["actor"], said)
        if kind == "clock_started":
            self._starts(_key(said))
        elif kind in SAYS:
            self._says(kind, _key(said), said)
        elif kind == "clock_stopped":
            must(self.clocks[_key(said)].running, f"{self.order_id}: {_key(said)} was stopped twice")
            self.clocks[_key(said)].running = False

    def _move(self, kind: str, actor: str, said: dict[str, Any]) -> None:
        """Move the case on, or find that it can't."""
        if kind == "received":
            must(not self.stage, f"{self.order_id}: received twice")
            self.stage = I
        elif kind in {"responded", "first_contact_changed"}:
            self.first_contact, self.stage = said["first_contact"], R if self.stage == I else self.stage
        elif kind == "feedback_given" and said["kind"] == "result":
            must(self.stage == F, f"{self.order_id}: a result was told in {self.stage}")
            self.stage = B
        elif kind in MOVES:
            froms, to = MOVES[kind]
            must(self.stage in froms, f"{self.order_id}: {kind} in {self.stage}")
            self.stage = to
        self._looks(kind, actor, said)
        if kind in HANDS:
            self._hands(kind, actor, said)
        elif kind in {"handling_completed", "reopened"}:
            self.receiver, self.assignee = None, self.assignee if kind == "handling_completed" else None
            self.handlers |= {actor} if kind == "handling_completed" else set()
        elif kind == "callback_recorded" and said["role"] != "resident":
            must(actor not in self.handlers, f"{self.order_id}: {actor} called back about his own work")

    def _hands(self, kind: str, actor: str, said: dict[str, Any]) -> None:
        """Follow an order from hand to hand: whoever hands it on keeps it until it is taken (DSP-08)."""
        must(self.stage in (D, H), f"{self.order_id}: {kind} in {self.stage}")
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

    def _starts(self, key: tuple[str, int, int]) -> None:
        must(key not in self.clocks, f"{self.order_id}: {key} was started twice")
        name = key[0]
        running = [known for known, clock in self.clocks.items() if known[0] == name and clock.running]
        must(name == "promise" or not running, f"{self.order_id}: {key} was started beside {running}")
        self.clocks[key] = Clock()

    def _says(self, kind: str, key: tuple[str, int, int], said: dict[str, Any]) -> None:
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
            must(
                said["level"] == clock.levels + 1, f"{self.order_id}: {key} level {said['level']} after {clock.levels}"
            )
            must(clock.breached or _early(said), f"{self.order_id}: {key} escalated before its breach")
            clock.levels += 1

    def row_is(self, row: Any) -> None:
        """Compare with the row that the lists and boards show."""
        mine = (self.stage, self.seq, self.commands, self.head.hex())
        shown = (row.stage, row.seq, row.version, row.head)
        must(mine == shown, f"{self.order_id}: the row says {shown}, its events {mine}")

    def accepted(self, command: str, actor: str, roles: tuple[str, ...], request_id: str, version: int) -> None:
        """Judge an accepted command: it happened once, where it fits, by somebody who may."""
        told = f"{self.order_id}: {command} by {actor} was accepted"
        must(self.requests.get(request_id) == version, f"{told} as version {version}, and did not happen as that")
        stage, (holder, receiver) = self.stages[version - 1], self.holders[version - 1]
        must(stage in FITS[command], f"{told} in {stage}")
        if command in OF_THE_ASSIGNEE and not (command in SUPERVISED and _leads(roles)):
            takes = {holder, receiver} if command in OF_RECEIVERS else {holder}
            must(actor in takes, f"{told} while {holder} had it")

    def refused(self, command: str, request_id: str) -> None:
        """A refused command has not happened."""
        must(request_id not in self.requests, f"{self.order_id}: {command} was refused and happened")

    def answered_or_owed(self) -> None:
        """Every case that was received ends in an answer or is somebody's duty now (CBK-11)."""
        if self.over:
            must(ANSWERS & set(self.kinds), f"{self.order_id}: closed without a word to the owner")
        else:
            must(self.running(), f"{self.order_id}: open in {self.stage}, and nobody owes anything")


def _key(said: dict[str, Any]) -> tuple[str, int, int]:
    return said["clock"], said["generation"], said["turn"]


def _first(order_id: str) -> bytes:
    """The head of a chain that has no event yet (specs, privacy and audit, B1)."""
    return hashlib.sha256(b"huiyin-order-chain-v1\n" + order_id.encode()).digest()


def _early(said: dict[str, Any]) -> bool:
    """The third urge within a day fires the first level without a breach (INT-18)."""
    return bool(said["level"] == 1 and said.get("because") == "urged")


def _leads(roles: tuple[str, ...]) -> bool:
    return any("lead" in role or "supervisor" in role or "manager" in role for role in roles)
