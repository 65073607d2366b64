"""The tables of the trade: which command fits which stage and role, and which events start and stop which clock."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from domain import events as e
from domain.commands import CommandName as C
from domain.order import WorkOrder
from domain.timekeeping.clocks import Clock
from domain.vocabulary import ArrearsCause, ClockName, FeedbackKind, Role, Stage

Test = Callable[[e.Event], bool]

LIVING = frozenset(Stage) - {Stage.CLOSED}
ANY = frozenset(Stage)

SUPERVISORS = frozenset(
    {
        Role.TEAM_LEAD,
        Role.DUTY_SUPERVISOR,
        Role.ENGINEERING_LEAD,
        Role.SECURITY_LEAD,
        Role.CONTRACTOR_SUPERVISOR,
        Role.SERVICE_MANAGER,
        Role.PROJECT_MANAGER,
    }
)
MANAGERS = frozenset({Role.SERVICE_MANAGER, Role.PROJECT_MANAGER})
OPERATORS = frozenset({Role.DISPATCH_OPERATOR, *SUPERVISORS})
FRONT_DESK = frozenset({*OPERATORS, Role.BUILDING_STEWARD, Role.FIRST_CONTACT})
"""Whoever speaks with owners: also records an owner's wish on his behalf (INT-02)."""
OWNER = frozenset({Role.RESIDENT, *FRONT_DESK})
HANDLER = frozenset({Role.ASSIGNEE})
CHECKERS = frozenset({Role.CONTRACTOR_SUPERVISOR, *MANAGERS})
"""Who looks at a contractor's work: whoever answers for it, and the managers above (HND-12)."""
CREW = frozenset(
    {
        Role.ENGINEER,
        Role.HANDYMAN,
        Role.SECURITY_GUARD,
        Role.GARDENER,
        Role.BUILDING_STEWARD,
        Role.CONTRACTOR_LEAD,
        Role.CONTRACTOR_WORKER,
        Role.DUTY_ENGINEER,
    }
)
"""Whoever does the work; whether he is of the pool the door knows (DSP-05)."""
CALLERS = frozenset({Role.CALLBACK_OFFICER, Role.SERVICE_MANAGER})
SPEAKERS = frozenset({*FRONT_DESK, *HANDLER, *CALLERS})
"""Whoever speaks with the owner in a case."""
READERS = frozenset(Role) - {Role.AUDITOR, Role.COMMITTEE, Role.ADMIN}


class Rule(NamedTuple):
    """In which stages a command fits, and who may give it."""

    stages: frozenset[Stage]
    who: frozenset[Role]


BEFORE_HANDLING = frozenset({Stage.INTAKE, Stage.REGISTRATION, Stage.DISPATCH})
HELD = frozenset({Stage.DISPATCH, Stage.HANDLING})
UNSOLVED = BEFORE_HANDLING | {Stage.HANDLING}
"""The stages out of which solving its incident moves a child (GRP-06)."""

