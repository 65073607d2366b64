"""The table of commands holds what the domain can do, and every screen fits its terminal in both languages."""

import subprocess
import sys

import pytest
from rich.cells import cell_len

from domain.commands import PAYLOADS, CommandName
from domain.events import EVENT_TYPES
from domain.vocabulary import Channel, ClockName, FeedbackKind, Kind, Role, Severity, Stage
from domain.words import CLOCKS
from starter import cli_input, intake, wording
from starter.cli_commands import ACTIONS

RESOLVED = {"terms", "terms_digest", "mode"}
"""Fields the door fills in."""


def test_every_command_and_field_of_the_domain_can_be_typed():
    typed = {action.command: {field.fills for field in action.fields} for action in ACTIONS}
    assert typed == {name.value: set(PAYLOADS[name].model_fields) - RESOLVED for name in CommandName}


def test_every_choice_is_one_the_domain_takes():
    sets = {Channel, ClockName, FeedbackKind, Kind, Severity, CommandName}
    for field in (field for action in ACTIONS for field in action.fields if field.choices):
        assert any(set(field.choices) <= set(one) for one in sets), field.option


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
    code = f"import starter.cli, sys; print([m for m in {slow} if m in sys.modules])"
    told = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


COMMANDS = [
    *(action.typed for action in ACTIONS),
    "receive",
    "list",
    "watch",
    "reconcile",
    "show",
    "import",
    "up",
    "down",
    "status",
    "demo",
]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_help_has_an_example_and_fits(huiyin, lang):
    example = {"zh": "示例:huiyin", "en": "Example: huiyin"}[lang]
    commands = [*COMMANDS, "audit history", "audit replay"]
    for command, ran in zip(
        commands, huiyin.many([*one.split(), "--help", "--lang", lang] for one in commands), strict=True
    ):
        assert (ran.code, example in ran.out, ran.err) == (0, True, ""), command
        assert "\x1f" not in ran.out
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


def widest(text: str) -> int:
    return max(cell_len(line.rstrip()) for line in text.splitlines() if not line.startswith("  huiyin "))
