"""What is sealed opens in its own place only, and only with the key file."""

import base64
import hashlib
import hmac
import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from records.errors import RecordsRefused
from records.naming import mask_name, mask_phone, normalise_phone
from records.vault import KeyRing, blind, new_key, open_words, seal_words

PLACE = {"community": "jinxiu", "table": "pii_text", "row_id": "txt_1", "subject_id": "sub_1"}


def test_words_come_back_and_the_digest_proves_them():
    dek = new_key()
    sealed = seal_words(dek, "厨房漏水", **PLACE)
    opened = open_words(dek, sealed.sealed, **PLACE)
    assert opened == ("厨房漏水", sealed.digest)
    assert seal_words(dek, "厨房漏水", **PLACE).digest != sealed.digest


def test_the_digest_is_hmac_of_the_words_under_the_salt_in_the_seal():
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    dek = new_key()
    sealed, digest = seal_words(dek, "漏水", **PLACE)
    plain = AESGCM(dek).decrypt(sealed[:12], sealed[12:], b"jinxiu|pii_text|txt_1|sub_1")
    assert plain[32:].decode() == "漏水"
    assert digest == hmac.new(plain[:32], "漏水".encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("part", PLACE)
def test_a_seal_moved_to_another_place_is_refused(part):
    dek = new_key()
    sealed = seal_words(dek, "漏水", **PLACE).sealed
    with pytest.raises(RecordsRefused, match=r"^seal-broken$"):
        open_words(dek, sealed, **{**PLACE, part: "other"})


def test_a_changed_or_cut_seal_or_another_key_is_refused():
    dek = new_key()
    sealed = seal_words(dek, "漏水", **PLACE).sealed
    for key, broken in (
        (dek, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (dek, sealed[:9]),
        (dek, b""),
        (new_key(), sealed),
    ):
        with pytest.raises(RecordsRefused, match=r"^seal-broken$"):
            open_words(key, broken, **PLACE)


def test_an_id_that_could_name_two_places_is_refused():
    with pytest.raises(RecordsRefused, match=r"^id-unfit$"):
        seal_words(new_key(), "漏水", **{**PLACE, "row_id": "txt_1|sub_1"})


def test_words_that_are_no_text_are_refused_unquoted():
    with pytest.raises(RecordsRefused, match=r"^words-unfit$") as refused:
        seal_words(new_key(), "王小明\ud800", **PLACE)
    assert refused.value.__context__ is None


def test_a_wrapped_key_opens_for_its_own_id_alone():
    ring, key = KeyRing.made(), new_key()
    wrapped = ring.wrap(key, table="subject_key", row_id="sub_1")
    assert ring.unwrap(wrapped, table="subject_key", row_id="sub_1") == key
    with pytest.raises(RecordsRefused, match=r"^seal-broken$"):
        ring.unwrap(wrapped, table="subject_key", row_id="sub_2")


def test_a_rotated_ring_opens_old_keys_and_closes_with_the_new_one():
    old, key = KeyRing.made(), new_key()
    wrapped = old.wrap(key, table="subject_key", row_id="sub_1")
    fresh = old.rotated()
    assert fresh.unwrap(wrapped, table="subject_key", row_id="sub_1") == key
    newer = fresh.wrap(key, table="subject_key", row_id="sub_1")
    assert newer.kek_id == fresh.current != old.current
    with pytest.raises(RecordsRefused, match=r"^kek-unknown$"):
        old.unwrap(newer, table="subject_key", row_id="sub_1")


def test_the_key_file_is_private_and_read_again(tmp_path):
    path = tmp_path / "keys" / "kek.json"
    wrapped = KeyRing.open(path).wrap(b"k" * 32, table="t", row_id="1")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    KeyRing.open(path).rotated().save(path)
    assert KeyRing.open(path).unwrap(wrapped, table="t", row_id="1") == b"k" * 32
    assert [file.name for file in path.parent.iterdir()] == ["kek.json"]


def test_processes_that_make_the_key_file_at_once_share_one(tmp_path):
    path = tmp_path / "kek.json"
    with ThreadPoolExecutor(16) as threads:
        assert len({ring.current for ring in threads.map(lambda _: KeyRing.open(path), range(64))}) == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"current":"a","keys":{}}',
        '{"current":"a","keys":{"a":"!"}}',
        '{"current":"a","keys":[1]}',
        json.dumps({"current": "a", "keys": {"a": base64.b64encode(b"short").decode()}}),
    ],
)
def test_a_broken_key_file_is_refused_without_its_content(tmp_path, content):
    path = tmp_path / "kek.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(RecordsRefused, match=r"^key-file-unreadable$"):
        KeyRing.open(path)


def test_a_key_file_others_may_read_is_refused(tmp_path):
    path = tmp_path / "kek.json"
    KeyRing.open(path)
    path.chmod(0o640)
    with pytest.raises(RecordsRefused, match=r"^key-file-exposed$"):
        KeyRing.open(path)


def test_a_ring_does_not_show_its_keys():
    ring = KeyRing.made()
    assert ring.current not in repr(ring)


def test_a_blind_value_depends_on_the_community_key():
    one, other = new_key(), new_key()
    assert blind(one, "13800001234") == blind(one, "13800001234") != blind(other, "13800001234")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("13800001234", "13800001234"),
        (" 138-0000 1234 ", "13800001234"),
        ("+86 138 0000 1234", "13800001234"),
        ("008613800001234", "13800001234"),
        ("8613800001234", "13800001234"),
        ("138００００1234", "13800001234"),
        ("+86 755 1234 5678", "075512345678"),
        ("(0755) 1234-5678", "075512345678"),
        ("+86 400 123 4567", "4001234567"),
        ("+852 9123 4567", "+85291234567"),
        ("00852 9123 4567", "+85291234567"),
        ("不详", ""),
    ],
)
def test_spellings_of_one_number_are_one(written, plain):
    assert normalise_phone(written) == plain


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (mask_phone("138 0000 5678"), "138****5678"),
        (mask_phone("1234567"), "****67"),
        (mask_name("王小明"), "王**"),
        (mask_name("欧阳"), "欧**"),
        (mask_name(""), "**"),
    ],
)
def test_masks(shown, expected):
    assert shown == expected
