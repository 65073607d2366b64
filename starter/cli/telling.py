"""From whatever was raised to what the operator is told, in the words of the trade and never in those of a library."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from domain.refusals import SENTENCES, Refused
from domain.words import CLOCKS, Pair, word
from records.errors import RecordsError
from starter.cli.errors import AWAY, REFUSED, USAGE, Failure, short, unexpected, usage
from starter.cli.errors import SENTENCES as MORE
from starter.cli.screen import facts_of
from starter.words.arguments import in_chinese
from starter.words.glossary import CHANNELS, COMMANDS, FIELDS, ROLES, STAGES
from starter.words.handling import CONFLICT_STEPS, PARTIES, USES
from starter.words.times import PAUSE_REASONS

WRONG_SETTINGS = frozenset({"bad-setting", "data-not-folder", "made-single", "cluster-own-servers"})
AWAY_CODES = frozenset({"records-away", "engine-away", "outcome-unknown", "record-lost", "tables-lost"})
USAGE_CODES = frozenset({"malformed-command", "unknown-command", "bad-setting"})
EXTRA = re.compile(r"^Got unexpected extra arguments?.*\((.+)\)$")
WORDS = ("--text", "--reason", "--because")
"""Options in which a person's words are taken; no command has them all."""
NO_WORDS: Mapping[str, Pair] = {}
CALLED = {
    "command": COMMANDS,
    "stage": STAGES,
    "clock": CLOCKS,
    "channel": CHANNELS,
    "approver": ROLES,
    "reason": PAUSE_REASONS,
    "next": CONFLICT_STEPS,
    "party": PARTIES,
    "field": FIELDS,
    "use": USES,
}
NAMED = frozenset(
    {
        *("order", "incident", "survivor", "member", "other"),
        *("receiver", "assignee", "requested_by", "result_by", "first_contact"),
    }
)
"""Facts that are ids of orders and persons: said without what tells the one from the other."""


def told(error: BaseException, data: Path, command: str) -> Failure:
    """Turn what was raised into a failure; what nobody expected is logged and told in one sentence."""
    match error:
        case Failure():
            return error
        case Refused():
            return refused(error.code, error.facts)
        case RecordsError():
            return refused(error.code, {})
    return _typed(error) or _of_the_ground(error) or _of_the_settings(error) or unexpected(error, data, command)


def known(code: str, facts: Mapping[str, Any]) -> Failure | None:
    """Tell a refusal, if there is a sentence for it."""
    return refused(code, facts) if code in SENTENCES or code in MORE else None


def refused(
    code: str, facts: Mapping[str, Any], words: Mapping[str, Pair] = NO_WORDS, *, sentence: str | None = None
) -> Failure:
    """Tell a refusal with words for its codes; `words`: what was found for some of its facts.

    `sentence` names another sentence than the code's own, where more is known.
    """
    exit_code = AWAY if code in AWAY_CODES else USAGE if code in USAGE_CODES else REFUSED
    told = sentence or ("already-done-by" if code == "already-done" and facts.get("by") else code)
    found = SENTENCES.get(told) or MORE.get(told) or _nameless(code)
    zh, remedy_zh = (_filled(text, facts, words, "zh") for text in (found[0], found[2]))
    en, remedy_en = (_filled(text, facts, words, "en") for text in (found[1], found[3]))
    return Failure(code, zh, en, remedy_zh, remedy_en, exit_code, facts_of(facts))


def _nameless(code: str) -> tuple[str, str, str, str]:
    sentence = (f"数据库拒绝了这次操作({code})。", f"The record refused this ({code}).")
    return (
        *sentence,
        "未作任何改动;请把代码告诉维护人员。",
        "Nothing was changed; tell the code to those who maintain this.",
    )


def _filled(text: str, facts: Mapping[str, Any], words: Mapping[str, Pair], lang: str) -> str:
    """Fill the blanks of a sentence with words instead of codes."""
    found = {name: pair.zh if lang == "zh" else pair.en for name, pair in words.items()}
    return text.format_map(_Blanks({name: _said(name, value, lang) for name, value in facts.items()} | found))


class _Blanks(dict[str, str]):
    """Blanks nobody filled are shown as such."""

    def __missing__(self, _name: str) -> str:
        return "?"


def _said(name: str, value: Any, lang: str) -> str:
    if name == "allowed":
        return allowed_words(str(value).split(", "), lang)
    if name == "missing":
        return ("、" if lang == "zh" else ", ").join(word(FIELDS, part, lang) for part in str(value).split(", "))
    if name == "listed":
        return _listed([code for code in str(value).split(", ") if code], lang)
    if name in CALLED:
        return word(CALLED[name], str(value), lang)
    if name in NAMED:
        return short(str(value).removeprefix("wo_").removeprefix("usr_"))
    return short(str(value)) if name in {"staff", "community", "category"} else str(value)


def _listed(codes: Sequence[str], lang: str) -> str:
    """Name pause reasons as they are typed, in Chinese with their word."""
    if lang == "en":
        return ", ".join(codes) or "none"
    known = {code: PAUSE_REASONS[code].zh for code in codes if code in PAUSE_REASONS}
    return "、".join(" ".join(filter(None, (code, known.get(code)))) for code in codes) or "无"