RULEBOOK: Mapping[C, Rule] = {
    C.RESPOND: Rule(LIVING, FRONT_DESK),
    C.CHANGE_FIRST_CONTACT: Rule(LIVING, SUPERVISORS),
    C.CLARIFY: Rule(BEFORE_HANDLING, FRONT_DESK),
    C.REGISTER: Rule(frozenset({Stage.INTAKE, Stage.REGISTRATION}), FRONT_DESK),
    C.CLASSIFY: Rule(BEFORE_HANDLING, OPERATORS),
    C.RECLASSIFY: Rule(LIVING, OPERATORS | {Role.RULE}),
    C.DISPATCH: Rule(frozenset({Stage.DISPATCH}), OPERATORS | {Role.RULE}),
    C.GRAB: Rule(HELD, CREW),  # while handled: too late, and told so
    C.ACCEPT: Rule(HELD, HANDLER),
    C.RETURN: Rule(HELD, HANDLER),
    C.TRANSFER: Rule(HELD, HANDLER | OPERATORS | {Role.RULE}),
    C.ADD_ASSIGNMENT: Rule(HELD, OPERATORS),
    C.COMPLETE_ASSIGNMENT: Rule(HELD, HANDLER | CHECKERS),  # narrowed to whose it is, or who checks a contractor's
    C.CANCEL_ASSIGNMENT: Rule(HELD, OPERATORS),
    C.PROMISE: Rule(LIVING, SPEAKERS),
    C.ARRIVE: Rule(frozenset({Stage.HANDLING}), HANDLER),
    C.QUOTE: Rule(frozenset({Stage.HANDLING}), HANDLER),
    C.AGREE_TO_PRICE: Rule(frozenset({Stage.HANDLING}), OWNER),
    C.DECLINE_PRICE: Rule(frozenset({Stage.HANDLING}), OWNER),
    C.FLAG_CONFLICT: Rule(LIVING, SPEAKERS),
    C.RECORD_CONFLICT_STEP: Rule(LIVING, SPEAKERS),
    C.RECORD_MEDIATION: Rule(LIVING, MANAGERS),
    C.GIVE_PLAN: Rule(LIVING - {Stage.CALLBACK}, HANDLER | SUPERVISORS),
    C.COMPLETE_RECTIFICATION: Rule(frozenset({Stage.HANDLING}), HANDLER | SUPERVISORS),
    C.SIGN_OFF: Rule(frozenset({Stage.HANDLING}), OWNER),
    C.REFUSE_SIGN_OFF: Rule(frozenset({Stage.HANDLING}), OWNER),
    C.SUSPEND: Rule(frozenset({Stage.HANDLING}), HANDLER),
    C.RESUME: Rule(frozenset({Stage.HANDLING}), HANDLER | SUPERVISORS),
    C.REQUEST_SUSPENSION: Rule(frozenset({Stage.HANDLING}), HANDLER),
    C.APPROVE_SUSPENSION: Rule(frozenset({Stage.HANDLING}), SUPERVISORS),  # narrowed to the approver of the reason
    C.REFUSE_SUSPENSION: Rule(frozenset({Stage.HANDLING}), SUPERVISORS),  # the same
    C.ASSIGN_RESPONSIBILITY: Rule(LIVING, MANAGERS),
    C.COMPLETE_HANDLING: Rule(frozenset({Stage.HANDLING}), HANDLER | SUPERVISORS),  # they where photos can't be had
    C.CHECK_CONTRACTOR_WORK: Rule(frozenset({Stage.HANDLING}), CHECKERS),
    C.GIVE_FEEDBACK: Rule(LIVING - {Stage.CALLBACK}, FRONT_DESK),
    C.COUNTERSIGN: Rule(frozenset({Stage.CALLBACK}), frozenset({Role.FIRST_CONTACT})),
    C.RECORD_CALLBACK: Rule(frozenset({Stage.CALLBACK, Stage.CLOSED}), CALLERS | {Role.RESIDENT}),
    C.RECORD_ATTEMPT: Rule(frozenset({Stage.CALLBACK}), CALLERS),
    C.OPEN_RECOVERY: Rule(ANY, MANAGERS | {Role.RULE}),
    C.COMPLETE_RECOVERY: Rule(ANY, MANAGERS),
    C.REOPEN: Rule(frozenset({Stage.CALLBACK, Stage.CLOSED}), OWNER | CALLERS),
    C.URGE: Rule(LIVING, OWNER),
    C.WITHDRAW: Rule(LIVING, OWNER),
    C.MERGE: Rule(LIVING, OPERATORS),
    C.ABSORB: Rule(LIVING, frozenset({Role.RULE})),
    C.UNMERGE: Rule(ANY, OPERATORS | {Role.RULE}),
    C.CONFIRM_INCIDENT: Rule(frozenset({Stage.INTAKE}), OPERATORS),
    C.DISMISS_INCIDENT: Rule(frozenset({Stage.INTAKE, *HELD}), OPERATORS),  # confirmed: with no child, the door looks
    C.ATTACH_TO_INCIDENT: Rule(LIVING, OPERATORS | {Role.RULE}),
    C.DETACH_FROM_INCIDENT: Rule(ANY, OPERATORS | {Role.RULE}),
    C.GIVE_MASS_NOTICE: Rule(LIVING - {Stage.INTAKE}, FRONT_DESK - {Role.FIRST_CONTACT}),
    C.SOLVE_TOGETHER: Rule(ANY, frozenset({Role.RULE})),
    C.END_INCIDENT: Rule(frozenset({Stage.FEEDBACK}), frozenset({Role.RULE})),
    C.REPORT_CHILDREN: Rule(LIVING, frozenset({Role.RULE})),
    C.ACKNOWLEDGE: Rule(ANY, frozenset(Role)),  # narrowed to the addressee of the level
    C.EXCUSE: Rule(ANY, MANAGERS),
    C.RECLOCK: Rule(LIVING, MANAGERS),
    C.NAME_ARREARS_CAUSE: Rule(LIVING, MANAGERS | {Role.BUILDING_STEWARD}),
    C.VERIFY: Rule(ANY, MANAGERS),
    C.NOTE: Rule(ANY, READERS),
}
"""Command × stage × role (SEC-01). A refusal of the stage comes after one of the role."""

