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
    "found": Pair("原因", "cause"),
    "measure": Pair("措施", "measure"),
    "without_photos": Pair("无照片原因", "why no photos"),
    "part": Pair("配件", "part"),
    "supplier": Pair("供货", "supplier"),
    "place": Pair("地点", "place"),
    "outcome": Pair("结果", "outcome"),
    "next_step": Pair("下一步", "next step"),
}
"""Words of which an event holds several, each told with its name."""

USES: Table = {
    "attachments": Pair("随单", "with the words"),
    "before": Pair("处理前", "before the work"),
    "after": Pair("处理后", "after the work"),
}
"""What attachments of an event are for, by the field that names them."""
EVIDENCE = Pair("责任依据", "evidence of responsibility")
