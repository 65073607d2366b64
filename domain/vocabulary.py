"""The closed sets of the trade: stages, clocks, roles, channels and the other words of the glossary."""

from enum import StrEnum


class Stage(StrEnum):
    """The six stages of a work order, in their fixed order, and the end state."""

    INTAKE = "intake"
    REGISTRATION = "registration"
    DISPATCH = "dispatch"
    HANDLING = "handling"
    FEEDBACK = "feedback"
    CALLBACK = "callback"
    CLOSED = "closed"


class ClockName(StrEnum):
    """The timed duties of a work order (glossary, section 3)."""

    RESPONSE = "response"
    REGISTER = "register"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    ARRIVE = "arrive"
    PLAN = "plan"
    RECTIFY = "rectify"
    SIGN_OFF = "sign_off"
    HANDLING = "handling"
    FEEDBACK = "feedback"
    NEXT_UPDATE = "next_update"
    RESULT_FEEDBACK = "result_feedback"
    CALLBACK = "callback"
    PROMISE = "promise"
    RECOVERY = "recovery"
    VERIFY = "verify"
    COMPLETION = "completion"  # 办结, only where a policy sets it (CLK-36)


class Kind(StrEnum):
    """What sort of matter an owner brings (INT-17)."""

    REPAIR = "repair"
    COMPLAINT = "complaint"
    ADVICE = "advice"
    PRAISE = "praise"


class Severity(StrEnum):
    """How serious the matter is (INT-09)."""

    URGENT = "urgent"
    MAJOR = "major"
    ORDINARY = "ordinary"


class Role(StrEnum):
    """Staff positions and roles in a case (glossary, section 5)."""

    FIRST_CONTACT = "first_contact"
    ASSIGNEE = "assignee"
    DISPATCH_OPERATOR = "dispatch_operator"
    SERVICE_MANAGER = "service_manager"
    BUILDING_STEWARD = "building_steward"
    PROJECT_MANAGER = "project_manager"
    ENGINEERING_LEAD = "engineering_lead"
    ENGINEER = "engineer"
    HANDYMAN = "handyman"
    SECURITY_LEAD = "security_lead"
    SECURITY_GUARD = "security_guard"
    GARDENER = "gardener"
    CONTRACTOR_LEAD = "contractor_lead"
    CONTRACTOR_WORKER = "contractor_worker"
    CONTRACTOR_SUPERVISOR = "contractor_supervisor"
    CALLBACK_OFFICER = "callback_officer"
    DUTY_SUPERVISOR = "duty_supervisor"
    DUTY_ENGINEER = "duty_engineer"
    QUALITY_DEPARTMENT = "quality_department"
    AUDITOR = "auditor"
    INTEGRATION = "integration"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"
    TEAM_LEAD = "team_lead"
    COMMITTEE = "committee"
    RESIDENT = "resident"
    RULE = "rule"


class Channel(StrEnum):
    """Ways by which words reach us or leave us (INT-01, glossary section 6)."""

    PHONE = "phone"
    WALK_IN = "walk_in"
    WEB = "web"
    APP = "app"
    WECHAT = "wechat"
    OWNER_GROUP = "owner_group"
    SOCIAL = "social"
    OPEN311 = "open311"
    VISIT = "visit"
    INSPECTION = "inspection"
    SMS = "sms"
    NOTICE_BOARD = "notice_board"
    CLI = "cli"
    CONSOLE = "console"
    API = "api"
    ENGINE = "engine"


LIVE_CHANNELS = frozenset({Channel.PHONE, Channel.WALK_IN, Channel.VISIT})
"""Channels on which a person speaks with the owner at once, so that a time may be stated afterwards (CLK-07)."""

MESSAGE_CHANNELS = frozenset({Channel.WECHAT, Channel.APP, Channel.SMS})
"""Channels that carry a message of ours to an owner; whether it arrived is known only afterwards (FBK-04)."""

INTAKE_CHANNELS = frozenset(
    {
        Channel.PHONE,
        Channel.WALK_IN,
        Channel.WEB,
        Channel.APP,
        Channel.WECHAT,
        Channel.OWNER_GROUP,
        Channel.SOCIAL,
        Channel.OPEN311,
        Channel.VISIT,
        Channel.INSPECTION,
    }
)
"""Channels by which a matter can be received (INT-01)."""


