"""Wrong settings: named with value and allowed values, exit code 2, in the chosen language, by whoever uses them."""

import ast
import json
import re
import socket
import subprocess
import sys

import pytest
from line import HUIYIN, ROOT, clean

from starter.opening import DoorSettings
from workflows.settings import PREFIX, WorkerSettings

NEEDED = {"HUIYIN_DATABASE_URL": "postgresql://x@/y", "HUIYIN_TEMPORAL_ADDRESS": "127.0.0.1:1"}
DOORS, UP, WORKER = ("list",), ("up",), ("worker",)
WRONG = [
    (UP, "HUIYIN_TEMPORAL_PORT=99999", "1 到 65535", "1 to 65535"),
    (UP, "HUIYIN_TEMPORAL_PORT=", "1 到 65535", "1 to 65535"),
    (UP, "HUIYIN_TEMPORAL_BUILD=never", "0 或 1", "0 or 1"),
    (UP, "HUIYIN_CACHE=/etc/passwd", "目录", "a folder"),
    (UP, "HUIYIN_WORKFLOW_SLOTS=1", "2 或更大的整数", "2 or more"),
    (
        UP,
        "HUIYIN_METRICS_ADDRESS=here",
        "“主机:端口”的形式,例如 127.0.0.1:9464",
        "a host and a port, such as 127.0.0.1:9464",
    ),
    (DOORS, "HUIYIN_LANG=fr", "zh 或 en", None),
    (DOORS, "HUIYIN_DATABASE_URL=mysql://x", "postgresql://", "postgresql://"),
    (DOORS, "HUIYIN_DATABASE_URL=", "非空", "left out"),
    (DOORS, "HUIYIN_DATABASE_URL=postgresql://h:70000/x", "postgresql://", "postgresql://"),
    (DOORS, "HUIYIN_TEMPORAL_ADDRESS=localhost", "例如 127.0.0.1:7233", "a host and a port, such as 127.0.0.1:7233"),
    (WORKER, "HUIYIN_TEMPORAL_ADDRESS=localhost", "例如 127.0.0.1:7233", "such as 127.0.0.1:7233"),
    (DOORS, "HUIYIN_TEMPORAL_TLS_CERT=/nope", "可读取的文件", "a file that can be read"),
    (DOORS, "HUIYIN_TEMPORAL_TLS=maybe", "0 或 1", "0 or 1"),
    (DOORS, "HUIYIN_KEK_FILE=/nope", "可读取的文件", "a file that can be read"),
    (DOORS, "HUIYIN_LOG_LEVEL=LOUD", "DEBUG、INFO、WARNING、ERROR", "DEBUG, INFO, WARNING, ERROR"),
    (DOORS, "HUIYIN_POOL_SIZE=0", "1 或更大的整数", "1 or more"),
    (("status",), "HUIYIN_LOG_FORMAT=xml", "json、console", "json, console"),
    (("status",), "HUIYIN_TEMPORAL_PORT=99999", "1 到 65535", "1 to 65535"),
    (("demo",), "HUIYIN_SANDBOX=perhaps", "0 或 1", "0 or 1"),
    (WORKER, "HUIYIN_LOG_LEVEL=LOUD", "DEBUG、INFO、WARNING、ERROR", "DEBUG, INFO, WARNING, ERROR"),
    (("starter.relay",), "HUIYIN_POOL_SIZE=many", "1 或更大的整数", "1 or more"),
]


MANY = """
import contextlib, io, json, os, sys
import worker
from starter import relay
from starter.cli.main import run
programs = {"worker": lambda _: worker.main([]), "starter.relay": lambda _: relay.main()}
for words, settings in json.load(sys.stdin):
    os.environ.update(settings)
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        code = programs.get(words[0], run)(words)
    print(json.dumps([code, told.getvalue()]), flush=True)
    for name in settings:
        del os.environ[name]
os._exit(0)
"""
"""Runs commands, and our processes, one after the other, each with settings of its own: imports are paid once."""


