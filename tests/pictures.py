"""Photos and recordings as devices make them, with everything they write beside what is seen and heard."""

import struct
import wave
from functools import cache
from io import BytesIO

from PIL import Image, PngImagePlugin

PLACE = b"31.2304N121.4737E"
"""Stands wherever a device writes where it was."""


@cache
def photo(kind="JPEG", colour="red", size=(24, 16), orientation=1):
    """A photo of one colour that tells its place in every way its kind knows."""
    image = Image.new("RGB", size, colour)
    told = Image.Exif()
    told[0x0112] = orientation
    told[0x010F] = PLACE.decode()
    told.get_ifd(0x8825)[29] = PLACE.decode()  # GPS
    xmp = b"<x:xmpmeta>" + PLACE + b"</x:xmpmeta>"
    out = BytesIO()
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", PLACE.decode())
        image.save(out, "PNG", pnginfo=info, exif=told)
    elif kind == "WEBP":
        image.save(out, "WEBP", exif=told, xmp=xmp)
    else:
        image.save(out, "JPEG", exif=told, xmp=xmp, comment=PLACE)
    assert PLACE in out.getvalue()
    return out.getvalue()


def wav():
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x01\x02" * 400)
    told = b"LIST" + struct.pack("<I", 4 + len(PLACE) + 1) + b"INFO" + PLACE + b"\0"
    whole = out.getvalue() + told
    return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]


def mp3():
    size = len(PLACE)
    before = b"ID3\x04\0\0" + bytes((0, 0, 0, size)) + PLACE
    frames = (b"\xff\xfb\x90\x00" + bytes(413)) * 3
    ape = PLACE + b"APETAGEX" + struct.pack("<IIII", 2000, len(PLACE) + 32, 1, 0) + bytes(8)
    return before + frames + ape + b"TAG" + PLACE.ljust(125, b"\0")


def box(kind, body):
    return struct.pack(">I4s", len(body) + 8, kind) + body


def m4a(handler=b"soun"):
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12))) + box(b"udta", PLACE))
    moov = box(b"moov", track + box(b"udta", box(b"\xa9xyz", PLACE)) + box(b"meta", PLACE))
    return box(b"ftyp", b"M4A \0\0\0\0") + moov + box(b"mdat", b"sound" * 20)


def amr():
    return b"#!AMR\n" + b"\x04" + bytes(12)
