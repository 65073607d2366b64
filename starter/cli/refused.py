"""A refusal of one order in words: reasons as the settings name them, persons who may, instants on the wall."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.audit import instant_text
from domain.commands import CommandName as C
from domain.refusals import Refused
from domain.settings.community import CommunityFile
from domain.vocabulary import Role, Stage
from domain.words import Pair, word
from records.read import OrderRow
from starter.accountable import Accountable
from starter.actor import Actor, usr
from starter.cli.dispatching import WHY
from starter.cli.door import number, zone_of
from starter.cli.errors import Failure
from starter.cli.telling import allowed_words, refused
from starter.cli.times import shown
from starter.possible import possible, worth_naming
from starter.telling.names import Names
from starter.words.glossary import ROLES

DECIDES = frozenset({"approve_suspension", "refuse_suspension"})
"""Commands that few may give: they are named."""


UNREGISTERED: Final = frozenset({Stage.INTAKE, Stage.REGISTRATION})
MINUTE: Final = timedelta(minutes=1)
INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}[\d:.]*(Z|[+-]\d{2}:\d{2})")
"""A fact that is an instant, whatever its name: no person reads that."""


def failure_of(refusal: Refused, file: CommunityFile, row: OrderRow | None, actor: Actor, at: datetime) -> Failure:
    """Tell a refusal; what only the settings or the order know is said in their words."""
    if row is not None:
        refusal = _for_him(refusal, row, actor)
    zh, en = (dict(_said(refusal, file, row, actor, at, lang)) for lang in ("zh", "en"))
    words = {name: Pair(zh[name], en[name]) for name in zh}
    return refused(refusal.code, refusal.facts, words, sentence=_sentence(refusal, row, words))


def failure_in(zone: ZoneInfo, refusal: Refused, at: datetime) -> Failure:
    """Tell a refusal about a matter that is no order yet: its instants by the community's clock."""
    zh, en = (dict(_instants(refusal, zone, at, lang)) for lang in ("zh", "en"))
    return refused(refusal.code, refusal.facts, {name: Pair(zh[name], en[name]) for name in zh})


def with_end(refusal: Refused, expected_end_at: datetime | None) -> Refused:
    """Return the refusal of a pause that must be asked for, with the end that was understood."""
    if refusal.code != "needs-approval" or expected_end_at is None:
        return refusal
    return Refused(refusal.code, **{**refusal.facts, "until": instant_text(expected_end_at)})


def _for_him(refusal: Refused, row: OrderRow, actor: Actor) -> Refused:
    """Return a refusal that lists of the commands which fit the stage those that the actor may give."""
    fitting = str(refusal.facts.get("allowed") or "").split(", ")
    if not set(fitting) <= set(C):
        return refusal
    mine = [name for name in possible(actor, row) if name in fitting]
    return Refused(refusal.code, **{**refusal.facts, "allowed": ", ".join(mine)})


def _sentence(refusal: Refused, row: OrderRow | None, words: Mapping[str, Pair]) -> str | None:
    """Name another sentence than the code's own, where the order tells more."""
    if row is None:
        return None
    if refusal.code == "needs-approval" and refusal.facts.get("until"):
        return "needs-approval-until"
    if refusal.code == "forbidden" and refusal.facts.get("allowed") == Role.ASSIGNEE and not row.assignee:
        return "no-assignee"
    if refusal.code != "illegal-transition":
        return None
    if refusal.facts.get("command") == C.DISPATCH and refusal.facts.get("stage") in UNREGISTERED:
        return "not-registered"
    return None if words["allowed"].zh else "not-yours-now"


def _said(
    refusal: Refused, file: CommunityFile, row: OrderRow | None, actor: Actor, at: datetime, lang: str
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
    if not facts.get("order"):
        yield "order", number(row.order_id)
    if facts.get("by"):
        yield "by", names.person(str(facts["by"]))
    yield from _instants(refusal, zone_of(file, row.community), at, lang)
    if refusal.code == "illegal-transition":
        fitting = map(C, filter(None, str(facts["allowed"]).split(", ")))
        yield "allowed", allowed_words(worth_naming(fitting, actor, row), lang)
    if refusal.code == "forbidden" and facts.get("command") in DECIDES:
        yield "allowed", names.t("、", ", ").join(_holders(str(facts["allowed"]), file, row, at, names))


def _instants(refusal: Refused, zone: ZoneInfo, now: datetime, lang: str) -> Iterator[tuple[str, str]]:
    """Say instants by the community's clock; one that is to be typed as the next whole minute, or it came too soon."""
    facts = ((name, str(value)) for name, value in refusal.facts.items())
    at = {name: datetime.fromisoformat(value) for name, value in facts if INSTANT.fullmatch(value)}
    yield from ((name, shown(one, zone, now, lang)) for name, one in at.items() if name != "next_at")
    if "next_at" in at:
        minute = at["next_at"].astimezone(zone) + MINUTE - timedelta(microseconds=1)
        yield "next_local", f"{minute:%Y-%m-%d %H:%M}"


def _holders(allowed: str, file: CommunityFile, row: OrderRow, at: datetime, names: Names) -> Iterator[str]:
    """Name each role that may, with those who hold it now."""
    who = Accountable(file, at)
    case = {name: getattr(row, name) for name in ("team", "first_contact", "assignee", "complained_of")}
    for role in map(Role, allowed.split(", ")):
        held = names.t("、", ", ").join(
            names.person(usr(one.staff_id)) for one in who.persons(role, row.community, **case)
        )
        yield word(ROLES, role, names.lang) + (f"({held})" if names.lang == "zh" else f" ({held})") * bool(held)
