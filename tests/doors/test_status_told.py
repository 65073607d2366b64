"""`huiyin status` in words: what nobody can tell, what has waited longest, remedies that can be typed (OPS-03)."""

import io
import re
import socket
from pathlib import Path

import pytest
from rich.console import Console

from records.pulse import Pulse
from stack.checks import Check, check_engine, missing, unknown
from stack.folder import Ground, Holder
from stack.ground import from_environment
from starter.ground import show_page
from starter.sight import Sight
from starter.status_page import files, house, parts

QUIET = Pulse({}, 0, 0, {}, 0, None, None, 0, None, 0, None, 2, 4.2, 0, None)
AWAY = [
    Check("postgres", fine=True, fact="18.4"),
    missing("schema", "work_order_event,outbox", "tables-lost"),
    missing("relay", "75 s", "silent"),
    missing("temporal", "127.0.0.1:21996", "no-answer"),
    unknown("worker"),
]


def drawn(table) -> str:
    """What a screen of eighty columns shows, in one line of each cell."""
    shown = io.StringIO()
    Console(file=shown, width=80).print(table)
    return shown.getvalue()


async def test_of_a_silent_engine_nobody_can_tell_whether_a_worker_is_there(tmp_path) -> None:
    """OPS-03: it is not told as missing, for it may well live."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = "{}:{}".format(*silent.getsockname())
        told = await check_engine(from_environment({"HUIYIN_TEMPORAL_ADDRESS": address}, data=tmp_path))
    assert told == [missing("temporal", address, "no-answer"), unknown("worker")]


@pytest.mark.parametrize("up", [True, False])
def test_what_is_not_known_has_no_remedy_and_no_english_in_chinese(up) -> None:
    """OPS-03: where `up` runs it can't be typed once more; what helps then can."""
    rows = drawn(parts(AWAY, "zh", up=up))
    worker = next(line for line in rows.splitlines() if "工作进程" in line)
    assert ("未知" in worker, "huiyin" in rows.partition("工作进程")[2]) == (True, False)
    columns = zip(*(line.split("│") for line in rows.splitlines()[2:]), strict=True)
    text = "".join(map("".join, columns)).replace(" ", "")
    for said in ("work_order_event,outbox", "缺失或待补写", "未查询数据库", "127.0.0.1:21996", "无应答"):
        assert said in text, text
    assert not re.search("answer|question|lost", text), text
    assert ("huiyindown" in text, "HUIYIN_TEMPORAL_ADDRESS" in text) == (up, not up)


def test_on_a_full_disk_nothing_is_started_again_but_room_is_made() -> None:
    """OPS-03: what `up` needs room for can't help where there is none."""
    rows = drawn(parts(AWAY, "en", up=True, full=True))
    assert ("disk space" in rows, "huiyin down" in rows) == (True, False)


@pytest.mark.parametrize(
    ("lang", "oldest"), [("zh", "最久等待 流程待启动 4 秒"), ("en", "oldest of these processes to start: 4 s")]
)
def test_it_is_said_what_has_waited_longest(lang, oldest) -> None:
    """OPS-03: whole, on a screen of eighty columns."""
    page = drawn(house(Sight(QUIET, 0), None, lang))
    assert oldest in re.sub(r" +", " ", page), page
    assert "…" not in page


FAR = Path("/srv/property-services/" + "a-long-name/" * 6)


@pytest.mark.parametrize("number", [None, 3])
def test_a_file_is_named_in_the_tables_and_told_whole_below(number) -> None:
    """OPS-03: a path is never broken, so it can be copied; settings that were loaded live in the record."""
    keys, file = Check("keys", fine=True, fact=str(FAR / "kek.json")), str(FAR / "community.toml")
    rules = {"number": number, "version": "2026.1", "digest": "c0" * 32, "since": None, "file": file, "warnings": []}
    tables = drawn(parts([keys], "zh", up=True)) + drawn(house(Sight(QUIET, 0), rules, "zh"))
    assert ("kek.json" in tables, "community.toml" in tables) == (True, number is None)
    assert "property-services" not in tables
    assert list(files([keys, unknown("keys")], rules)) == [keys.fact, *([] if number else [file])]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_of_up_breaks_no_path(lang) -> None:
    """OPS-03: each log on a line of its own, below what writes it."""
    ends = {name: FAR / "logs" / f"{name}.log" for name in ("postgres", "temporal", "temporal-1")}
    dsn = f"postgresql://huiyin@/huiyin?host={FAR}"
    versions = {"temporal_version": "1.32.1", "postgres_version": "18.4", "time_skipping": False}
    where = {"data": FAR, "dsn": dsn, "temporal_address": "127.0.0.1:7233", "namespace": "huiyin"}
    ground = Ground(**where, **versions, up=Holder(1, "", ""), logs=ends, pids=dict.fromkeys(ends, 7))
    console = Console(file=io.StringIO(), width=80)
    show_page(ground, {}, lang, console)
    lines = console.file.getvalue().splitlines()
    assert [line.strip() for line in lines if line.endswith(".log")] == [*map(str, ends.values())]
    assert str(FAR) in lines[0]
    assert lines[1].endswith(f"host={FAR}")
    assert len(lines) == 2 + 2 * len(ends)
