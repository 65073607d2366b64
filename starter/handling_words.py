"""The words of handling as screens show them: parties, steps of a conflict, bodies of a mediation."""

from domain.vocabulary import ConflictStep, Mediator, Party
from domain.words import Pair, Table

PARTIES: Table = {
    Party.DEVELOPER: Pair("开发商", "developer"),
    Party.OWNER: Pair("业主", "owner"),
    Party.PROPERTY: Pair("物业", "property firm"),
    Party.CONTRACTOR: Pair("外包方", "contractor"),
    Party.THIRD_PARTY: Pair("第三方", "third party"),
}

CONFLICT_STEPS: Table = {
    ConflictStep.CALM: Pair("冷静", "calm"),
    ConflictStep.CLARIFY: Pair("澄清", "clarify"),
    ConflictStep.SOLVE: Pair("解决", "solve"),
    ConflictStep.FOLLOW_UP: Pair("跟进", "follow up"),
}

MEDIATORS: Table = {
    Mediator.OWNERS_COMMITTEE: Pair("业主委员会", "owners' committee"),
    Mediator.COMMUNITY_COMMITTEE: Pair("社区委员会", "community committee"),
    Mediator.CHOSEN_OWNERS: Pair("业主代表", "chosen owners"),
    Mediator.POLICE: Pair("派出所", "police"),
    Mediator.STREET_OFFICE: Pair("街道办", "street office"),
}

NAMED: Table = {
    "place": Pair("地点", "place"),
    "outcome": Pair("结果", "outcome"),
    "next_step": Pair("下一步", "next step"),
}
"""Words of which an event holds several, each told with its name."""
