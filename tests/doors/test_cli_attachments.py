"""Photos and recordings from reception to export (INT-19)."""

import hashlib
import json
import stat

import pytest
from pictures import PLACE, mp3, photo

from starter.stripping import stripped


@pytest.fixture
def pictures(tmp_path):
    """Files as an operator has them."""
    made = {"red.jpg": photo(), "blue.png": photo("PNG", "blue"), "call.mp3": mp3(), "note.txt": b"no photo"}
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def digest_of(content):
    return hashlib.sha256(stripped(content).content).hexdigest()


def test_int_19_photos_live_with_their_order(huiyin, pictures):
    """INT-19, SEC-05: received, transferred, listed, exported; histories hold digests; the reading is on record."""
    files = ("--photo", str(pictures / "red.jpg"), "--photo", str(pictures / "call.mp3"))
    order = huiyin.received("--text", "漏水", *files)
    digests = [digest_of(photo()), digest_of(mp3())]
    [first, *_] = huiyin.ok("show", order)["events"]
    assert first["payload"]["attachments"] == digests
    huiyin.ok("clarify", order, "--as", "S06", "--text", "今天修好")
    huiyin.ok("register", order, "--as", "S06")
    huiyin.ok("dispatch", order, "--as", "S06", "--to", "S09")
    huiyin.ok("transfer", order, "--as", "S06", "--to", "S10", "--reason", "换班", "--other-trade")
    huiyin.ok("note", order, "--as", "S06", "--text", "补一张", "--photo", str(pictures / "blue.png"))
    listed = huiyin.ok("attachments", order)["attachments"]
    assert {one["digest"] for one in listed} == {*digests, digest_of(photo("PNG", "blue"))}
    shown = huiyin("attachments", order)
    assert shown.code == 0
    assert [
        word for word in ("image/jpeg", "audio/mpeg", "image/png", "随单", digests[0][:12]) if word not in shown.out
    ] == []
    assert "随单附件 2 个" in huiyin("show", order).out
    to = pictures / "out.jpg"
    save = ("attachments", order, "--save", digests[0][:8].upper(), "--to", str(to))
    huiyin.ok(*save, "--as", "S09")
    assert (hashlib.sha256(to.read_bytes()).hexdigest(), PLACE in to.read_bytes()) == (digests[0], False)
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert huiyin(*save, "--as", "S09").error == "file-exists"
    assert huiyin(*save, "--as", "owner").error == "forbidden"
    assert huiyin("attachments", order, "--save", "0" * 64, "--to", "x", "--as", "S09").error == "unknown-choice"


REFUSED = [("note.txt", 1, "attachment-type"), ("absent.jpg", 2, "file-unreadable"), ("", 2, "file-unreadable")]


@pytest.mark.parametrize(("name", "code", "error"), REFUSED)
def test_int_19_what_is_not_taken_changes_nothing(huiyin, pictures, name, code, error):
    """INT-19, API-08: no order is made, and an order that is there gets neither words nor files."""
    file = str(pictures / name)
    ran = huiyin("receive", "--as", "S06", "--community", "jinxiu", "--text", "漏水", "--photo", file)
    assert (ran.code, ran.error, file in ran.err) == (code, error, False)
    order = huiyin.received()
    ran = huiyin("note", order, "--as", "S06", "--text", "补", "--photo", str(pictures / "red.jpg"), "--photo", file)
    assert (ran.code, ran.error) == (code, error)
    assert huiyin.ok("attachments", order)["attachments"] == []
    assert huiyin("attachments", order).out.strip() == "没有附件。"


def test_int_19_a_refused_action_leaves_no_file(huiyin, pictures):
    """INT-19, CLK-21: what the engine refuses takes its files with it; the file of another action stays."""
    order = huiyin.received("--text", "漏水", "--photo", str(pictures / "blue.png"))
    both = ("--before", str(pictures / "red.jpg"), "--before", str(pictures / "blue.png"))
    assert huiyin("arrive", order, "--as", "S09", *both).error == "forbidden"
    [left] = huiyin.ok("attachments", order)["attachments"]
    assert left["digest"] == digest_of(photo("PNG", "blue"))


def test_int_19_a_repeated_reception_brings_its_photo_once(huiyin, pictures):
    """INT-11, INT-19: the same key and photo give the same order; another photo is another content."""
    said = ("--text", "漏水", "--key", "call-int-19", "--photo")
    order = huiyin.received(*said, str(pictures / "red.jpg"))
    assert huiyin.received(*said, str(pictures / "red.jpg")) == order
    other = ("receive", "--as", "S06", "--community", "jinxiu", "--category", "WATER_LEAK")
    assert huiyin(*other, *said, str(pictures / "blue.png")).error == "idempotency-key-reused"
    assert len(huiyin.ok("attachments", order)["attachments"]) == 1


def test_int_19_evidence_names_an_attachment_of_the_order(huiyin, pictures):
    """HND-05, INT-19: by its whole digest; one the order does not have is refused, with or without --dry-run."""
    order = huiyin.received("--text", "漏水", "--photo", str(pictures / "red.jpg"))
    share = ("assign-responsibility", order, "--as", "S02", "--share")
    for more in ((), ("--dry-run",)):
        assert huiyin(*share, f"owner 100 {'0' * 64}", *more).error == "attachment-unknown"
    huiyin.ok(*share, f"owner 100 {digest_of(photo())}")
    assert json.loads(huiyin("show", order, "--json").out)["responsibility"] == [{"party": "owner", "percent": 100}]
