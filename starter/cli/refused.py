"""A refusal of one order in words: reasons as the settings name them, persons who may, instants on the wall."""

from collections.abc import Iterator
from datetime import datetime

from domain.audit import read_instant
from domain.community import CommunityFile
from domain.refusals import Refused
from domain.vocabulary import Role
from domain.words import Pair, word
from records.read import OrderRow
from starter.accountable import Accountable
from starter.actor import usr
from starter.cli.dispatching import WHY
from starter.cli.door import zone_of
from starter.cli.errors import Failure
from starter.cli.telling import refused
from starter.cli.times import shown
from starter.telling.timeline import Names
from starter.words.glossary import ROLES

DECIDES = frozenset({"approve_suspension", "refuse_suspension"})
"""Commands that few may give: they are named."""


def failure_of(refusal: Refused, file: CommunityFile, row: OrderRow | None, at: datetime) -> Failure:
    """Tell a refusal; what only the settings or the order know is said in their words."""
    zh, en = (dict(_said(refusal, file, row, at, lang)) for lang in ("zh", "en"))
    nobody = refusal.code == "forbidden" and refusal.facts.get("allowed") == Role.ASSIGNEE and row and not row.assignee
    words = {name: Pair(zh[name], en[name]) for name in zh}
    return refused(refusal.code, refusal.facts, words, sentence="no-assignee" if nobody else None)


def _said(
    refusal: Refused, file: CommunityFile, row: OrderRow | None, at: datetime, lang: str
) -> Iterator[tuple[str, str]]:
    names, facts = Names(file, lang), refusal.facts
    if refusal.code == "unknown-pause-reason":
        codes = [code for code in str(facts.get("listed") or "").split(", ") if code]
        listed = [" ".join(dict.fromkeys((code, names.pause_reason(code)))) for code in codes]
        yield "listed", names.t("、", ", ").join(listed) or names.t("无", "none")
    if facts.get("reason"):
        yield "reason", names.pause_reason(str(facts["reason"]))
    if refusal.code == "not-in-pool":
        yield "why", word(WHY, str(facts["why"]), lang)
    if row is None:
        return
    if facts.get("by"):
        yield "by", names.person(str(facts["by"]))
    for name in ("at", "since"):
        if facts.get(name):
            yield name, shown(read_instant(str(facts[name])), zone_of(file, row.community), at, lang)
    if refusal.code == "forbidden" and facts.get("command") in DECIDES:
        yield "allowed", names.t("、", ", ").join(_holders(str(facts["allowed"]), file, row, at, names))


def _holders(allowed: str, file: CommunityFile, row: OrderRow, at: datetime, names: Names) -> Iterator[str]:
    """Name each role that may, with those who hold it now."""
    who = Accountable(file, at)
    case = {"team": row.team, "first_contact": row.first_contact, "assignee": row.assignee}
    for role in map(Role, allowed.split(", ")):
        held = names.t("、", ", ").join(
            names.person(usr(one.staff_id)) for one in who.persons(role, row.community, **case)
        )
        yield word(ROLES, role, names.lang) + (f"({held})" if names.lang == "zh" else f" ({held})") * bool(held)
