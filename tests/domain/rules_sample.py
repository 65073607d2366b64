"""Orders, terms and commands for the tests of the rulebook: the sample community's terms, and short ways to act."""

import json
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain import events as e
from domain.commands import Envelope, read
from domain.decide import decide, tick
from domain.evolve import born, evolve
from domain.intake.reception import Reception, receive
from domain.order import WorkOrder
from domain.refusals import Refused
from domain.settings.catalogue import resolve
from domain.settings.reading import parse
from domain.terms import CalendarRow, ClockRow, LadderRow, Level, Terms
from domain.vocabulary import ClockName, Role

SHANGHAI = ZoneInfo("Asia/Shanghai")
SAMPLE = Path(__file__).parents[2] / "examples" / "community.toml"

OPERATOR, STEWARD, SERVICE, PROJECT = "usr_S06", "usr_S03", "usr_S02", "usr_S01"
DUTY, LEAD, CALLER, PLUMBER, OTHER = "usr_S07", "usr_S08", "usr_S22", "usr_S09", "usr_S12"
RESIDENT = "resident:sub_R02"

POSITIONS = {
    OPERATOR: ("dispatch_operator",),
    STEWARD: ("building_steward",),
    SERVICE: ("service_manager",),
    PROJECT: ("project_manager",),
    DUTY: ("duty_supervisor",),
    LEAD: ("engineering_lead",),
    CALLER: ("callback_officer",),
    PLUMBER: ("engineer",),
    OTHER: ("engineer",),
    RESIDENT: ("resident",),
    "system": ("rule",),
}

WORDS = {"id": "txt_1", "digest": "d1"}
OF_A_CHILD = {"child": "wo_1", "breached_at": "2026-07-08T02:15:00Z", "seq": 4, "terms_digest": ""}
SAID = {
    "respond": {},
    "change_first_contact": {"first_contact": STEWARD, "reason": WORDS},
    "clarify": {"words": WORDS, "by": "phone"},
    "register": {},
    "dispatch": {"team": "engineering", "assignee": PLUMBER},
    "grab": {"team": "engineering"},
    "accept": {},
    "return": {"return_reason": "wrong_team", "reason": WORDS},
    "transfer": {"assignee": OTHER, "reason": WORDS},
    "add_assignment": {"assignee": OTHER, "words": WORDS},
    "complete_assignment": {"number": 1, "words": WORDS},
    "cancel_assignment": {"number": 1, "reason": WORDS},
    "promise": {"window_start_at": "2027-01-01T00:00:00Z", "window_end_at": "2027-01-01T04:00:00Z"},
    "arrive": {},
    "quote": {"materials": [{"words": WORDS, "quantity": "2", "unit_price": "35.00"}], "labour": "50.00"},
    "agree_to_price": {"by": "phone"},
    "decline_price": {"by": "phone", "reason": WORDS},
    "flag_conflict": {"words": WORDS},
    "record_conflict_step": {"step": "calm", "words": WORDS},
    "record_mediation": {
        "bodies": ["community_committee", "chosen_owners"],
        "held_at": "2026-07-01T02:00:00Z",
        "place": WORDS,
        "outcome": WORDS,
        "next_step": WORDS,
        "consent": True,
    },
    "give_plan": {"measures": [{"person": "usr_S09", "on": "2026-07-10", "words": WORDS}]},
    "complete_rectification": {"words": WORDS},
    "sign_off": {"by": "phone"},
    "refuse_sign_off": {"by": "phone", "reason": WORDS},
    "suspend": {"pause_reason": "waiting_parts", "expected_end_at": "2026-07-08T04:00:00Z"},
    "resume": {},
    "request_suspension": {"pause_reason": "waiting_parts", "expected_end_at": "2026-07-13T04:00:00Z"},
    "approve_suspension": {},
    "refuse_suspension": {"reason": WORDS},
    "assign_responsibility": {"shares": [{"party": "developer", "percent": 100, "words": WORDS}]},
    "complete_handling": {"found": WORDS, "measure": WORDS, "words": WORDS},
    "check_contractor_work": {"passed": True},
    "give_feedback": {"kind": "progress", "by": "phone", "found": WORDS, "words": WORDS},
    "countersign": {},
    "record_callback": {"resolved": True, "attitude": 5, "timeliness": 4, "quality": 5},
    "record_attempt": {},
    "open_recovery": {},
    "complete_recovery": {"apology": WORDS, "visit": WORDS, "remedy": WORDS},
    "reopen": {"reason": WORDS},
    "urge": {"by": "phone"},
    "withdraw": {"by": "phone", "reason": WORDS},
    "merge": {"survivor": "wo_8"},
    "absorb": {"duplicate": "wo_7", "received_at": "2026-07-08T01:50:00Z", "reporter": "sub_R07"},
    "unmerge": {},
    "confirm_incident": {},
    "dismiss_incident": {"reason": WORDS},
    "attach_to_incident": {"incident": "wo_9"},
    "detach_from_incident": {"reason": WORDS},
    "give_mass_notice": {"kind": "progress", "by": "sms", "words": WORDS},
    "solve_together": {"leader": "wo_9", "handlers": ["usr_S09"]},
    "end_incident": {},
    "report_children": {
        "clocks": [{"clock": "response", "generation": 1, "turn": 1, **OF_A_CHILD}],
    },
    "acknowledge": {"clock": "response"},
    "excuse": {"clock": "response", "reason": WORDS},
    "name_arrears_cause": {"cause": "dissatisfaction"},
    "verify": {"words": WORDS},
    "note": {"words": WORDS},
}
"""A payload for each command; classifications need terms, see `classification`."""


