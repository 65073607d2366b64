"""The questions of a command at a terminal: for each option it needs and was not given, again until the answer fits."""

from collections.abc import Callable
from typing import Any

from starter.cli.errors import Failure
from starter.cli.fields import Field
from starter.cli.screen import Screen, styled

YES, NO = frozenset({"y", "yes", "是", "好"}), frozenset({"n", "no", "否", "不"})
SEVERAL = frozenset({"materials", "shares", "measures", "bodies", "files", "people"})
"""Kinds of options of which there can be several: one a line, an empty line ends them."""


def asked(screen: Screen, field: Field, form: Callable[[Field, Any], Any] | None) -> Any:
    """Ask for one option until it has its form; Ctrl-C and Ctrl-D end the command with nothing changed."""
    while True:
        answer = _answer(screen, field)
        try:
            if answer in (None, "", []):
                continue
            return form(field, answer) if form else answer
        except Failure as failure:
            screen.show(styled(failure.message(screen.lang), "yellow"))


def _answer(screen: Screen, field: Field) -> Any:
    from starter.cli.door import ask  # noqa: PLC0415 - help needs none of it

    zh, en = _without_stdin(field.zh), _without_stdin(field.en)
    if field.kind == "yes_no":
        said = ask(screen, f"{zh}(y/n)", f"{en} (y/n)").lower()
        return True if said in YES else False if said in NO else None
    if field.choices:
        zh, en = (f"{words} [{'|'.join(field.choices)}]" for words in (zh, en))
    one = ask(screen, f"{field.option} {zh}", f"{field.option} {en}", choices=field.choices)
    if field.kind not in SEVERAL:
        return one
    found = [one] if one else []
    while one and (one := ask(screen, f"{field.option} {zh}(空行结束)", f"{field.option} {en} (empty: no more)")):
        found.append(one)
    return found


def _without_stdin(words: str) -> str:
    """Leave out how standard input is named: whoever is asked types."""
    return words.partition(";")[0].rstrip(".")
