"""What a command lacks at a terminal: asked for once its order is known, with what there is to choose from (API-07)."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from domain.commands import CommandName
from domain.refusals import Refused
from domain.settings.catalogue import categories_of
from domain.settings.community import CommunityFile
from domain.vocabulary import ConflictStep, FeedbackKind, Severity
from domain.words import CLOCKS, RETURN_REASONS, Table, word
from records.read import OrderRow
from starter.cli import sense
from starter.cli import times as cli_times
from starter.cli.asking import asked
from starter.cli.commands import Action
from starter.cli.door import now, pick, zone_of
from starter.cli.fields import Field
from starter.cli.forms import formed
from starter.cli.screen import Screen, styled
from starter.cli.telling import refused
from starter.completeness import PARTS, check_words
from starter.telling.names import Names
from starter.words.glossary import FEEDBACK_KINDS, SEVERITIES
from starter.words.handling import CONFLICT_STEPS
from starter.words.times import ARREARS_CAUSES

Fields = Mapping[str, Any]
CALLED: Final[Mapping[str, Table]] = {
    "clock": CLOCKS,
    "severity": SEVERITIES,
    "kind": FEEDBACK_KINDS,
    "return_reason": RETURN_REASONS,
    "cause": ARREARS_CAUSES,
    "step": CONFLICT_STEPS,
}
"""What choices are called, by the field that they fill."""
ALSO: Final[Mapping[tuple[str, object], frozenset[str]]] = {
    ("pause_reason", PARTS): frozenset({"part", "supplier"}),  # HND-04
    ("passed", False): frozenset({"reason"}),  # HND-12
    ("kind", FeedbackKind.RESULT): frozenset({"found"}),  # FBK-01
    ("step", ConflictStep.SOLVE): frozenset({"window_start_at", "window_end_at"}),  # HND-10
    ("step", ConflictStep.FOLLOW_UP): frozenset({"confirmed"}),
}
"""What else is needed once a field says this; fields that a command does not have are not asked for."""

ANY_WORDS: Final = "?" * 200
"""Long enough for every rule of settings (`HandlingRules`); shown to nobody, and never kept."""


class Case(NamedTuple):
    """Who is asked about which command to which order."""

    screen: Screen
    file: CommunityFile
    action: Action
    row: OrderRow


def lacks(action: Action, said: Fields) -> list[Field]:
    """Return what a command needs and was not given, as far as what was given tells."""
    also = _also(said)
    return [one for one in action.fields if said[one.fills] is None and (one.needed or one.fills in also)]


def in_any_words(action: Action, said: Fields) -> dict[str, Any] | None:
    """Return a completion with any words where they lack: whether it fits does not depend on them; None = another."""
    if action.command != CommandName.COMPLETE_HANDLING:
        return None
    return {**said, **{one.fills: ANY_WORDS for one in lacks(action, said)}}


def filled(case: Case, said: Fields) -> dict[str, Any]:
    """Ask for what is lacking, in the order of the options; where nobody can be asked nothing changes."""
    known = dict(said)
    if not case.screen.asks:
        return known
    if known.get("pause_reason") is not None:
        known["pause_reason"] = sense.pause_reason(case.file, known["pause_reason"])
    if case.action.command == "reclassify" and not any(map(known.get, ("category", "kind", "severity"))):
        known |= _class(case)
    for field in case.action.fields:
        if known[field.fills] is None and (field.needed or field.fills in _also(known)):
            known[field.fills] = asked(case.screen, field, _fit(case, field, known), _names(case, field))
    return known


def _also(known: Fields) -> frozenset[str]:
    found = (more for (name, value), more in ALSO.items() if known.get(name) == value)
    return frozenset().union(*found)


def _names(case: Case, field: Field) -> dict[str, str]:
    """Return what there is to choose from: pause reasons of the settings, or the closed set of the option."""
    if field.kind == "pause":
        names = Names(case.file, case.screen.lang)
        return {one.code: names.pause_reason(one.code) for one in case.file.pause_reason}
    called = CALLED.get(field.fills, {})
    return {one: word(called, one, case.screen.lang) for one in map(str, field.choices)}


def _fit(case: Case, field: Field, known: Fields) -> Callable[[Any], Any]:
    """Return what takes an answer, or says why it does not fit this order: later all answers would be lost."""

    def fit(answer: Any) -> Any:
        typed = formed(field, answer)
        try:
            _check(case, field, typed, known)
        except Refused as refusal:
            raise refused(refusal.code, refusal.facts) from None
        return typed

    return fit


def _check(case: Case, field: Field, typed: Any, known: Fields) -> None:
    """Refuse an answer that does not fit this order as far as the door can tell; raises `Refused` or `Failure`."""
    at, zone = now(), zone_of(case.file, case.row.community)
    if isinstance(typed, cli_times.Day):
        typed.to_come(zone, at)
    elif field.kind == "until" and typed.until(zone, at) <= at:
        raise Refused("pause-end")
    elif field.fills == "window_end_at":
        cli_times.window(known["window_start_at"], typed, zone, at)
    elif field.kind == "words":
        check_words(case.action.command, field.fills, typed, case.file)
    elif field.kind not in {"until", "window"}:
        sense.meant(case.file, case.action, field, typed, case.row, at)


def _class(case: Case) -> dict[str, Any]:
    """Ask what a matter becomes, until something changes: its category, or else its severity."""
    screen, row = case.screen, case.row
    categories = {one.code: one.name for one in categories_of(case.file, row.community)}
    severities = {str(one): SEVERITIES[one].said(screen.lang) for one in Severity}
    while True:
        category = pick(screen, "类别,回车不变", "Category, unchanged by Enter", categories, row.category)
        if category != row.category:
            return {"category": category}
        severity = pick(screen, "级别,回车不变", "Severity, unchanged by Enter", severities, row.severity)
        if severity != row.severity:
            return {"severity": severity}
        screen.show(styled(screen.t("没有说明改成什么。", "Nothing changes like that."), "yellow"))
