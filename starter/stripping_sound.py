"""Recordings without tags: title, place, device (INT-19). Only sound: a film may hold places within its data."""

import struct
from collections.abc import Iterator

WAV, MP3, AMR, M4A = "audio/wav", "audio/mpeg", "audio/amr", "audio/mp4"
HEARD = {b"fmt ", b"fact", b"data"}
"""Chunks of a WAV file that make its sound."""
TELLING = {b"udta", b"meta", b"uuid"}
"""Boxes of an M4A file that tell of it."""
WITHIN = {b"moov", b"trak", b"mdia"}
ID3, ID3_END, APE = 10, 128, 32


def stripped_sound(content: bytes) -> tuple[str, bytes] | None:
    """Return type and content of a recording without its tags; None when it is none, or damaged."""
    try:
        if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
            return WAV, _wav(content)
        if content.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
            return AMR, content  # the format knows no tags
        if content[4:8] == b"ftyp":
            return M4A, _m4a(content)
        bare = _mp3(content)
    except (ValueError, struct.error):
        return None
    return (MP3, bare) if bare[:1] == b"\xff" and bare[1:2] >= b"\xe0" and bare[1:2] != b"\xff" else None


def _wav(content: bytes) -> bytes:
    chunks, at = [], 12
    while at + 8 <= len(content):
        size = struct.unpack_from("<I", content, at + 4)[0]
        end = at + 8 + size + size % 2
        if content[at : at + 4] in HEARD:
            chunks.append(content[at:end])
        at = end
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _mp3(content: bytes) -> bytes:
    """Cut the tags before and behind the frames: ID3v2, ID3v1, APE."""
    while content[:3] == b"ID3" and len(content) > ID3:
        seven = content[6:10]
        content = content[ID3 + (seven[0] << 21 | seven[1] << 14 | seven[2] << 7 | seven[3]) :]
    if content[-ID3_END:][:3] == b"TAG":
        content = content[:-ID3_END]
    while content[-APE:][:8] == b"APETAGEX":
        size, flags = struct.unpack_from("<I4xI", content, len(content) - APE + 12)
        content = content[: max(len(content) - size - (APE if flags & 0x80000000 else 0), 0)]
    return content


def _m4a(content: bytes) -> bytes:
    """Blank the boxes that tell of the file, in place: so the offsets to its sound stay true."""
    bare = bytearray(content)
    sounds = 0
    for kind, start, body, end in _boxes(content, 0, len(content)):
        if kind in TELLING:
            bare[start + 4 : start + 8] = b"free"
            bare[body:end] = bytes(end - body)
        if kind == b"hdlr":
            if content[body + 8 : body + 12] != b"soun":
                raise ValueError(kind)
            sounds += 1
    if not sounds:
        raise ValueError
    return bytes(bare)


def _boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield each box with its start, the start of its body and its end; those that hold others, then what they hold."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", content, at)
        body = at + 8
        if size == 1:
            size, body = struct.unpack_from(">Q", content, at + 8)[0], at + 16
        until = end if size == 0 else at + size
        if not body <= until <= end:
            raise ValueError(kind)
        yield kind, at, body, until
        if kind in WITHIN:
            yield from _boxes(content, body, until)
        at = until
