"""The questions of `huiyin receive` at a terminal, short enough for a call on the phone or a round on foot."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from domain.intake.proposing import Doubt, category_for, doubt_of, place_of, propose
from domain.settings.catalogue import CATCH_ALL, categories_of
from domain.vocabulary import FOUND_CHANNELS, LIVE_CHANNELS, Channel, Severity
from starter.cli import input as cli_input
from starter.cli.asking import YES
from starter.cli.door import ask, pick
from starter.cli.errors import Failure, short
from starter.cli.screen import Screen, styled
from starter.cli.typed import EXAMPLE, Typed
from starter.words.glossary import PROPOSED_BECAUSE, SEVERITIES

if TYPE_CHECKING:
    from domain.settings.community import Community, CommunityFile

Said = dict[str, Any]
Form = Callable[[str, str], str | None]
"""How an answer is read, with the name under which it is told when it does not fit."""


def _words(answer: str, name: str) -> str | None:
    return cli_input.words(answer, name, cli_input.MAX_SHORT)


def _reason(answer: str, _name: str) -> str | None:
    return cli_input.words(answer, "--because", cli_input.MAX_SHORT)


def questions(
    screen: Screen, typed: Typed, estate: "Community", file: "CommunityFile", *, answers: bool, back_dated: bool
) -> Said:
    """Ask at a terminal for what was not typed; elsewhere only the words must be there.

    `answers`: whoever takes it in may answer the owner; not if the matter is about him (DSP-13). `back_dated`: its
    time is set back, which needs a reason (INT-13).
    """
    said: Said = {**typed.said, "category": typed.category, "severity": typed.severity}
    said |= {"answered": typed.answered_at_once, "clarified": typed.clarified}
    if back_dated and screen.asks:
        _because(screen, said)
    if not screen.asks or said["text"]:
        cli_input.required(said["text"], "--text", EXAMPLE)
        return said
    said["text"] = _told(screen)
    _category(screen, said, estate, file)
    _place(screen, said, estate, file)
    if typed.channel is Channel.VISIT:  # on rounds: place, category, words, severity, and a photo (INT-23)
        _severity(screen, said, estate, file)
        return said
    _short(screen, said, "reporter_name", "姓名", "Name")
    _short(screen, said, "reporter_phone", "回电号码", "Phone", cli_input.phone)
    if typed.channel in FOUND_CHANNELS:
        _short(screen, said, "found_in", "出自哪个群或媒体", "Found in which group or medium")
    _short(screen, said, "remedy", "业主要求怎么办(可不填)", "What does he want done (may be empty)")
    _severity(screen, said, estate, file)
    if answers and typed.channel in LIVE_CHANNELS and typed.answered is None:
        _talk(screen, said)
    return said


def _told(screen: Screen) -> str | None:
    """Ask for the owner's words until there are some: an Enter too early must not end the call."""
    while True:
        try:
            return cli_input.words(ask(screen, "业主说了什么", "What does the owner say"), "--text")
        except Failure as failure:
            screen.show(styled(failure.message(screen.lang), "yellow"))


def _because(screen: Screen, said: Said) -> None:
    """Ask why the time of reception is set back, until there is a reason."""
    while said["back_dated_because"] is None:
        _short(screen, said, "back_dated_because", "补录原因", "Why is its time set back", _reason)


def _category(screen: Screen, said: Said, estate: "Community", file: "CommunityFile") -> None:
    """Let one be chosen, with the one that the words propose as default (INT-09)."""
    if said["category"] is None:
        offered = categories_of(file, estate.id)
        names = {one.code: one.name for one in offered}
        proposed = category_for(said["text"], offered) or CATCH_ALL
        said["category"] = pick(screen, "类别", "Category", names, proposed)


def _place(screen: Screen, said: Said, estate: "Community", file: "CommunityFile") -> None:
    """Ask where it is; room, public area or free text is told from the answer, none is refused (INT-20).

    What looks like a slip is told and asked again; the same answer once more is kept as it stands.
    """
    if any(said[name] for name in ("room", "public_area", "address")):
        return
    known = (*(one.code for one in estate.building), *estate.public_areas)
    question, before = ("地点(房号、公共区域或文字)", "Place (room, public area or words)"), ""
    while (typed := ask(screen, *question, choices=known)) and typed != before:
        doubt = doubt_of(file, estate, typed)
        if doubt is None:
            break
        before = typed
        screen.show(styled(_doubted(screen, doubt, short(typed), estate), "yellow"))
    if typed:
        said[place_of(estate, typed)] = cli_input.words(typed, "--address", cli_input.MAX_SHORT)


def _doubted(screen: Screen, doubt: Doubt, typed: str, estate: "Community") -> str:
    """Say why a place looks like a slip, and how to keep it."""
    zh, en = f"{estate.name}没有房号「{typed}」", f"{estate.name} has no room {typed}"
    if doubt.elsewhere is not None:
        kind = ("房号", "a room") if doubt.kind == "room" else ("公共区域", "a public area")
        there = doubt.elsewhere.name
        zh, en = (
            f"「{typed}」是{there}的{kind[0]},不在{estate.name}",
            f"{typed} is {kind[1]} of {there}, not of {estate.name}",
        )
    keep = (
        ";请核对后重填,确要按文字记下,请原样再输入一次。",
        "; check it and type it again, or the same once more to keep it as words.",
    )
    return screen.t(zh + keep[0], en + keep[1])


def _severity(screen: Screen, said: Said, estate: "Community", file: "CommunityFile") -> None:
    """Let the proposed severity be confirmed or changed (INT-09)."""
    if said["severity"] is not None:
        return
    found = propose(file, estate.id, said["text"], said["category"])
    because: Callable[[str], str] = PROPOSED_BECAUSE[found.because].said
    zh, en = f"级别({because('zh')})", f"Severity ({because('en')})"
    names = {str(one): SEVERITIES[one].said(screen.lang) for one in Severity}
    said["severity"] = Severity(str(pick(screen, zh, en, names, found.severity)))


def _short(screen: Screen, said: Said, field: str, zh: str, en: str, form: Form = _words) -> None:
    """Ask for something that may be left out, again until it has its form: nothing of the call is lost."""
    while said[field] is None and (answer := ask(screen, zh, en)):
        try:
            said[field] = form(answer, "--" + field.removeprefix("reporter_").replace("_", "-"))
        except Failure as failure:
            screen.unfit(failure)


def _talk(screen: Screen, said: Said) -> None:
    """Ask whether he was answered, and what was restated; his yes completes the registration in this call (INT-07)."""
    if said["clarified"] is None:
        text = ask(
            screen, "复述的诉求(业主已确认;未复述直接回车)", "The demand as restated and agreed (Enter: not yet)"
        )
        said["clarified"] = cli_input.words(text or None, "--clarified")
    said["answered"] = said["answered"] or said["clarified"] is not None
    if not said["answered"]:
        said["answered"] = ask(screen, "已当场答复业主?y/n", "Answered in this call? y/n", "n").lower() in YES
