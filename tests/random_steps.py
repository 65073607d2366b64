"""What a random operator does next: steps drawn with dice, valid and not, each written so that it can be done again.

A step is a plain tuple of JSON values, so a run can be printed, cut down and repeated. A case is named by the hand that
received it and its number there (`2.5`); `in 3600` as a value stands for an instant an hour from the case's own now.
"""

import json
from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

from evidence import CANARY
from house import (
    CALLER,
    CREW,
    ENGINEERING_LEAD,
    MANAGER,
    OPERATOR,
    OTHER_PLUMBER,
    OWNER,
    PLUMBER,
    PROJECT_MANAGER,
    RULE,
    STEWARD,
    SUPERVISOR,
)
from operator_model import FITS, Case

ACTORS = {
    "operator": OPERATOR,
    "plumber": PLUMBER,
    "other_plumber": OTHER_PLUMBER,
    "crew": CREW,
    "caller": CALLER,
    "engineering_lead": ENGINEERING_LEAD,
    "steward": STEWARD,
    "manager": MANAGER,
    "project_manager": PROJECT_MANAGER,
    "supervisor": SUPERVISOR,
    "owner": OWNER,
    "rule": RULE,
}
WORDS = f"{CANARY}:查看过了,抱歉让您久等"
CATEGORIES = ("WATER_LEAK", "WATER_LEAK", "LIGHTING", "WALL_LEAK", "STAFF_ATTITUDE", "ADVICE", "PRAISE", "LIFT_TRAPPED")
SPANS = (30, 300, 900, 901, 3600, 8 * 3600, 86_400, 3 * 86_400, 31 * 86_400)
"""Seconds by which a case's clock is moved: short of a limit, to it, past it, past everything."""
MOST_CASES = 8
SURE, MISFITS, SENSIBLE, TOLD, LOW = 0.7, 0.15, 0.65, 0.3, 2


class Step(NamedTuple):
    """One step: what is done, to which case, and with what."""

    do: str  # receive | give | skip | kill | together
    case: str = ""
    what: Any = None

    def __str__(self) -> str:
        return json.dumps(self, ensure_ascii=False)


def given(command: str, who: str, **said: Any) -> dict[str, Any]:
    return {"command": command, "who": who, "said": said}


def named(actor_id: str | None, otherwise: str) -> str:
    """Name the actor who is somebody in a case."""
    return next((name for name, actor in ACTORS.items() if actor.id == actor_id), otherwise)


def usual(case: Case, dice: Random) -> dict[str, Any]:
    """What somebody sensible does next with a case; first whoever was told of a breach says so."""
    climbed = [name for (name, _, _), one in case.clocks.items() if one.levels and one.running]
    if climbed and dice.random() < TOLD:
        return given("acknowledge", dice.choice(["supervisor", "manager", "engineering_lead"]), clock=climbed[-1])
    mine, first = named(case.receiver or case.assignee, "plumber"), named(case.first_contact, "operator")
    to = dice.choice(["plumber", "plumber", "other_plumber", "crew"])
    offer = given("dispatch", "operator", team="engineering", assignee=ACTORS[to].id)
    done = given("complete_handling", mine, found=WORDS, measure=WORDS, words=WORDS, photos=True)
    restated = given("clarify", "operator", words=WORDS, by="phone")
    arrived = "arrived" in case.kinds and dice.random() < SURE
    checked = given("check_contractor_work", "manager", passed=dice.random() < SURE, reason=WORDS)
    score = dice.choice([1, 2, 4, 5])
    scores = dict.fromkeys(("attitude", "timeliness", "quality"), score)
    called = given("record_callback", dice.choice(["caller", "manager"]), resolved=score > LOW, **scores, words=WORDS)
    steps = {
        "intake": [given("respond", dice.choice(["operator", "steward"]))],
        "registration": [restated, restated, given("register", "operator")],
        "dispatch": [given("accept", mine)] if case.assignee else [offer, restated],
        "handling": [checked if case.claimed else done if arrived else given("arrive", mine)],
        "feedback": [given("give_feedback", "operator", kind="result", by="phone", found=WORDS, words=WORDS)],
        "callback": [called, called, given("countersign", first), given("record_attempt", "caller")],
        "closed": [
            given("reopen", "owner", reason=WORDS),
            given("complete_recovery", "manager", apology=WORDS, visit=WORDS, remedy=WORDS),
        ],
    }
    return dice.choice(steps[case.stage])


