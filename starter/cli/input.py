"""What is typed, checked before anything is opened: words, choices, numbers, keys; the rest is exit code 2."""

import re
import sys
from collections.abc import Iterable
from typing import Final

from domain.intake.telephones import is_telephone
from domain.words import CLOCKS, Pair
from starter.cli.errors import Failure, short, usage
from starter.words.arguments import in_chinese

MAX_TEXT: Final = 4000
"""Longest text, in characters: that of `starter.intake`, which costs an import that help should not pay."""
MAX_SHORT: Final = 200
MAX_BYTES: Final = 4 * MAX_TEXT + 4
TOLD_AT_LENGTH: Final = frozenset({"--text", "--remedy"})
"""Options in which a matter is told: what is too much for them can follow as notes, unlike the rest of a room."""
KEY = re.compile(r"[A-Za-z0-9._:~-]{1,128}")
UNREADABLE: Final = (
    Pair("不是有效的文字(UTF-8)", "is not readable text (UTF-8)"),
    Pair("请以 UTF-8 编码重试。", "Send it again in UTF-8."),
)
NUL: Final = (Pair("含有空字节(NUL)", "contains a NUL byte"), Pair("请去掉后重试。", "Take it out and try again."))
EMPTY: Final = (
    Pair("是空的", "is empty"),
    Pair("请写上内容,或去掉该选项。", "Write something, or leave the option out."),
)
"""What is wrong with a text, and what to do."""


def words(said: str | None, option: str, longest: int = MAX_TEXT) -> str | None:
    """Return a text as it was said, `-` from standard input; refuses what no record can hold."""
    if said is None:
        return None
    text = (_piped(option, longest) if said == "-" else said).strip()
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise _unfit(option, *UNREADABLE)
    if "\x00" in text:
        raise _unfit(option, *NUL)
    if not text:
        raise _unfit(option, *EMPTY)
    if len(text) > longest:
        raise _too_long(option, longest)
    return text


def phone(said: str | None, option: str) -> str | None:
    """Return a telephone number as it was said; what nobody could call back is refused, and not shown again."""
    plain = words(said, option, MAX_SHORT)
    if plain is None or is_telephone(plain):
        return plain
    zh, en = f"{option} 不是可以拨打的电话号码。", f"{option}: this is no telephone number."
    remedy = (
        "请只写一个号码:手机、座机或 +86 均可,分机写作 021-55550101转8001。",
        "Write one number: mobile, fixed line or with +86; an extension as 021-55550101 ext 8001.",
    )
    raise usage("malformed-phone", zh, en, *remedy, option=option)


def _piped(option: str, longest: int) -> str:
    """Read a text from standard input, never more than could be kept."""
    said = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(said) > MAX_BYTES:
        raise _too_long(option, longest)
    try:
        return said.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unfit(option, *UNREADABLE) from None


def _too_long(option: str, longest: int) -> Failure:
    said = Pair(f"过长(最多 {longest} 字)", f"is too long (at most {longest} characters)")
    zh, en = f"请缩短到 {longest} 字以内", f"Shorten it to {longest} characters"
    if option in TOLD_AT_LENGTH:
        zh, en = f"{zh};其余可用备注(huiyin note)补记", f"{en}; the rest can follow as notes (`huiyin note`)"
    return _unfit(option, said, Pair(f"{zh}。", f"{en}."))


def _unfit(option: str, said: Pair, remedy: Pair) -> Failure:
    zh, en = f"{option} 的内容{said.zh}。", f"{option} {said.en}."
    return usage("malformed-text", zh, en, remedy.zh, remedy.en, option=option)


def choice(said: str | None, option: str, allowed: Iterable[str]) -> str | None:
    """Return one of a closed set, written with - or _; refuses every other word."""
    known = [str(one) for one in allowed]
    if said is None:
        return None
    plain = said.strip().lower().replace("-", "_")
    if plain not in known:
        raise unknown(said, option, known)
    return plain


def clock(said: str | None, option: str) -> str | None:
    """Return a clock by its code or by its word in either language: `sign-off`, 验收计时's 业主验收."""
    if said is None:
        return None
    plain = said.strip().lower()
    named = (code for code, pair in CLOCKS.items() if plain in {pair.zh, pair.en})
    return str(next(named, "")) or choice(said, option, CLOCKS)


def unknown(said: str, option: str, known: Iterable[str]) -> Failure:
    """Refuse a word that is not in a closed set."""
    named = ", ".join(known)
    zh, en = f"{in_chinese(option)} 没有「{short(said)}」这一项。", f"{option}: {short(said)} is no choice."
    return usage("unknown-choice", zh, en, f"可选:{named}。", f"Choose from: {named}.", option=option, allowed=named)


def count(said: str | None, option: str, least: int, most: int) -> int | None:
    """Return a whole number within its range."""
    if said is None:
        return None
    plain = said.strip()
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= len(str(most)) and least <= int(plain) <= most):
        zh, en = f"{option} 须为 {least} 到 {most} 的整数。", f"{option} must be a whole number from {least} to {most}."
        near = least if plain.isascii() and plain.isdecimal() and not plain.strip("0") else most
        remedy = f"可选 {least}–{most},例如 {option} {near}。", f"Choose {least}–{most}: for example {option} {near}."
        raise usage("malformed-number", zh, en, *remedy, option=option)
    return int(plain)


def key(said: str | None, option: str = "--key") -> str | None:
    """Return an idempotency key as it was typed."""
    if said is not None and not KEY.fullmatch(said):
        zh = f"{option} 只能用字母、数字和 . _ : ~ -,最多 128 个字符。"
        en = f"{option}: letters, digits and . _ : ~ - only, at most 128."
        raise usage(
            "malformed-key", zh, en, f"例如 {option} call-0312。", f"For example {option} call-0312.", option=option
        )
    return said


def required(said: object, option: str, example: str) -> None:
    """Refuse a command that lacks what it needs."""
    if said is None:
        zh, en = f"缺少 {option}。", f"{option} is missing."
        raise usage("option-missing", zh, en, f"例如:{example}", f"For example: {example}", option=option)