def at(text):
    """Read `2026-10-01 23:50` or `10-01 23:50` (2026); Shanghai unless an offset is written."""
    instant = datetime.fromisoformat(text if text[4] == "-" else f"2026-{text}")
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)


def minutes(count):
    return timedelta(minutes=count)


@cache
def sample(demands=()):
    """Read the sample community with the demands a test is about; the others are about clocks and stages."""
    return parse(SAMPLE.read_text()).model_copy(update={"demands": demands})


@cache
def terms(category="WATER_LEAK", on=date(2026, 7, 1), demands=(), **decided):
    return resolve(sample(demands), community="jinxiu", category=category, on=on, **decided)


def small_terms(**changes):
    """Terms written by hand, which no edit of the sample can change: one clock, one ladder, one calendar."""
    fields = {
        "policy": "major",
        "version": "2026.1",
        "category": "WATER_LEAK",
        "kind": "repair",
        "severity": "major",
        "calendars": (CalendarRow("always", "v1", "Asia/Shanghai"),),
        "ladders": (LadderRow("fast", 0, (Level(0, Role.DUTY_SUPERVISOR, 300), Level(900, Role.SERVICE_MANAGER))),),
        "clocks": (ClockRow(ClockName.RESPONSE, "15m", 0, 0, Role.DISPATCH_OPERATOR, warn=(50, 80), source="policy"),),
    }
    return Terms(**{**fields, **changes}).pinned()


def reception(received_at, pinned=None, **changes):
    pinned = pinned or terms(on=received_at.astimezone(SHANGHAI).date())
    fields = {
        "order_id": "wo_01",
        "community": "jinxiu",
        "kind": pinned.kind,
        "category": pinned.category,
        "severity": pinned.severity,
        "channel": "phone",
        "received_at": received_at,
        "actor": OPERATOR,
        "role": "dispatch_operator",
        "request_id": "req_1",
        "reporter": "sub_R02",
        "recorder": OPERATOR,
        "building": "JX03",
        "words": {"id": "txt_0", "digest": "d0"},
        "terms": pinned,
    }
    return Reception(**{**fields, **changes})


def envelope(command, actor, said=None, **changes):
    fields = {
        "command": command,
        "actor": actor,
        "roles": POSITIONS.get(actor, ()),
        "channel": "phone",
        "request_id": "req_2",
        "key": "key_2",
        "payload": SAID.get(command, {}) if said is None else said,
    }
    return Envelope(**{**fields, **changes})


def act(order, now, command, actor, said=None, **changes):
    """Decide one command; `said` replaces the sample payload."""
    return decide(order, read(envelope(command, actor, said, **changes)), now)


def classification(pinned, **changes):
    """Payload of a classification with these terms, as JSON has it."""
    same = {"category": pinned.category, "kind": pinned.kind.value, "severity": pinned.severity.value}
    return {**same, "terms_digest": pinned.digest, "terms": pinned.model_dump(mode="json"), **changes}


