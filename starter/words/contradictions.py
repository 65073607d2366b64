"""What follows from contradictions of a settings file that loads, in a few words."""

from collections.abc import Iterable, Mapping
from typing import Final

from domain.words import Pair

NOBODY_SENT: Final = Pair("有工单无人可派", "some orders can be given to nobody")
NOBODY_CALLS: Final = Pair("有工单无人回访", "some orders are called back by nobody")
NOBODY_ANSWERS: Final = Pair("有外包班组无人监管", "nobody of our own answers for a contractor")
TOO_LARGE: Final = Pair("有工单的条款过大", "the terms of some orders are too large")
NO_EFFECT: Final = Pair("有的写法不起作用", "something written has no effect")

FOLLOWS: Final[Mapping[str, Pair]] = {
    "team_without_members": NOBODY_SENT,
    "nobody_skilled": NOBODY_SENT,
    "incident_undispatched": NOBODY_SENT,
    "callback_by_handler": NOBODY_CALLS,
    "nobody_calls_in_contact_hours": NOBODY_CALLS,
    "contractor_without_supervisor": NOBODY_ANSWERS,
    "terms_too_large": TOO_LARGE,
}
"""By code; of every other one something has no effect."""


def consequences(codes: Iterable[str], lang: str) -> list[str]:
    """Say what follows from contradictions of these codes, each thing once."""
    return [pair.said(lang) for pair in dict.fromkeys(FOLLOWS.get(code, NO_EFFECT) for code in codes)]
