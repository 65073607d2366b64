"""Faults of shape in a settings file: keys that are missing, unknown, or of the wrong type."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.settings.faults import Fault, path_text

CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_key",
    "enum": "unknown_word",
    "literal_error": "unknown_word",
}
"""Our codes for the validator's; every other one is `wrong_value`."""

SENTENCES = {
    "missing": ("缺少「{key}」", "{key} is missing"),
    "unknown_key": ("没有「{key}」这个键,请检查拼写", "there is no key {key}; check its spelling"),
    "unknown_word": ("「{given}」不在可选值之内:{expected}", "{given} is not one of: {expected}"),
    "wrong_value": ("值不合要求:{said}", "the value does not fit: {message}"),
}
CHINESE = {
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "string_type": "应为加引号的文字",
    "list_type": "应为列表 […]",
    "tuple_type": "应为列表 […]",
    "dict_type": "应为表 {…}",
    "model_type": "应为表 {…}",
    "model_attributes_type": "应为表 {…}",
    "date_type": "应为日期,例如 2026-10-01",
    "date_parsing": "应为日期,例如 2026-10-01",
    "date_from_datetime_parsing": "应为日期,例如 2026-10-01",
    "datetime_type": "应为日期与时刻",
    "datetime_parsing": "应为日期与时刻",
    "datetime_from_date_parsing": "应为日期与时刻",
    "time_type": "应为时刻,例如 08:30:00",
    "time_parsing": "应为时刻,例如 08:30:00",
    "greater_than": "须大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than": "须小于 {lt}",
    "less_than_equal": "不得大于 {le}",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "写法须符合 {pattern}",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
}
"""What the validator's findings are in Chinese, by its own codes; one without words is told by its code."""


def shape_faults(error: ValidationError) -> tuple[Fault, ...]:
    """Turn what the validator found into faults, in the order of the file."""
    return tuple(dict.fromkeys(_fault(detail) for detail in error.errors(include_url=False)))


def mended(document: Mapping[str, Any], error: ValidationError) -> Mapping[str, Any]:
    """Copy the document without its unknown keys and with a known word for each unknown one.

    Only for a second look at the rest: a fault of shape must not hide the faults of sense.
    """
    copy = deepcopy(dict(document))
    for detail in reversed(error.errors(include_url=False)):
        _mend(copy, detail)
    return copy


def _fault(detail: ErrorDetails) -> Fault:
    """Say one finding of the validator in both languages."""
    where = _where(detail)
    code = "unknown_key" if detail["loc"][-1] == "[key]" else CODES.get(detail["type"], "wrong_value")
    ctx = detail.get("ctx", {})
    facts = {
        "key": where[-1] if where else "",
        "given": str(detail["input"])[:60],
        "expected": ctx.get("expected", ""),
        "message": detail["msg"],
        "said": CHINESE.get(detail["type"], detail["type"]).format_map(ctx),
    }
    listed = facts["expected"].replace(" or ", ", ").replace(", ", "、")
    zh = SENTENCES[code][0].format_map({**facts, "expected": listed})
    en = SENTENCES[code][1].format_map(facts)
    return Fault(path_text(where), code, zh, en)


def _where(detail: ErrorDetails) -> tuple[str | int, ...]:
    """Return the way to the key, without the validator's own marks for mapping keys and unions."""
    return tuple(part for part in detail["loc"] if isinstance(part, int) or not _is_mark(part))


def _is_mark(part: str) -> bool:
    """Tell the validator's words from those of the file."""
    return part == "[key]" or "[" in part


def _mend(copy: dict[str, Any], detail: ErrorDetails) -> None:
    """Take out or replace one wrong value in place, where that can be done at all."""
    where = _where(detail)
    place = _holder(copy, where)
    if not isinstance(place, dict) or not where:
        return
    if detail["type"] == "extra_forbidden" or detail["loc"][-1] == "[key]":
        place.pop(where[-1], None)
    elif detail["type"] in {"enum", "literal_error"}:
        place[where[-1]] = detail["ctx"]["expected"].split("'")[1]


def _holder(copy: Any, where: tuple[str | int, ...]) -> Any:
    """Walk to the table that holds the last key of a way."""
    for part in where[:-1]:
        try:
            copy = copy[part]
        except (KeyError, IndexError, TypeError):
            return None
    return copy