STATABLE = frozenset(
    {
        C.RESPOND,
        C.CLARIFY,
        C.PROMISE,
        C.AGREE_TO_PRICE,
        C.DECLINE_PRICE,
        C.FLAG_CONFLICT,
        C.RECORD_CONFLICT_STEP,
        C.GIVE_FEEDBACK,
        C.RECORD_CALLBACK,
        C.RECORD_ATTEMPT,
        C.URGE,
        C.WITHDRAW,
    }
)
"""Commands that report a conversation, whose time may be stated afterwards (CLK-07)."""


class ClockRule(NamedTuple):
    """Which events start a clock, stop it, or make it pointless; and whether a start begins it anew."""

    starts: Test
    stops: Test
    drops: Test
    restarts: bool = False


def on(*kinds: type[e.Event]) -> Test:
    """Match events of some kinds."""
    return lambda event: isinstance(event, kinds)


def told(*kinds: FeedbackKind) -> Test:
    """Match feedback of some kinds."""
    return lambda event: isinstance(event, e.FeedbackGiven) and event.kind in kinds


def either(*tests: Test) -> Test:
    """Match what one of these does."""
    return lambda event: any(test(event) for test in tests)


def solved(event: e.Event) -> bool:
    """Match work that is done by dealing with the one cause of many cases (GRP-06)."""
    return isinstance(event, e.SolvedTogether) and event.moved is True


def taken_back(event: e.Event) -> bool:
    """Match a child whose work was done by its incident's, and is not: it was taken out (GRP-07)."""
    return isinstance(event, e.DetachedFromIncident) and event.back_to is not None


def back_to(stage: Stage) -> Test:
    """Match a child that goes back to a stage when it is taken out."""
    return lambda event: isinstance(event, e.DetachedFromIncident) and event.back_to is stage


LIFE_ENDS = on(e.Reopened, e.Closed)
WORK_DONE = either(on(e.HandlingCompleted), solved)
GIVEN_UP = either(LIFE_ENDS, on(e.Merged))
WORK_ENDS = either(GIVEN_UP, solved)


def offer_ends(event: e.Event) -> bool:
    """Match what makes an acceptance pointless: also that the giver of a transfer did the work himself (DSP-08)."""
    return WORK_ENDS(event) or (isinstance(event, e.HandlingCompleted) and event.receiver is not None)


def given_back(event: e.Event) -> bool:
    """Match an order that is nobody's any more; a transfer that was not taken leaves it with the giver (DSP-08)."""
    return isinstance(event, e.Returned) and event.kept_by is None


def or_back(*kinds: type[e.Event]) -> Test:
    """Match events of some kinds, and an order that was given back."""
    return lambda event: isinstance(event, kinds) or given_back(event)


WAY_BACK = either(given_back, on(e.CompletionReported), WORK_DONE, GIVEN_UP)


def blamed(event: e.Event) -> bool:
    """Match bad service named as the cause of arrears (FEE-04)."""
    return isinstance(event, e.ArrearsCauseNamed) and event.arrears_cause is ArrearsCause.DISSATISFACTION


