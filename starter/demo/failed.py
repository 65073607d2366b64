"""What the demonstration says of an order that did not reach its end: what was meant, and what the record says."""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.words import CLOCKS, Table, word
from starter.demo.told import End
from starter.demo.words import MEANT, say
from starter.words.glossary import CLOSE_REASONS, OUTCOMES, STAGES

TABLES: Mapping[str, Table] = {
    "stage": STAGES,
    "close_reason": CLOSE_REASONS,
    "response": OUTCOMES,
    "feedback": OUTCOMES,
}
"""The words of what an end is made of; figures and levels speak for themselves."""


def failure_lines(name: str, meant: End, found: End, told: tuple[int, int], trouble: str, lang: str) -> Iterator[str]:
    """Say of one order what differs from its story, how many of its levels were told, and which step went wrong."""
    yield f"✗ {name}"
    for part in End._fields:
        wanted, seen = getattr(meant, part), getattr(found, part)
        if wanted != seen:
            what = MEANT[part][0 if lang == "zh" else 1]
            yield "  " + say(lang, "differs", what=what, meant=_said(part, wanted, lang), found=_said(part, seen, lang))
    fired, sent = told
    if fired != sent:
        yield "  " + say(lang, "untold", fired=fired, sent=sent)
    if trouble:
        yield f"  {trouble}"


def _said(part: str, value: Any, lang: str) -> str:
    """Say one part of an end in words; nothing as nothing."""
    if isinstance(value, Mapping):
        levels = (say(lang, "level", clock=word(CLOCKS, clock, lang), n=many) for clock, many in value.items())
        return ", ".join(levels) or say(lang, "nothing")
    parts = value if isinstance(value, tuple) else (value,)
    return ", ".join(word(TABLES.get(part, {}), str(one), lang) for one in parts if one != "") or say(lang, "nothing")
