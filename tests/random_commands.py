"""What somebody says to a case, drawn with dice: what is usual as it stands, or anything at all."""

from collections.abc import Mapping
from random import Random
from typing import Any

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
from operator_model import Case
from operator_tables import FITS, OF_PARENTS_ALONE, OF_THE_ASSIGNEE, RULES_ALONE

from starter.actor import Actor, usr

HANDYMAN = Actor(usr("S13"), ("handyman",))
MORE_HANDS = 3
"""Handymen beside him who take orders out of his pool (`house.more_hands`)."""
HANDS = {f"hand_{number}": Actor(usr(f"H{number:02}"), ("handyman",)) for number in range(MORE_HANDS)}
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
    "handyman": HANDYMAN,
    **HANDS,
}
POOL = ("handyman", *HANDS, "plumber")
"""Who tries to take what is in the pool; the plumber can't."""
OUTAGE, POOLED = "WATER_OUTAGE", "GENERAL_REPAIR"
CATEGORIES = (
    "WATER_LEAK",
    "LIGHTING",
    "WALL_LEAK",
    "STAFF_ATTITUDE",
    "ADVICE",
    "PRAISE",
    "LIFT_TRAPPED",
    OUTAGE,
    POOLED,
)
WORDS = f"{CANARY}:查看过了,抱歉让您久等"
MISFITS, SENSIBLE, TOLD, LOW, SURE, RATHER, SELDOM = 0.15, 0.65, 0.3, 2, 0.7, 0.2, 0.08


def given(command: str, who: str, **said: Any) -> dict[str, Any]:
    return {"command": command, "who": who, "said": said}


def named(actor_id: str | None, otherwise: str) -> str:
    """Name the actor who is somebody in a case."""
    return next((name for name, actor in ACTORS.items() if actor.id == actor_id), otherwise)


def usual(case: Case, known: Mapping[str, Case], dice: Random) -> dict[str, Any]:
    """What somebody sensible does next with a case; first whoever was told of a breach says so."""
    climbed = [name for (name, _, _), one in case.clocks.items() if one.levels and one.running]
    climbed += [name for name, _, _ in case.kin.levels]
    if climbed and dice.random() < TOLD:
        return given("acknowledge", dice.choice(["supervisor", "manager", "engineering_lead"]), clock=climbed[-1])
    if case.pieces.open and dice.random() < TOLD:
        number = case.pieces.open[0]
        who = named(case.pieces.given[number].who, "manager")
        return given("complete_assignment", who, number=number, words=WORDS)
    if case.assignee and case.stage in {"dispatch", "handling"} and dice.random() < MISFITS:
        return _aside(case, dice)
    return _with_others(case, known, dice) or _alone(case, dice)


def _aside(case: Case, dice: Random) -> dict[str, Any]:
    """What may come in between while somebody has a case: others get it, or a piece of it."""
    mine, to = named(case.assignee, "plumber"), dice.choice([PLUMBER.id, OTHER_PLUMBER.id, CREW.id])
    after = {"after": dice.choice(list(case.pieces.given))} if case.pieces.given and dice.random() < SURE else {}
    return dice.choice(
        [
            given("transfer", mine, assignee=to, reason=WORDS),
            given("return", named(case.receiver, mine), return_reason="lacks_skill", reason=WORDS),
            given("add_assignment", "operator", assignee=to, words=WORDS, **after),
            given("add_assignment", "operator", assignee=to, words=WORDS),
            given("cancel_assignment", "operator", number=dice.choice([*case.pieces.open, 1]), reason=WORDS),
        ]
    )


def _with_others(case: Case, known: Mapping[str, Case], dice: Random) -> dict[str, Any] | None:
    """What is usual with what belongs to other cases, or may; None = what is usual with any."""
    if case.kin.parent:
        return _incident(case, dice)
    if case.kin.merged is not None and case.stage in {"registration", "dispatch", "handling"}:
        urged, noted = given("urge", "owner", by="phone", words=WORDS), given("note", "operator", words=WORDS)
        return dice.choice([urged, noted, noted, given("unmerge", "operator")])
    if case.kin.absorbed and not case.over and dice.random() < SELDOM:
        return given("withdraw", "owner", by="phone", reason=WORDS)
    if case.kin.incident is not None and dice.random() < SELDOM:
        return given("detach_from_incident", "operator", reason=WORDS)
    incidents = [key for key, one in known.items() if one.kin.parent and not one.over and one.category == case.category]
    if incidents and case.kin.incident is None and dice.random() < RATHER:
        return given("attach_to_incident", "operator", incident=f"order {dice.choice(incidents)}")
    return None


def _incident(case: Case, dice: Random) -> dict[str, Any] | None:
    """What is usual with an incident, and what may come in between; its work is done as any."""
    news = {"by": "sms", "found": WORDS, "words": WORDS}
    result = given("give_mass_notice", "operator", kind="result", **news)
    progress = given("give_mass_notice", "operator", kind="progress", **news)
    once = {"intake": given("confirm_incident", "operator"), "feedback": result}
    odd = {"intake": given("dismiss_incident", "operator", reason=WORDS), "dispatch": progress, "handling": progress}
    over = given("note", "manager", words=WORDS) if case.over else None
    return (odd if dice.random() < MISFITS else once).get(case.stage, over)