def plan_wanted(event: e.Event) -> bool:
    """Match what makes a plan due: a category that wants one, bad service named, sign-off refused (CLK-09, HND-07)."""
    terms = event.terms if isinstance(event, e.Received | e.Classified) else None
    required = terms is not None and terms.moving and terms.plan_required
    return required or blamed(event) or isinstance(event, e.SignOffRefused)


RESULT, WORD = told(FeedbackKind.RESULT), told(FeedbackKind.PLAN, FeedbackKind.PROGRESS)
DISPATCHABLE = or_back(e.Registered, e.Reopened, e.IncidentConfirmed)
TAKEN = on(e.Accepted, e.Grabbed)


class Move(NamedTuple):
    """Which events lead an order to a stage, and out of which stages."""

    event: Test
    to: Stage
    leaves: frozenset[Stage] = ANY


MOVES: tuple[Move, ...] = (
    Move(on(e.Responded), Stage.REGISTRATION, frozenset({Stage.INTAKE})),
    Move(on(e.Registered, e.IncidentConfirmed), Stage.DISPATCH),
    Move(TAKEN, Stage.HANDLING),
    Move(or_back(e.Reopened), Stage.DISPATCH),
    Move(WORK_DONE, Stage.FEEDBACK),
    *(Move(back_to(stage), stage, frozenset({Stage.FEEDBACK})) for stage in Stage if stage in UNSOLVED),
    Move(RESULT, Stage.CALLBACK, frozenset({Stage.FEEDBACK})),
    Move(on(e.Closed), Stage.CLOSED),
)
"""How an order comes from stage to stage; every other event leaves it where it is."""


def leads_to(stage: Stage, event: e.Event) -> Stage:
    """Return the stage of an order after an event."""
    return next((move.to for move in MOVES if stage in move.leaves and move.event(event)), stage)


NEVER: Test = on()

CLOCK_RULES: Mapping[ClockName, ClockRule] = {
    ClockName.RESPONSE: ClockRule(on(e.Received), on(e.Responded), LIFE_ENDS),
    ClockName.REGISTER: ClockRule(on(e.Received), on(e.Registered), WORK_ENDS),
    ClockName.FEEDBACK: ClockRule(on(e.Received, e.Reopened), on(e.FeedbackGiven), LIFE_ENDS),
    ClockName.DISPATCH: ClockRule(DISPATCHABLE, on(e.Dispatched, e.Grabbed), WORK_ENDS),
    ClockName.ACCEPT: ClockRule(on(e.Dispatched, e.Transferred), on(e.Accepted, e.Returned), offer_ends, restarts=True),
    ClockName.ARRIVE: ClockRule(TAKEN, on(e.Arrived), WAY_BACK),
    ClockName.HANDLING: ClockRule(TAKEN, WORK_DONE, GIVEN_UP),
    ClockName.NEXT_UPDATE: ClockRule(WORD, on(e.FeedbackGiven), LIFE_ENDS, restarts=True),
    ClockName.RESULT_FEEDBACK: ClockRule(WORK_DONE, RESULT, either(LIFE_ENDS, taken_back)),
    ClockName.CALLBACK: ClockRule(RESULT, on(e.CallbackRecorded, e.CallbackExhausted), LIFE_ENDS),
    ClockName.RECOVERY: ClockRule(on(e.RecoveryOpened), on(e.RecoveryDone), NEVER, restarts=True),
    ClockName.PLAN: ClockRule(plan_wanted, on(e.PlanGiven), LIFE_ENDS),
    ClockName.RECTIFY: ClockRule(on(e.PlanGiven), on(e.RectificationDone), WORK_ENDS, restarts=True),
    ClockName.SIGN_OFF: ClockRule(on(e.RectificationDone), on(e.SignedOff, e.SignOffRefused), WORK_ENDS, restarts=True),
    ClockName.VERIFY: ClockRule(blamed, on(e.Verified), NEVER, restarts=True),
    ClockName.COMPLETION: ClockRule(on(e.Received, e.Reopened), on(e.Closed), on(e.Reopened)),
}
"""Start and stop of the clocks (glossary, section 3). `promise` carries its own end and stop, see `domain.decide`."""