def anything(command: str, case: Case, dice: Random) -> dict[str, Any]:
    """Return what a command may say; often it does not fit the case."""
    soon, later = f"in {dice.choice([600, 7200])}", f"in {dice.choice([90_000, 260_000])}"
    scores = {name: dice.choice([1, 3, 5, 5, 9]) for name in ("attitude", "timeliness", "quality")}
    clock = dice.choice([name for name, _, _ in case.clocks])
    share = dice.choice([40, 60, 100])
    window = {"window_start_at": soon, "window_end_at": later}
    pause = {"pause_reason": dice.choice(["waiting_parts", "weather", "no_such"]), "expected_end_at": later}
    told = {"kind": dice.choice(["progress", "plan", "result", "out_of_scope"]), "by": dice.choice(["phone", "visit"])}
    says: dict[str, dict[str, Any]] = {
        "respond": {},
        "change_first_contact": {"first_contact": PLUMBER.id, "reason": WORDS},
        "clarify": {"skipped": "unreachable", "reason": WORDS},
        "register": {"words": WORDS},
        "classify": {"category": dice.choice(CATEGORIES)},
        "reclassify": {"category": dice.choice(CATEGORIES), "reason": WORDS},
        "dispatch": {"team": "engineering", "assignee": dice.choice([PLUMBER.id, OTHER_PLUMBER.id, "usr_nobody"])},
        "return": {"return_reason": dice.choice(["lacks_skill", "no_such"]), "reason": WORDS},
        "grab": {},
        "transfer": {"assignee": OTHER_PLUMBER.id, "reason": WORDS},
        "add_assignment": {"assignee": OTHER_PLUMBER.id, "words": WORDS},
        "complete_assignment": {"number": dice.choice([1, 2]), "words": WORDS},
        "cancel_assignment": {"number": dice.choice([1, 2]), "reason": WORDS},
        "promise": {"act": dice.choice(["arrive", "give_feedback"]), **window},
        "quote": {"labour": dice.choice(["0.00", "80.00"])},
        "agree_to_price": {"by": "phone"},
        "decline_price": {"by": "phone", "reason": WORDS},
        "flag_conflict": {"words": WORDS},
        "record_conflict_step": {"step": dice.choice(["calm", "clarify", "solve"]), "words": WORDS, **window},
        "record_mediation": {"bodies": ["police"], "held_at": "in -60", "place": WORDS, "outcome": WORDS}
        | {"next_step": WORDS, "consent": dice.random() < 0.7},
        "give_plan": {"on": dice.choice(["2026-01-01", "2099-12-31"]), "words": WORDS},
        "complete_rectification": {"words": WORDS},
        "sign_off": {"by": "phone"},
        "refuse_sign_off": {"by": "phone", "reason": WORDS},
        "suspend": pause,
        "request_suspension": pause,
        "refuse_suspension": {"reason": WORDS},
        "assign_responsibility": {"shares": [{"party": "owner", "percent": share, "words": WORDS}]},
        "complete_handling": {"found": WORDS, "measure": WORDS, "words": WORDS},
        "check_contractor_work": {"passed": dice.random() < 0.7, "reason": WORDS},
        "give_feedback": {**told, "found": WORDS, "words": WORDS},
        "record_callback": {"resolved": dice.random() < 0.7, **scores, "words": WORDS},
        "open_recovery": {"words": WORDS},
        "complete_recovery": {"apology": WORDS, "visit": WORDS, "remedy": WORDS},
        "reopen": {"reason": WORDS},
        "urge": {"by": "phone", "words": WORDS},
        "withdraw": {"by": "phone", "reason": WORDS},
        "acknowledge": {"clock": clock},
        "excuse": {"clock": clock, "reason": WORDS},
        "reclock": {"reason": WORDS, "category": dice.choice(CATEGORIES)},
        "name_arrears_cause": {"cause": dice.choice(["hardship", "dissatisfaction"])},
        "verify": {"words": WORDS},
        "note": {"words": WORDS},
    }
    return says.get(command, {})


RARE = {"withdraw", "classify"}
"""Commands that would end too many lives, or turn them into something else, if they came as often as others."""
LIKELY = ("operator", "plumber", "manager", "project_manager", "supervisor", "owner")


def wild(case: Case, dice: Random) -> dict[str, Any]:
    """Return any command by anybody; now and then with a version that never was, or a field that is none."""
    fitting = [name for name, stages in FITS.items() if case.stage in stages or dice.random() < MISFITS]
    command = dice.choice([name for name in fitting if name not in RARE or dice.random() < MISFITS])
    who = dice.choice(LIKELY if dice.random() < SURE else list(ACTORS))
    one = given(command, who, **anything(command, case, dice))
    odd = dice.random()
    if odd < 0.06:
        one["said"]["expected_version"] = 99
    elif odd < 0.1:
        one["said"]["nonsense"] = WORDS
    return one


class Hand:
    """Draws one step after the other; what it draws depends on its seed and on how its cases stand."""

    def __init__(self, seed: str, name: int) -> None:
        self.dice, self.name = Random(f"{seed}/{name}"), name

    def next(self, known: Mapping[str, Case]) -> Step:
        """Draw the next step."""
        dice = self.dice
        cases = {key: case for key, case in known.items() if key.startswith(f"{self.name}.")}
        living = [key for key, case in cases.items() if not case.over]
        roll = dice.random()
        if not cases or (len(living) < MOST_CASES and roll < 0.06):
            return Step("receive", f"{self.name}.{len(cases)}", dice.choice(CATEGORIES))
        if roll < 0.065:
            return Step("kill", what=dice.choice(["worker", "starter.relay"]))
        case = dice.choice(living) if living and dice.random() < 0.93 else dice.choice(list(cases))
        if roll < 0.14:
            return Step("skip", case, dice.choices(SPANS, weights=[6, 6, 4, 4, 3, 2, 2, 1, 1])[0])
        if roll < 0.24:
            many = [dice.choice([case, dice.choice(list(cases))]) for _ in range(dice.randint(2, 4))]
            return Step("together", what=[self._give(cases, one) for one in many])
        return self._give(cases, case)

    def _give(self, cases: Mapping[str, Case], case: str) -> Step:
        sensible = self.dice.random() < SENSIBLE
        return Step("give", case, (usual if sensible else wild)(cases[case], self.dice))