FOUND_CHANNELS = frozenset({Channel.OWNER_GROUP, Channel.SOCIAL})
"""Channels on which staff find words that were not said to them (INT-03)."""


class Cause(StrEnum):
    """What made an event happen (AUD-05)."""

    COMMAND = "command"
    TIMER = "timer"
    RULE = "rule"


class Outcome(StrEnum):
    """How a clock ended."""

    MET = "met"
    BREACHED = "breached"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class CloseReason(StrEnum):
    """Why a work order was closed (glossary, section 8)."""

    CONFIRMED = "confirmed"
    NOT_REACHED = "not_reached"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    DISMISSED = "dismissed"  # an incident that was none
    CHILDREN_ENDED = "children_ended"  # an incident whose children have all ended (GRP-06)
    OUT_OF_SCOPE = "out_of_scope"
    REFERRED = "referred"
    OPTIONS_EXHAUSTED = "options_exhausted"


class FeedbackKind(StrEnum):
    """What a word to the owner holds (CLK-03)."""

    RESULT = "result"
    PLAN = "plan"
    PROGRESS = "progress"
    OUT_OF_SCOPE = "out_of_scope"  # with the right address; the matter ends with it (INT-15)


class Teller(StrEnum):
    """Who gave the answers and scores of a callback (CBK-08)."""

    HOUSEHOLD = "household"
    OTHER = "other"  # somebody else at that number: kept, and marked
    STAFF = "staff"  # one of us: refused


class Style(StrEnum):
    """In which words an owner is spoken to (FBK-03)."""

    USUAL = "usual"
    PLAIN = "plain"
    ILLUSTRATED = "illustrated"


class ArrearsCause(StrEnum):
    """Why a household does not pay (glossary, section 9)."""

    HARDSHIP = "hardship"
    DISSATISFACTION = "dissatisfaction"
    MISCONCEPTION = "misconception"
    MALICIOUS = "malicious"


class ReturnReason(StrEnum):
    """Why somebody gives an order back that was given to him (DSP-07)."""

    WRONG_TEAM = "wrong_team"
    LACKS_SKILL = "lacks_skill"
    LACKS_TOOLS = "lacks_tools"
    OVERLOADED = "overloaded"
    OFF_DUTY = "off_duty"
    FACTS_WRONG = "facts_wrong"
    UNSAFE = "unsafe"
    NAMED_IN_IT = "named_in_it"


class Party(StrEnum):
    """Who can be responsible for a matter, or pay for its work (glossary, section 8)."""

    DEVELOPER = "developer"
    OWNER = "owner"
    PROPERTY = "property"
    CONTRACTOR = "contractor"
    THIRD_PARTY = "third_party"


class ConflictStep(StrEnum):
    """Steps of the conflict protocol, in their order (HND-09)."""

    CALM = "calm"
    CLARIFY = "clarify"
    SOLVE = "solve"
    FOLLOW_UP = "follow_up"


class Mediator(StrEnum):
    """Bodies that can take part in a joint mediation (HND-14)."""

    OWNERS_COMMITTEE = "owners_committee"
    COMMUNITY_COMMITTEE = "community_committee"
    CHOSEN_OWNERS = "chosen_owners"
    POLICE = "police"
    STREET_OFFICE = "street_office"


class Demand(StrEnum):
    """What must have been done before a step may be taken, in the order of a life."""

    CLARIFIED = "clarified"  # the demand restated, or skipped for a reason, before dispatch (INT-07)
    ARRIVED = "arrived"  # before handling is completed (HND-01)
    PHOTOS = "photos"  # one before and one after the work, before handling is completed (HND-02)
    PROJECT_MANAGER = "project_manager"  # gives the plan after the owner refused to sign off twice (HND-07)


class Pausable(StrEnum):
    """Whether a clock may be suspended (CLK-17, CLK-18)."""

    NEVER = "never"
    YES = "yes"
    APPROVAL = "approval"


class LadderAction(StrEnum):
    """What a level does beside telling its addressee (ESC-06)."""

    NOTIFY = "notify"
    NOTIFY_AND_REASSIGN = "notify_and_reassign"
    RAISE_SEVERITY = "raise_severity"
    SERVICE_RECOVERY = "service_recovery"
    OPEN_IMPROVEMENT_ITEM = "open_improvement_item"
    RECORD_CONTRACTOR_FAULT = "record_contractor_fault"
