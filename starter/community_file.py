"""The settings file on disk: read, checked as a whole, and every fault told with file, key and line (OPS-06)."""

import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from domain.settings.community import CommunityFile
from domain.settings.faults import BadCommunity, Fault
from domain.settings.reading import read
from domain.settings.remedies import REMEDIES
from domain.timekeeping.almanac import lapsing
from domain.words import word
from starter.policy.toml_lines import line_of, lines_of
from starter.words.system import reason
from starter.words.toml import in_chinese
from starter.words.toml import line_of as syntax_line

FEW = 3
"""So many of the other entries of a fault are named in its line."""


class Spot(NamedTuple):
    """A key of the file and its line: that of the key, else of the nearest table around it."""

    line: int | None
    key: str


class Placed(NamedTuple):
    """One fault, the line it stands in, and the other entries it concerns."""

    line: int | None
    fault: Fault
    also: tuple[Spot, ...] = ()


class BadCommunityFile(BadCommunity):
    """A settings file that is refused, with the line of every fault."""

    def __init__(self, path: Path, placed: tuple[Placed, ...]) -> None:
        super().__init__(tuple(one.fault for one in placed))
        self.path = path
        self.placed = placed

    def __str__(self) -> str:
        """Say every fault in English, one a line."""
        return "\n".join(self.lines("en"))

    def lines(self, lang: str) -> tuple[str, ...]:
        """Say every fault as `file:line: key: sentence`, in `zh` or `en`."""
        return tuple(said(self.path, one, lang) for one in self.placed)


def load(path: Path) -> CommunityFile:
    """Read and check a settings file; raises `BadCommunityFile` and leaves whatever was active before untouched."""
    text = text_of(path)
    try:
        return read(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadCommunityFile(path, (syntax(error),)) from None
    except BadCommunity as bad:
        raise BadCommunityFile(path, placed_in(text, bad.faults)) from None


def lapses(path: Path, file: CommunityFile, at: datetime) -> tuple[Placed, ...]:
    """Return what a sound file warns of at an instant: calendars whose sure holiday data end soon (CAL-11)."""
    return placed(path, lapsing_at(file, at))


def lapsing_at(file: CommunityFile, at: datetime) -> tuple[Fault, ...]:
    """Return the same without lines, for settings that stand in no file."""
    return lapsing(file, at.astimezone(ZoneInfo(file.firm.default_zone)).date())


def placed(path: Path, faults: Sequence[Fault]) -> tuple[Placed, ...]:
    """Find the line of faults that something else found in a file."""
    return placed_in(text_of(path), faults)


def placed_in(text: str, faults: Sequence[Fault]) -> tuple[Placed, ...]:
    """Find the line of each fault, in the order of the file."""
    lines = lines_of(text)
    found = (
        Placed(line_of(fault.path, lines), fault, tuple(Spot(line_of(key, lines), key) for key in fault.also))
        for fault in faults
    )
    return tuple(sorted(found, key=lambda one: one.line or 0))


def text_of(path: Path) -> str:
    """Read the file's text, or say why it can't be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise _unreadable(path, "no_file", "文件不存在", "there is no such file") from None
    except IsADirectoryError:
        raise _unreadable(path, "a_folder", "这是一个文件夹,不是文件", "this is a folder, not a file") from None
    except UnicodeDecodeError as error:
        zh, en = f"第 {error.start} 字节处不是 UTF-8", f"byte {error.start} is not UTF-8"
        raise _unreadable(path, "not_utf8", zh, en) from None
    except OSError as error:
        why = reason(error)
        zh, en = f"无法读取({why.zh})", f"it can't be read ({why.en})"
        raise _unreadable(path, "unreadable", zh, en) from None
    if not text.strip():
        raise _unreadable(path, "empty", "文件是空的", "the file is empty")
    return text.replace("\r\n", "\n")


def _unreadable(path: Path, code: str, zh: str, en: str) -> BadCommunityFile:
    """Refuse a file whose text can't even be read."""
    return BadCommunityFile(path, (Placed(None, Fault("", code, zh, en)),))


def syntax(error: tomllib.TOMLDecodeError) -> Placed:
    """Take line and column out of tomllib's own sentence."""
    words = str(error)
    fault = Fault("", "syntax", f"不是有效的 TOML:{in_chinese(words)}", f"this is not TOML: {words}")
    return Placed(syntax_line(words), fault)


def said(path: Path, one: Placed, lang: str) -> str:
    """Say one fault in a line."""
    told = sentence(one.fault, lang) + "".join(f"{' ' * (lang != 'zh')}({line})" for line in others(one, lang))
    return ": ".join(part for part in (where(path, one), one.fault.path, told) if part)


def others(one: Placed, lang: str) -> tuple[str, ...]:
    """Say where the other entries stand that a fault concerns, the first few of them; nothing where it has none."""
    if not one.also:
        return ()
    zh, more = lang == "zh", len(one.also) - FEW
    places = [f"第 {spot.line} 行 {spot.key}" if zh else f"line {spot.line} {spot.key}" for spot in one.also[:FEW]]
    said = ("另见" if zh else "see also ") + ("、" if zh else ", ").join(places)
    rest = f" 等 {len(one.also)} 处" if zh else f" and {more} more places"
    return (said + rest * (more > 0),)


def facts(one: Placed, lang: str) -> dict[str, Any]:
    """Tell a fault to a program: whole, whatever its sentence leaves out."""
    fault = one.fault
    found = {"line": one.line, "key": fault.path, "code": fault.code}
    also, names = [spot._asdict() for spot in one.also], {name: list(values) for name, values in fault.names}
    return {**found, "message": sentence(fault, lang), "remedy": remedy(fault, lang), "also": also, "names": names}


def where(path: Path, one: Placed) -> str:
    """Return file and line of a fault."""
    return str(path) if one.line is None else f"{path}:{one.line}"


def sentence(fault: Fault, lang: str) -> str:
    """Return the sentence of a fault."""
    return fault.zh if lang == "zh" else fault.en


def remedy(fault: Fault, lang: str) -> str:
    """Return what to do about a fault."""
    return word(REMEDIES, fault.code, lang)
