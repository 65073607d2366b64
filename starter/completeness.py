"""What a command must say today, beyond what old histories hold: asked at the door, where words can still be read."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.commands import CommandName
from domain.refusals import Refused
from domain.settings.community import CommunityFile, Feedback, HandlingRules
from domain.vocabulary import ReturnReason

Said = Mapping[str, Any]
PARTS = "waiting_parts"
TOLD = frozenset({"words", "found", "why_not", "also_open"})
"""Words of a feedback that are to tell the owner something."""


def _handling(said: Said, rules: HandlingRules) -> None:
    """Ask for cause, measure and a result that says something (HND-11)."""
    if not said.get("found") or not said.get("measure"):
        raise Refused("completion-incomplete")
    _result(str(said.get("words") or ""), rules)


def _result(words: str, rules: HandlingRules) -> None:
    if len(words.strip()) < rules.result_characters:
        raise Refused("result-too-short", least=rules.result_characters)


def _plan(said: Said, _rules: HandlingRules) -> None:
    """Ask for at least one measure (HND-08)."""
    if not said.get("measures"):
        raise Refused("plan-needs-measure")


def _pause(said: Said, _rules: HandlingRules) -> None:
    """Ask which part is waited for, and from whom; its expected date is that of the pause (HND-04)."""
    if said.get("pause_reason") == PARTS and not (said.get("part") and said.get("supplier")):
        raise Refused("parts-unnamed")


def _returning(said: Said, _rules: HandlingRules) -> None:
    """Ask for a reason of the list (DSP-07)."""
    if not said.get("return_reason"):
        raise Refused("return-reason-missing", allowed=", ".join(ReturnReason))


ASKED: Mapping[CommandName, Callable[[Said, HandlingRules], None]] = {
    CommandName.RETURN: _returning,
    CommandName.COMPLETE_HANDLING: _handling,
    CommandName.GIVE_PLAN: _plan,
    CommandName.SUSPEND: _pause,
    CommandName.REQUEST_SUSPENSION: _pause,
}


def check_complete(command: CommandName, said: Said, rules: HandlingRules) -> None:
    """Refuse a command that does not say enough: `completion-incomplete`, `result-too-short` …"""
    if command in ASKED:
        ASKED[command](said, rules)


def check_feedback(texts: Mapping[str, str], rules: Feedback) -> None:
    """Refuse words too short to tell an owner anything (FBK-01); an address or a line for a group may be short."""
    least = rules.requires_text_min_chars
    for name, text in texts.items():
        if name in TOLD and len(text.strip()) < least:
            raise Refused("feedback-too-short", field=name, least=least)


def check_words(command: str, name: str, words: str, file: CommunityFile) -> None:
    """Refuse one text of a command, by the name of its field, that is too short, before the others are known."""
    if command == CommandName.COMPLETE_HANDLING and name == "words":
        _result(words, file.handling)
    if command in {CommandName.GIVE_FEEDBACK, CommandName.GIVE_MASS_NOTICE}:
        check_feedback({name: words}, file.feedback)
