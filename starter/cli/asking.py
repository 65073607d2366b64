"""The questions of a command at a terminal: for each option it needs and was not given, again until the answer fits."""

from collections.abc import Callable, Mapping
from typing import Any

from starter.cli.errors import Failure
from starter.cli.fields import Field
from starter.cli.screen import Screen, styled

Names = Mapping[str, str]
YES, NO = frozenset({"y", "yes", "是", "好"}), frozenset({"n", "no", "否", "不"})
SEVERAL = frozenset({"materials", "shares", "measures", "bodies", "files", "people"})
"""Kinds of options of which there can be several: one a line, an empty line ends them."""


def asked(screen: Screen, field: Field, fit: Callable[[Any], Any], names: Names) -> Any:
    """Ask for one option until `fit` takes it; Ctrl-C and Ctrl-D end the command with nothing changed.

    `names`: what there is to choose from, by code; none = free.
    """
    if field.kind in SEVERAL:
        return _several(screen, field, fit)
    while True:
        answer = _answer(screen, field, names)
        try:
            if answer not in (None, ""):
                return fit(answer)
        except Failure as failure:
            screen.unfit(failure)


def _several(screen: Screen, field: Field, fit: Callable[[Any], Any]) -> list[Any]:
    """Ask for lines, one at least, until an empty one; a line that does not fit costs none of the others."""
    from starter.cli.door import ask  # noqa: PLC0415 - help needs none of it

    zh, en = _named(field)
    found: list[Any] = []
    while (
        one := ask(screen, f"{zh}(空行结束)" if found else zh, f"{en} (empty: no more)" if found else en)
    ) or not found:
        try:
            found += fit([one]) if one else []
        except Failure as failure:
            screen.unfit(failure)
    return found


def asked_orders(screen: Screen, *, several: bool) -> list[str]:
    """Ask for the order that a command is about, or for several, until what is typed are numbers of orders."""
    from starter.cli.door import ORDER, ask, plain  # noqa: PLC0415 - help needs none of it

    zh, en = ("单号(多个以空格分开)", "Orders (blanks between them)") if several else ("单号", "Order")
    while True:
        typed = plain(ask(screen, f"{zh},例如 10000001", f"{en}, such as 10000001")).split()
        if typed and all(map(ORDER.fullmatch, typed)) and (several or len(typed) == 1):
            return typed
        screen.show(styled(screen.t("请填单号:8 位数字。", "Type the number of an order: eight digits."), "yellow"))


def _answer(screen: Screen, field: Field, names: Names) -> Any:
    from starter.cli.door import ask, pick  # noqa: PLC0415 - help needs none of it

    if field.kind == "yes_no":
        zh, en = _without_stdin(field.zh), _without_stdin(field.en)
        said = ask(screen, f"{zh}(y/n)", f"{en} (y/n)").lower()
        return True if said in YES else False if said in NO else None
    if names:
        return pick(screen, *_named(field), dict(names))
    return ask(screen, *_named(field))


def _named(field: Field) -> tuple[str, str]:
    """Name an option as it is typed, and what it is for."""
    return f"{field.option} {_without_stdin(field.zh)}", f"{field.option} {_without_stdin(field.en)}"


def _without_stdin(words: str) -> str:
    """Leave out how standard input is named: whoever is asked types."""
    return words.partition(";")[0].rstrip(".")
