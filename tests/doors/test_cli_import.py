"""Import by command: one order or one named reject for every row, whatever happens in between (INT-22)."""

import csv
import shutil
import signal
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "examples" / "sf311_demo.csv"
HOUSING = ROOT / "tests" / "data" / "sf311_housing.csv"


def test_a_second_import_adds_nothing(huiyin, tmp_path):
    file = shutil.copy(DEMO, tmp_path / "demo.csv")
    foretold = huiyin.ok("import", file, "--dry-run")
    first, again = huiyin.ok("import", file), huiyin.ok("import", file)
    assert first["rows"] == first["new"] + first["repeated"] == 60
    assert (first["new"], foretold["new"]) == (60, 60)
    assert (again["new"], again["repeated"], again["rejected"]) == (0, 60, {})
    assert not Path(f"{file}.rejects.csv").exists()


def test_rejects_are_named_beside_the_file(huiyin, tmp_path):
    file = tmp_path / "some.csv"
    lines = DEMO.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([*lines[:3], lines[3].replace("2", "x", 1) + "\n", '"open,\n']), encoding="utf-8")
    ran = huiyin("import", str(file))
    assert ran.code == 0
    assert "拒收" in ran.out
    with Path(f"{file}.rejects.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["reason"] for row in rows] == ["quote_not_closed"]
    told = huiyin.ok("import", str(file), "--rejects", str(tmp_path / "r.csv"))
    assert (told["rejected"], told["rejects_file"]) == ({"quote_not_closed": 1}, str(tmp_path / "r.csv"))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a,b\n1,2\n"], ids=["empty", "no text", "other columns"])
def test_a_file_that_is_no_import_is_refused_whole(huiyin, tmp_path, content):
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    ran = huiyin("import", str(file), "--json")
    assert (ran.code, ran.error.startswith("import-")) == (2, True)


def listed(huiyin) -> set[str]:
    """Numbers of the orders of this community, as many as a list shows; other tests have left some."""
    rows = huiyin.ok("list", "--community", "sf-housing", "--limit", "200")["orders"]
    return {row["order"] for row in rows}


def test_an_interrupted_import_goes_on_where_it_stopped(huiyin, tmp_path):
    file = shutil.copy(HOUSING, tmp_path / "housing.csv")
    before = listed(huiyin)
    running = huiyin.begun("import", file, "--json")
    while listed(huiyin) == before:
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=60)
    assert running.returncode in {0, 130}
    assert b'"complete": false' in out or running.returncode == 0
    rest = huiyin.ok("import", file)
    assert (rest["rows"], rest["new"] + rest["repeated"], rest["rejected"]) == (849, 847, {"test_row": 2})
    assert huiyin.ok("import", file, "--dry-run")["new"] == 0