def _alone(case: Case, dice: Random) -> dict[str, Any]:
    """What is usual with a case by itself."""
    mine, first = named(case.receiver or case.assignee, "plumber"), named(case.first_contact, "operator")
    to = dice.choice(["plumber", "plumber", "other_plumber", "crew"])
    offer = given("dispatch", "operator", team="engineering", assignee=ACTORS[to].id)
    done = given("complete_handling", mine, found=WORDS, measure=WORDS, words=WORDS, photos=True)
    restated = given("clarify", "operator", words=WORDS, by="phone")
    went = given("arrive", mine)
    arrived = "arrived" in case.kinds and dice.random() < SURE
    checked = given("check_contractor_work", "manager", passed=dice.random() < SURE, reason=WORDS)
    score = dice.choice([1, 2, 4, 5])
    scores = dict.fromkeys(("attitude", "timeliness", "quality"), score)
    called = given("record_callback", dice.choice(["caller", "manager"]), resolved=score > LOW, **scores, words=WORDS)
    steps = {
        "intake": [given("respond", dice.choice(["operator", "steward"]))],
        "registration": [restated, restated, given("register", "operator")],
        "dispatch": [given("accept", mine)] if case.assignee else [offer, restated],
        "handling": [
            given("accept", mine) if case.receiver else checked if case.claimed else done if arrived else went
        ],
        "feedback": [given("give_feedback", "operator", kind="result", by="phone", found=WORDS, words=WORDS)],
        "callback": [called, called, given("countersign", first), given("record_attempt", "caller")],
        "closed": [
            given("reopen", "owner", reason=WORDS),
            given("complete_recovery", "manager", apology=WORDS, visit=WORDS, remedy=WORDS),
        ],
    }
    return dice.choice(steps[case.stage])


def anything(command: str, case: Case, known: Mapping[str, Case], dice: Random) -> dict[str, Any]:
    """Return what a command may say; often it does not fit the case."""
    soon, later = f"in {dice.choice([600, 7200])}", f"in {dice.choice([90_000, 260_000])}"
    scores = {name: dice.choice([1, 3, 5, 5, 9]) for name in ("attitude", "timeliness", "quality")}
    clock = dice.choice([name for name, _, _ in case.clocks] or ["response"])
    other = f"order {dice.choice(list(known))}"
    parents = [key for key, one in known.items() if one.kin.parent]
    incident = f"order {dice.choice(parents)}" if parents and dice.random() < SURE else other
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
        "transfer": {"assignee": dice.choice([OTHER_PLUMBER.id, PLUMBER.id, CREW.id]), "reason": WORDS},
        "add_assignment": {"assignee": dice.choice([OTHER_PLUMBER.id, PLUMBER.id, CREW.id]), "words": WORDS}
        | dice.choice([{}, {}, {"after": 1}]),
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
        "unmerge": {},
        "confirm_incident": {"words": WORDS},
        "dismiss_incident": {"reason": WORDS},
        "attach_to_incident": {"incident": incident},
        "detach_from_incident": {"reason": WORDS},
        "give_mass_notice": {"kind": dice.choice(["progress", "plan", "result"]), "by": "sms", "words": WORDS},
        "absorb": {"duplicate": other, "received_at": "in -600", "reporter": "sub_nobody"},
        "solve_together": {"leader": other, "handlers": []},
        "acknowledge": {"clock": clock},
        "excuse": {"clock": clock, "reason": WORDS},
        "reclock": {"reason": WORDS, "category": dice.choice(CATEGORIES)},
        "name_arrears_cause": {"cause": dice.choice(["hardship", "dissatisfaction"])},
        "verify": {"words": WORDS},
        "note": {"words": WORDS},
    }
    return says.get(command, {})


RARE = {"withdraw", "classify", *RULES_ALONE}
"""Commands that would end too many lives, or turn them into something else, if they came as often as others."""
LIKELY = ("operator", "plumber", "manager", "project_manager", "supervisor", "owner")


def wild(case: Case, known: Mapping[str, Case], dice: Random) -> dict[str, Any]:
    """Return any command by anybody; now and then with a version that never was, or a field that is none."""
    fitting = [name for name, stages in FITS.items() if case.stage in stages or dice.random() < MISFITS]
    fitting = [name for name in fitting if case.kin.parent or name not in OF_PARENTS_ALONE or dice.random() < MISFITS]
    fitting = [name for name in fitting if name != "merge"]  # a door of its own gives it
    command = dice.choice([name for name in fitting if name not in RARE or dice.random() < MISFITS])
    who = dice.choice(LIKELY if dice.random() < SURE else list(ACTORS))
    if command in OF_THE_ASSIGNEE and dice.random() < SURE:
        who = named(case.assignee, who)
    if who == "rule" and command in RULES_ALONE:
        who = "operator"
    one = given(command, who, **anything(command, case, known, dice))
    odd = dice.random()
    if odd < 0.06:
        one["said"]["expected_version"] = 99
    elif odd < 0.1:
        one["said"]["nonsense"] = WORDS
    return one