def ran(data, *wrong) -> list[tuple[int, str]]:
    """Run commands where no server is; the exit code of each and what it said."""
    env = {**clean(), "HUIYIN_DATA": str(data), "COLUMNS": "200"}
    argv, told = (sys.executable, "-c", MANY), json.dumps(wrong)
    done = subprocess.run(argv, env=env, cwd=ROOT, input=told, capture_output=True, text=True, timeout=120, check=True)
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def settings_of(words, setting: str, lang: str) -> dict[str, str]:
    name, _, value = setting.partition("=")
    return {"HUIYIN_LANG": lang, **(NEEDED if words == WORKER else {}), name: value}


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> dict[str, list]:
    data = tmp_path_factory.mktemp("settings")
    told = {
        lang: ran(data, *((words, settings_of(words, setting, lang)) for words, setting, _, _ in WRONG))
        for lang in ("zh", "en")
    }
    assert not list(data.iterdir())
    return told


@pytest.mark.parametrize("place", range(len(WRONG)), ids=lambda place: WRONG[place][1])
def test_a_wrong_setting_is_named_with_its_value_and_what_is_allowed(answers, place):
    """OPS-06: in the language that was chosen, and in no library's words."""
    _, setting, *allowed = WRONG[place]
    for lang, wanted in zip(("zh", "en"), allowed, strict=True):
        code, told = answers[lang][place]
        assert code == 2, told
        assert setting in told
        assert wanted is None or wanted in told
        assert not re.search("Input should|Traceback|validation error", told)


def test_a_certificate_without_its_key_and_a_password_that_is_not_told(tmp_path):
    """OPS-06, SEC-05: what is missing is named; a secret is not repeated."""
    wrong = {"HUIYIN_TEMPORAL_TLS_CERT": str(HUIYIN), "HUIYIN_DATABASE_URL": "my://u:pass/w@h/d?x=y"}
    [(code, told)] = ran(tmp_path, (("list",), wrong))
    assert code == 2
    assert "HUIYIN_TEMPORAL_TLS_KEY" in told
    assert "my://…@h/d" in told
    assert "pass" not in told


def test_an_address_for_figures_that_is_taken_is_told_before_any_server_starts(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = "{}:{}".format(*taken.getsockname())
        [(code, told)] = ran(tmp_path, (("up",), {"HUIYIN_METRICS_ADDRESS": address}))
    assert (code, f"HUIYIN_METRICS_ADDRESS={address}" in told) == (2, True)
    assert not list(tmp_path.iterdir())


def test_a_wrong_number_of_workers_is_told_its_range(tmp_path):
    for code, told in ran(tmp_path, *((("up", "--workers", "0", "--lang", lang), {}) for lang in ("zh", "en"))):
        assert (code, "1–32" in told, "--workers 32" in told) == (2, True, False)


def test_a_setting_of_the_env_file_counts_for_every_command(tmp_path):
    """OPS-06: `.env` of the working folder, which the environment overrules."""
    (tmp_path / ".env").write_text("HUIYIN_TEMPORAL_PORT=99999\nHUIYIN_LANG=en\n", encoding="utf-8")
    env = {**clean(), "HUIYIN_DATA": str(tmp_path / "data")}
    words = (HUIYIN, "up")
    done = subprocess.run(words, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "The setting HUIYIN_TEMPORAL_PORT=99999" in done.stderr) == (2, True)
    done = subprocess.run(
        words, env={**env, "HUIYIN_LANG": "fr"}, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert "HUIYIN_LANG=fr" in done.stderr


def test_the_manual_names_every_setting_there_is():
    """OPS-06: those of our processes, and those that the code reads by name."""
    declared = {PREFIX + name.upper() for kind in (DoorSettings, WorkerSettings) for name in kind.model_fields}
    for room in ("stack", "starter", "workflows", "records", "activities"):
        for file in (ROOT / room).rglob("*.py"):
            words = (
                node.value for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if hasattr(node, "value")
            )
            declared |= {word for word in words if isinstance(word, str) and re.fullmatch("HUIYIN_[A-Z_]+[A-Z]", word)}
    table = (
        (ROOT / "docs" / "operating.md").read_text(encoding="utf-8").partition("## Settings")[2].partition("\n## ")[0]
    )
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `HUIYIN_")]
    assert {name for row in rows for name in re.findall("HUIYIN_[A-Z_]+", row)} == declared
