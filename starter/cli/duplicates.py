"""`huiyin receive` and possible duplicates: shown first; the reporter joins one of them or insists (INT-12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from domain.refusals import Refused, say
from domain.words import word
from starter.cli import door
from starter.cli.screen import Screen, styled
from starter.cli.times import shown
from starter.words.glossary import STAGES

if TYPE_CHECKING:
    from rich.text import Text

    from starter.actor import Actor
    from starter.cli.typed import Typed
    from starter.client import Receipt
    from starter.desk import Desk
    from starter.groups.duplicates import Hint
    from starter.intake import IntakeForm


@dataclass(frozen=True)
class Joining:
    """What may be the same matter, and which of it the reporter joins; none = he insists, or nobody was asked."""

    hints: "Sequence[Hint]" = ()
    other: str | None = None  # wo_…


@dataclass(frozen=True)
class Joined:
    """What came of it."""

    joining: Joining
    done: str | None = None  # wo_… that it joined
    refusal: Refused | None = None


async def joining_of(screen: Screen, desk: "Desk", typed: "Typed", form: "IntakeForm") -> Joining:
    """Look for possible duplicates, and ask at a terminal which it is; elsewhere they are told beside the number."""
    from starter.groups.duplicates import possible_duplicates  # noqa: PLC0415 - the engine's SDK comes with it

    if typed.joins is not None:
        other = door.order_id(typed.joins)
        await door.order_file(desk, other, [form.community])
        return Joining((), other)
    if typed.insists:
        return Joining()
    hints = await possible_duplicates(desk, form, typed.at)
    if not hints or not screen.asks:
        return Joining(hints)
    return Joining(hints, await _chosen(screen, desk, form, hints))


async def _chosen(screen: Screen, desk: "Desk", form: "IntakeForm", hints: "Sequence[Hint]") -> str | None:
    """Ask which of them it is, by its place or its number, until there is one; None for a matter of its own."""
    screen.show(*hint_lines(screen, desk, form, hints, numbered=True))
    places = {str(place): one.order_id for place, one in enumerate(hints, start=1)}
    known = [door.number(one.order_id) for one in hints]
    zh, en = (
        "是同一件事吗?填序号或单号并入,直接回车另立新单",
        "The same matter? Its number joins it, Enter makes a new one",
    )
    while said := door.plain(door.ask(screen, zh, en, choices=known)):
        try:
            other = places.get(said) or door.order_id(said)
            await door.order_file(desk, other, [form.community])
        except Refused as refusal:
            screen.show(styled(_why(screen, refusal), "yellow"))
        else:
            return other
    return None


async def joined_with(desk: "Desk", receipt: "Receipt", actor: "Actor", form: "IntakeForm", joining: Joining) -> Joined:
    """Let the matter that was just received join the other one; what is refused leaves it as a case of its own."""
    from starter.groups.duplicates import join  # noqa: PLC0415 - the engine's SDK comes with it

    if joining.other is None:
        return Joined(joining)
    try:
        await join(desk, receipt.order_id, joining.other, actor, f"{form.idempotency_key}.join")
    except Refused as refusal:
        return Joined(joining, refusal=refusal)
    return Joined(joining, joining.other)


def hints_document(joining: Joining, own: str = "") -> dict[str, Any]:
    """Return the possible duplicates in codes, a repetition's own number left out."""
    return {"possible_duplicates": [one._asdict() for one in joining.hints if one.order_id != own]}


def joined_lines(screen: Screen, desk: "Desk", form: "IntakeForm", joined: Joined, own: str) -> "list[Text]":
    """Say which order it joined, or what may be the same matter and how to join it afterwards."""
    t, joining = screen.t, joined.joining
    if joining.other is not None:
        other = door.number(joining.other)
        if joined.done:
            return [styled(t(f"✓ 已并入 {other}", f"✓ joined {other}"), "bold green")]
        why = _why(screen, joined.refusal) if joined.refusal else ""
        return [styled(t(f"已受理,未能并入 {other}:{why}", f"Taken in, but not joined to {other}: {why}"), "yellow")]
    hints = [one for one in joining.hints if one.order_id != own]
    if not hints or screen.asks:
        return []
    same = t("如是同一件事:", "If it is the same matter:")
    return [*hint_lines(screen, desk, form, hints), styled(same), styled(f"  {_typed(hints[0], own)}", "bold cyan")]


def _typed(hint: "Hint", own: str) -> str:
    """Return the command that joins a case to another: to an incident as its child, else into it."""
    case, other = door.number(own), door.number(hint.order_id)
    if hint.is_incident:
        return f"huiyin attach-to-incident {case} --to {other} --as …"
    return f"huiyin merge {case} --into {other} --as …"


def _why(screen: Screen, refusal: Refused) -> str:
    facts = {name: door.number(fact) if isinstance(fact, str) else fact for name, fact in refusal.facts.items()}
    return say(refusal.code, facts, screen.lang)


def hint_lines(
    screen: Screen, desk: "Desk", form: "IntakeForm", hints: "Sequence[Hint]", *, numbered: bool = False
) -> "list[Text]":
    """Return a line for each possible duplicate: number, stage, when it came, how alike its words read."""
    if not hints:
        return []
    t, zone, now = screen.t, door.zone_of(desk.settings, form.community), door.now()
    found = [styled(t("疑似重复(同类别、同地点):", "May be the same matter (same category and place):"), "yellow")]
    for place, one in enumerate(hints, start=1):
        came, stage = shown(one.received_at, zone, now, screen.lang), word(STAGES, one.stage, screen.lang)
        before = f"{place}. " * numbered
        said = " · ".join(filter(None, (stage, came, _alike(screen, one))))
        found.append(styled(f"  {before}{door.number(one.order_id)}  {said}"))
    return found


def _alike(screen: Screen, hint: "Hint") -> str:
    """Say that it is an incident, or how alike the words are; nothing where one of the two has none."""
    if hint.is_incident:
        return screen.t("群发事件", "incident")
    if hint.likeness is None:
        return ""
    return screen.t(f"文字相似 {hint.likeness}%", f"words {hint.likeness}% alike")