KEEPS_PROMISE: Mapping[str, Test] = {
    "arrive": on(e.Arrived),
    "complete_handling": WORK_DONE,
    "give_feedback": RESULT,
}
"""What keeps a promise, by the act that was promised (CLK-11)."""
DROPS_PROMISE: Mapping[str, Test] = {
    "arrive": WORK_ENDS,  # nobody needs to come any more
    "complete_handling": GIVEN_UP,
    "give_feedback": LIFE_ENDS,
}
"""What makes a promise pointless."""


def ends_of(clock: Clock) -> tuple[Test, Test]:
    """Return what stops a clock and what makes it pointless."""
    if clock.name is ClockName.PROMISE:
        act = clock.act or "arrive"
        return KEEPS_PROMISE[act], DROPS_PROMISE[act]
    rule = CLOCK_RULES[clock.name]
    return rule.stops, rule.drops


RULES_ALONE = frozenset({C.ABSORB, C.SOLVE_TOGETHER, C.END_INCIDENT, C.REPORT_CHILDREN})
"""What no person gives: the relay does, for what other orders tell."""
PARENT_ONLY = frozenset({C.CONFIRM_INCIDENT, C.DISMISS_INCIDENT, C.GIVE_MASS_NOTICE, C.END_INCIDENT, C.REPORT_CHILDREN})
OF_PARENTS = PARENT_ONLY | {
    *(C.CHANGE_FIRST_CONTACT, C.RECLASSIFY, C.DISPATCH, C.ACCEPT, C.RETURN, C.TRANSFER, C.ARRIVE),
    *(C.SUSPEND, C.RESUME, C.REQUEST_SUSPENSION, C.APPROVE_SUSPENSION, C.REFUSE_SUSPENSION, C.COMPLETE_HANDLING),
    *(C.CHECK_CONTRACTOR_WORK, C.ADD_ASSIGNMENT, C.COMPLETE_ASSIGNMENT, C.CANCEL_ASSIGNMENT),
    *(C.OPEN_RECOVERY, C.COMPLETE_RECOVERY, C.ACKNOWLEDGE, C.EXCUSE, C.RECLOCK, C.NOTE),
}
"""What the parent of an incident can be given: the work on the cause. Words to owners are its children's (GRP-05)."""
CLOCKS_OF_PARENTS = frozenset(
    {ClockName.DISPATCH, ClockName.ACCEPT, ClockName.ARRIVE, ClockName.HANDLING, ClockName.RECOVERY}
)
"""Its clocks: nobody reported it, so nobody waits for an answer to it."""


OF_MERGED = frozenset(
    {
        *(C.RESPOND, C.CHANGE_FIRST_CONTACT, C.GIVE_FEEDBACK, C.COUNTERSIGN, C.RECORD_CALLBACK, C.RECORD_ATTEMPT),
        *(C.REOPEN, C.WITHDRAW, C.ACKNOWLEDGE, C.EXCUSE, C.OPEN_RECOVERY, C.COMPLETE_RECOVERY, C.VERIFY),
        *(C.MERGE, C.UNMERGE, C.SOLVE_TOGETHER),
    }
)
"""What a merged case is still given itself: what its own reporter is owed; all else is for the survivor (GRP-03)."""


def owes(order: WorkOrder, clock: ClockName) -> bool:
    """Tell whether an order runs a clock at all."""
    return not order.members or clock in CLOCKS_OF_PARENTS


def commands_in(stage: Stage, *, incident: bool = False, merged: bool = False) -> list[C]:
    """List what a person can give in a stage of an order, a parent or a merged case, in the order of a life."""
    fitting = (OF_PARENTS if incident else frozenset(C) - PARENT_ONLY) - RULES_ALONE
    own = fitting & OF_MERGED if merged else fitting
    return [name for name, rule in RULEBOOK.items() if stage in rule.stages and name in own]
