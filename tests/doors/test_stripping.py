"""What devices write beside a picture or a sound is gone before anything is kept (INT-19)."""

from io import BytesIO

import pytest
from pictures import PLACE, amr, m4a, mp3, photo, wav
from PIL import Image

from domain.payloads import Attachments
from domain.refusals import Refused
from domain.settings.community import AttachmentRules
from starter.attaching import MEGABYTE, taken
from starter.stripping import stripped

RULES = AttachmentRules()
SOUNDS = {"audio/wav": wav(), "audio/mpeg": mp3(), "audio/mp4": m4a()}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_int_19_a_photo_tells_no_place(kind):
    """INT-19: neither as EXIF nor as XMP, comment or text; the picture is the same."""
    bare = stripped(photo(kind))
    assert (bare.media_type, PLACE in bare.content) == (f"image/{kind.lower()}", False)
    with Image.open(BytesIO(bare.content)) as image:
        assert (dict(image.getexif()), image.size) == ({}, (24, 16))
        red, green, blue = image.convert("RGB").getpixel((5, 5))
        assert (red > 240, green < 15, blue < 15) == (True, True, True)


def test_int_19_a_photo_is_turned_as_it_was_held():
    """INT-19: what said so is gone, so the pixels say it."""
    with Image.open(BytesIO(stripped(photo(orientation=6)).content)) as image:
        assert image.size == (16, 24)


def test_int_19_the_same_photo_is_the_same_bytes():
    """INT-11, INT-19: so a repeated request has the same content."""
    assert stripped(photo()) == stripped(photo())
    bare = stripped(photo()).content
    assert stripped(bare).content == bare


@pytest.mark.parametrize("media_type", SOUNDS)
def test_int_19_a_recording_tells_no_place(media_type):
    """INT-19: tags before, within and behind the sound; the sound stays where it was."""
    bare = stripped(SOUNDS[media_type])
    assert (bare.media_type, PLACE in bare.content) == (media_type, False)
    sound = {"audio/wav": b"\x01\x02" * 400, "audio/mpeg": b"\xff\xfb\x90\x00" + bytes(413)}
    assert sound.get(media_type, b"sound" * 20) in bare.content
    if media_type == "audio/mp4":
        assert bare.content.index(b"sound") == SOUNDS[media_type].index(b"sound")


def test_int_19_a_format_without_tags_stays_as_it_is():
    assert stripped(amr()) == ("audio/amr", amr())


UNFIT = {
    "film": m4a(handler=b"vide"),
    "text": b"<svg onload=alert(1)>",
    "nothing": b"",
    "half a photo": photo()[:200],
    "half a box": m4a()[:60],
    "a name is no type": b"GIF89a" + bytes(40),
    "tags alone": b"ID3\x04\0\0\0\0\0\x04abcd",
    "two bytes": b"\xff\xd8",
}


@pytest.mark.parametrize("content", UNFIT.values(), ids=UNFIT)
def test_int_19_what_cannot_be_stripped_is_refused_by_its_number(content):
    """INT-19, API-08: by content, never by name; one that does not fit refuses all."""
    with pytest.raises(Refused) as refused:
        taken([photo(), content], RULES)
    assert (refused.value.code, refused.value.facts) == ("attachment-type", {"number": 2})


def test_int_19_too_large_and_too_many_are_refused():
    """INT-19: to the byte and to the piece; both are settings."""
    exact = photo().ljust(20 * MEGABYTE, b"\0")
    assert len(taken([exact] + [photo()] * 8, RULES)) == 9
    with pytest.raises(Refused) as refused:
        taken([exact + b"\0"], RULES)
    assert (refused.value.code, refused.value.facts["most"]) == ("attachment-too-large", 20)
    with pytest.raises(Refused) as refused:
        taken([photo()] * 10, RULES)
    assert (refused.value.code, refused.value.facts) == ("too-many-attachments", {"count": 10, "most": 9})
    with pytest.raises(Refused, match="At most 2"):
        taken([photo()] * 3, AttachmentRules(most=2))


def test_a_bomb_of_pixels_is_no_photo():
    """SEC-06: a small file that would fill the memory."""
    for side in (11_000, 20_000):
        out = BytesIO()
        Image.new("1", (side, side)).save(out, "PNG")
        assert stripped(out.getvalue()) is None


def test_every_field_of_files_is_told_apart_from_words():
    """INT-19: what holds digests is found by its type."""
    from domain.payloads import Arrive, Note  # noqa: PLC0415 - beside their only use

    assert [Arrive.model_fields["before"].annotation, Note.model_fields["attachments"].annotation] == [Attachments] * 2