class Case:
    """One order and everything that was recorded of it, in order."""

    def __init__(self, received, now=None, pinned=None, **changes):
        self.recorded = []
        self.order, events = receive(reception(at(received), pinned, **changes), at(now or received))
        self._keep(events, at(now or received))

    def act(self, now, command, actor, said=None, **changes):
        """Carry out a command at a time; answer its events."""
        instant = at(now) if isinstance(now, str) else now
        self.order, events = act(self.order, instant, command, actor, said, **changes)
        return self._keep(events, instant)

    def tick(self, now):
        instant = at(now) if isinstance(now, str) else now
        self.order, events = tick(self.order, instant)
        return self._keep(events, instant)

    def due(self, clock, generation=None):
        """Due instant of the latest clock of a name, running or not."""
        return self.order.due(self.clock(clock, generation))

    def clock(self, name, generation=None):
        wanted = generation or self.order.generation
        return [c for c in self.order.clocks if c.name == name and c.generation == wanted][-1]

    def told(self, kind, clock=None):
        """Events of a kind, of one clock if named."""
        found = [event for event, _ in self.recorded if type(event) is kind]
        return [event for event in found if clock is None or event.clock == clock]

    def bodies(self):
        """Return the canonical bytes of every event, as the process seals them."""
        return [
            e.body_of(event, order_id="wo_01", seq=seq, recorded_at=recorded_at, context={"run_id": "run_1"})
            for seq, (event, recorded_at) in enumerate(self.recorded, 1)
        ]

    def _keep(self, events, now):
        self.recorded += [(event, now) for event in events]
        return events


def refused(case, *what, **changes):
    """Give a command that must be refused and change nothing; answer its code."""
    before = case.order
    with pytest.raises(Refused) as refusal:
        case.act(*what, **changes)
    assert case.order is before
    return refusal.value.code


def outcomes(case, name):
    return [clock.outcome for clock in case.order.clocks if clock.name == name]


def window(start, end, act="arrive"):
    """Payload of a promise."""
    return {"act": act, "window_start_at": at(start).isoformat(), "window_end_at": at(end).isoformat()}


def refolded(bodies, shelf):
    """Rebuild an order from its stored bytes alone and the terms they name (AUD-01)."""
    order: WorkOrder | None = None
    for body in bodies:
        stored = json.loads(body)
        event = e.read_event(stored, shelf)
        recorded_at = datetime.fromisoformat(stored.get("recorded_at", stored["at"]))
        order = evolve(order, event, recorded_at) if order else born(event, stored["order_id"], recorded_at)
    return order


STEPS = (
    ("registration", "respond", OPERATOR, None),
    ("dispatch", "register", OPERATOR, None),
    ("offered", "dispatch", OPERATOR, None),
    ("handling", "accept", PLUMBER, None),
    ("feedback", "complete_handling", PLUMBER, None),
    ("callback", "give_feedback", OPERATOR, {"kind": "result", "by": "phone", "found": WORDS, "words": WORDS}),
    ("closed", "record_callback", CALLER, None),
)
"""The straight way through the stages; `offered` is stage dispatch with an assignee who has not accepted yet."""

BAD_CALL = {"resolved": False, "attitude": 4, "timeliness": 4, "quality": 4}


def brought_to(state, received="07-08 10:00", pinned=None, **changes):
    """A case in a state: one of STEPS, `intake`, `transferred` (by a ladder), `handed_on` or `reopened` (bad call)."""
    case = Case(received, pinned=pinned, **changes)
    upto = {"intake": 0, "transferred": 4, "handed_on": 4, "reopened": 6}.get(state)
    names = [name for name, *_ in STEPS]
    for number, (_, *what) in enumerate(STEPS[: names.index(state) + 1 if upto is None else upto], 1):
        case.act(at(received) + minutes(number), *what)
    if state == "transferred":
        case.act(at(received) + minutes(8), "transfer", "system")
    if state == "handed_on":
        case.act(at(received) + minutes(8), "transfer", PLUMBER)
    if state == "reopened":
        case.act(at(received) + minutes(8), "record_callback", CALLER, BAD_CALL)
    return case
