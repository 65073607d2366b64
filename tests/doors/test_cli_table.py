"""The table of commands holds what the domain can do, and every screen fits its terminal in both languages."""

import subprocess
import sys
from typing import get_args

import pytest
import typer
from rich.cells import cell_len

from domain.commands import PAYLOADS, CommandName
from domain.events import EVENT_TYPES, Resumed
from domain.intake.payloads import Granted, Skipped
from domain.lifecycle import RULES_ALONE
from domain.lifecycle import STATABLE as TAKEN
from domain.vocabulary import (
    ArrearsCause,
    Channel,
    ClockName,
    ConflictStep,
    FeedbackKind,
    Kind,
    LadderAction,
    Mediator,
    Outcome,
    Party,
    ReturnReason,
    Role,
    Severity,
    Stage,
    Teller,
)
from domain.words import CLOCKS, RETURN_REASONS
from starter import intake
from starter.cli import input as cli_input
from starter.cli.app import app
from starter.cli.commands import ACTIONS, STATABLE
from starter.community_file import load
from starter.opening import sample_community
from starter.words import glossary as wording
from starter.words import handling as handling_words
from starter.words import times as time_words

RESOLVED = {
    "window_s",
    "terms",
    "terms_digest",
    "mode",
    "visits",
    "decision",
    "apologises",
    "delivery",
    "over_limit",
} | {"contractor"}
"""Fields the door fills in."""
KEPT = {
    CommandName.RECLOCK: {"category", "kind", "severity"},
    CommandName.GRAB: {"team"},
    CommandName.GIVE_PLAN: {"on"},
    CommandName.COMPLETE_RECOVERY: {"words"},
    CommandName.GIVE_FEEDBACK: {"leader"},
    CommandName.UNMERGE: {"duplicate", "went_on"},
    CommandName.DETACH_FROM_INCIDENT: {"incident"},
}
"""Fields not typed: a recount changes no class (CLK-31), a plan's date is its last measure's, a mass notice says itself
whose it is (GRP-06); the rest is history."""
LOOKED_AT = {CommandName.RECORD_CALLBACK: {"number"}}
"""What the door looks at and does not give on: whose number was called (CBK-08)."""
UNTYPED = RULES_ALONE
"""Given by rules alone (ESC-13, GRP-06)."""


def test_every_command_and_field_of_the_domain_can_be_typed():
    """API-07."""
    typed = {action.command: {field.fills for field in action.fields} for action in ACTIONS}
    known = {
        name: set(PAYLOADS[name].model_fields) - RESOLVED - KEPT.get(name, set()) | LOOKED_AT.get(name, set())
        for name in CommandName
        if name not in UNTYPED
    }
    assert typed == {name.value: fields for name, fields in known.items()}


def test_a_stated_time_is_offered_where_it_is_taken():
    """CLK-07: elsewhere what is typed is refused with the reason, and no help offers it."""
    assert frozenset(map(str, TAKEN)) == STATABLE
    commands = typer.main.get_command(app).commands
    offered = {
        action.command
        for action in ACTIONS
        for param in commands[action.typed].params
        if "--stated-at" in param.opts and not param.hidden
    }
    assert offered == STATABLE


def test_every_choice_is_one_the_domain_takes():
    enums = {ArrearsCause, Channel, ClockName, ConflictStep, FeedbackKind, Kind, Party, Severity, Teller, CommandName}
    sets = [*map(set, enums | {ReturnReason}), set(get_args(Skipped)), set(get_args(Granted))]
    for field in (field for action in ACTIONS for field in action.fields if field.choices):
        assert any(set(field.choices) <= one for one in sets), field.option


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (wording.STAGES, Stage),
        (CLOCKS, ClockName),
        (wording.ROLES, Role),
        (wording.CHANNELS, Channel),
        (wording.KINDS, Kind),
        (wording.SEVERITIES, Severity),
        (wording.FEEDBACK_KINDS, FeedbackKind),
        (wording.COMMANDS, CommandName),
        (handling_words.PARTIES, Party),
        (handling_words.CONFLICT_STEPS, ConflictStep),
        (handling_words.MEDIATORS, Mediator),
        (RETURN_REASONS, ReturnReason),
        (time_words.ARREARS_CAUSES, ArrearsCause),
        (time_words.OUTCOMES_OF_CLOCKS, Outcome),
        (time_words.PLANNED_ACTIONS, LadderAction),
        (time_words.PAUSE_REASONS, [one.code for one in load(sample_community()).pause_reason]),
        (time_words.SOURCES, ["category", "community", "policy", "default"]),
        (time_words.RESUMED_BECAUSE, get_args(Resumed.model_fields["because"].annotation)),
    ],
)
def test_every_code_has_words(words, codes):
    assert set(codes) - set(words) == set()


def test_every_event_has_words():
    assert set(EVENT_TYPES) == set(wording.EVENTS)


def test_the_longest_text_is_that_of_the_intake():
    assert cli_input.MAX_TEXT == intake.MAX_TEXT


def test_help_imports_neither_the_engine_nor_the_models():
    slow = ["temporalio", "pydantic", "asyncpg", "rich.table", "cryptography"]
    code = f"import starter.cli.main, sys; print([m for m in {slow} if m in sys.modules])"
    told = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


COMMANDS = [
    *(action.typed for action in ACTIONS),
    *(action.also for action in ACTIONS if action.also),
    "receive",
    "propose-incident",
    "list",
    "watch",
    "reconcile",
    "show",
    "explain",
    "duties",
    "import",
    "up",
    "down",
    "status",
    "demo",
]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_help_has_an_example_and_fits(huiyin, lang):
    example = {"zh": "示例:huiyin", "en": "Example: huiyin"}[lang]
    groups = ["audit history", "audit replay", "calendar show", "calendar check", "calendar diff"]
    commands = [*COMMANDS, *groups, "policy simulate", "policy check", "policy diff", "policy orders"]
    for command, ran in zip(
        commands, huiyin.many([*one.split(), "--help", "--lang", lang] for one in commands), strict=True
    ):
        assert (ran.code, example in ran.out, ran.err) == (0, True, ""), command
        assert "\x1f" not in ran.out
        assert "<" not in ran.out, "a type of the parser's, which means nothing to an operator"
        assert widest(ran.out) <= 80, command


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 120])
def test_screens_fit_their_terminal(huiyin, columns, lang):
    order = huiyin.received("--text", "漏水", "--room", "JX03-1-1502", "--name", "王小明")
    huiyin("respond", order, "--as", "S06", "--text", "已通话" * 60)
    for words in (("list", "--all"), ("show", order), ("show", order, "--words", "--as", "S06"), ("--help",)):
        ran = huiyin(*words, HUIYIN_LANG=lang, COLUMNS=str(columns))
        assert ran.code == 0
        assert widest(ran.out) <= columns, words


def test_a_group_speaks_the_language_that_is_asked_for(huiyin):
    """API-08: `--lang` beside a name that only holds commands, with `--help` or without."""
    said = [["--lang", "en"], ["calendar", "--lang=en"], ["policy", "--help", "--lang", "en"], ["audit"]]
    told = huiyin.many(said)
    assert [ran.code for ran in told] == [0] * 4
    assert ["Options" in ran.out for ran in told] == [True, True, True, False]
    assert huiyin("--lang", "en", "--lost").code == 2


def widest(text: str) -> int:
    return max(cell_len(line.rstrip()) for line in text.splitlines() if not line.startswith("  huiyin "))