def allowed_words(codes: Iterable[str], lang: str) -> str:
    """Name what is allowed instead: commands, roles, or values of an option."""
    return ("、" if lang == "zh" else ", ").join(_choice(code, lang) for code in codes)


def _choice(code: str, lang: str) -> str:
    """Name one choice: commands with what to type, roles as words, everything else as it is typed."""
    if code in COMMANDS:
        typed = code.replace("_", "-")
        return f"{COMMANDS[code].zh} {typed}" if lang == "zh" else typed
    return word(ROLES, code, lang)


# ---- usage


def _typed(error: BaseException) -> Failure | None:
    """Tell an error of typer's parser; its classes are told by name, for typer keeps them to itself."""
    if not hasattr(error, "format_message"):
        return None
    english = str(error.format_message())
    kind, param = type(error).__name__, getattr(error, "param", None)
    name = str(getattr(error, "option_name", "") or (param and _hint(param)) or "")
    path = getattr(getattr(error, "ctx", None), "command_path", "huiyin")
    named = in_chinese(short(name))
    zh = {
        "NoSuchOption": f"没有选项 {named}。",
        "MissingParameter": f"缺少{' ' * named.isascii()}{named}。",
        "BadOptionUsage": f"选项 {named} 后面缺少内容。",
        "BadParameter": f"{named} 的内容无法识别。",
    }.get(kind, "命令写法有误。")
    if "No such command" in english:
        zh, english = "没有这个命令。", "There is no such command."
    elif kind == "BadParameter":
        english = f"{short(name)}: this can't be read."
    elif kind == "NoSuchOption":
        english = f"There is no option {short(name)}."
    extra = EXTRA.search(english)
    if extra:
        zh, english = f"多写了「{short(extra[1])}」。", f"{short(extra[1])} is not needed here."
    hint = _example(error) if extra or kind == "MissingParameter" else _meant(error, name)
    return usage("usage", zh, english, f"{hint[0]}请看 {path} --help。", f"{hint[1]}See {path} --help.")


def _meant(error: Any, name: str) -> tuple[str, str]:
    """Ask whether another option was meant: the one in which this command takes words, or one of a similar name."""
    command = getattr(getattr(error, "ctx", None), "command", None)
    known = {typed for param in getattr(command, "params", ()) for typed in param.opts}
    words = WORDS if name in WORDS else ()
    similar = [one for one in words if one in known] or list(getattr(error, "possibilities", None) or ())
    return (f"是否要写 {'、'.join(similar)}?", f"Did you mean {', '.join(similar)}? ") if similar else ("", "")


def _example(error: Any) -> tuple[str, str]:
    """Give the example with which the help of a command ends, where it lacks something or was told too much."""
    command = getattr(getattr(error, "ctx", None), "command", None)
    _, huiyin, rest = str(getattr(command, "epilog", None) or "").partition("huiyin ")
    return (f"例如:{huiyin}{rest}。", f"For example: {huiyin}{rest}. ") if huiyin else ("", "")


def _hint(param: Any) -> str:
    """Name an option as it is typed, an argument as the help shows it."""
    typed = next((one for one in getattr(param, "opts", ()) if one.startswith("-")), None)
    return str(typed or param.name).upper() if typed is None else typed


# ---- the ground and the settings


def _of_the_ground(error: BaseException) -> Failure | None:
    from stack.errors import StackError  # noqa: PLC0415 - only failing commands pay for it

    if not isinstance(error, StackError):
        return None
    exit_code = USAGE if error.code in WRONG_SETTINGS else AWAY
    return Failure(error.code, error.zh, error.en, error.remedy_zh, error.remedy_en, exit_code)


def _of_the_settings(error: BaseException) -> Failure | None:
    from domain.settings.faults import BadCommunity  # noqa: PLC0415 - only failing commands pay for it
    from workflows.settings import BadSettings  # noqa: PLC0415 - the same

    if isinstance(error, BadCommunity):
        zh, en = (_lines(error, lang) for lang in ("zh", "en"))
        remedy = ("请改正后重试。", "Mend it and try again.")
        if _in_force(getattr(error, "path", None)):
            remedy = (
                "请改正后重试;HUIYIN_COMMUNITY 指向该文件。",
                "Mend it and try again; HUIYIN_COMMUNITY names the file.",
            )
        return usage("bad-community-file", f"小区配置无法采用:\n{zh}", f"These settings can't be used:\n{en}", *remedy)
    if isinstance(error, BadSettings):
        names = ", ".join(fault.name for fault in error.faults)
        remedy = "请改正或去掉该设置;见 docs/operating.md。", "Mend or unset it; see docs/operating.md."
        return usage("bad-setting", error.told("zh"), error.told("en"), *remedy, settings=names)
    return None


def _in_force(path: Path | None) -> bool:
    """Whether a settings file is the one that HUIYIN_COMMUNITY names, not one of the command line."""
    from starter.opening import DoorSettings  # noqa: PLC0415 - only failing commands pay for it

    return path is not None and DoorSettings().community == path


def _lines(error: Any, lang: str) -> str:
    lines = error.lines(lang) if hasattr(error, "lines") else tuple(str(fault) for fault in error.faults)
    return "\n".join(f"  {line}" for line in lines[:20])
