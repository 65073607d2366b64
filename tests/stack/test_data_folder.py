"""The data folder says in one sentence why it cannot be used, and a lock left behind is no obstacle."""

import json
import os
import stat
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from stack import folder
from stack.errors import StackError


def code_of(path: Path) -> str:
    with pytest.raises(StackError) as refused:
        folder.prepare(path)
    error = refused.value
    assert str(path) in error.zh
    assert str(path) in error.en
    assert error.remedy_zh
    assert error.remedy_en
    return error.code


def test_it_is_made_private(tmp_path: Path):
    made = folder.prepare(tmp_path / "a" / "b")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_a_file_in_its_place(tmp_path: Path):
    (tmp_path / "file").write_text("")
    assert code_of(tmp_path / "file") == "data-not-folder"
    assert code_of(tmp_path / "file" / "below") == "data-not-folder"


@pytest.mark.parametrize("path", [Path("/proc/huiyin"), Path("/sys/kernel"), Path("/proc/1")])
def test_a_read_only_place_also_for_root(path: Path):
    assert code_of(path) == "data-not-writable"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_somebody_else():
    assert code_of(Path("/etc")) == "data-not-writable"


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(folder, "NEEDED_MB", 10**12)
    assert code_of(tmp_path) == "no-space"


def test_one_holder_at_a_time(tmp_path: Path):
    with folder.locked(tmp_path) as holder:
        assert folder.read_holder(tmp_path) == holder
        with pytest.raises(StackError, match=f"already-running.*process {os.getpid()}"), folder.locked(tmp_path):
            pass
    assert folder.read_holder(tmp_path) is None
    with folder.locked(tmp_path):
        pass


def test_since_when_it_is_held_is_told_by_the_clock_of_the_house(tmp_path: Path):
    """OPS-03, CAL-09: as every other page tells times."""
    zone = ZoneInfo("Asia/Shanghai")
    with folder.locked(tmp_path) as holder:
        with pytest.raises(StackError) as refused, folder.locked(tmp_path, zone):
            pass
        at = f"{datetime.fromisoformat(holder.since).astimezone(zone):%Y-%m-%d %H:%M:%S}"
    assert f"自 {at}（Asia/Shanghai）起。" in refused.value.zh
    assert f"since {at} (Asia/Shanghai)." in refused.value.en


def test_a_lock_left_by_a_dead_process_is_no_obstacle(tmp_path: Path):
    (tmp_path / "up.lock").write_text(json.dumps({"pid": 2**22 - 1, "born": "1", "since": "?"}))
    assert folder.read_holder(tmp_path) is None
    with folder.locked(tmp_path):
        pass


def test_a_later_process_with_the_same_number_is_not_the_holder(tmp_path: Path):
    (tmp_path / "up.lock").write_text(json.dumps({"pid": os.getpid(), "born": "1", "since": "?"}))
    assert folder.read_holder(tmp_path) is None


@pytest.mark.parametrize("note", ["", "{}", "[]", "null", '{"data": 1}'])
def test_a_broken_note_is_no_ground(tmp_path: Path, note: str):
    (tmp_path / "ground.json").write_text(note)
    assert folder.read_ground(tmp_path) is None


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"HUIYIN_DATA": "/x/y"}, Path("/x/y")),
        ({"XDG_DATA_HOME": "/d"}, Path("/d/huiyin")),
        ({}, Path("~/.local/share/huiyin").expanduser()),
    ],
)
def test_where_it_lies(environ: dict[str, str], expected: Path):
    assert folder.default_data(environ) == expected
