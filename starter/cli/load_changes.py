"""What a load changes, entry by entry and field by field, in words; of names and numbers only that they changed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from domain.settings.changes import Change, Field
from domain.settings.standing_rules import as_text
from domain.words import CLOCKS, Pair, Table, word
from starter.cli.breaking import broken
from starter.cli.screen import Screen, harmless, styled
from starter.loading import Loading
from starter.policy.told import Teller
from starter.words.glossary import ROLES
from starter.words.holidays import holiday
from starter.words.policy import KEYS, SUBJECTS

TABLES: Table = {
    **SUBJECTS,
    "staff": Pair("人员", "staff"),
    "absence": Pair("请假", "absences"),
    "team": Pair("班组", "teams"),
    "shift": Pair("班次", "shifts"),
    "on_call": Pair("值班表", "on-call lists"),
    "roles": Pair("岗位", "roles"),
    "deputies": Pair("代理", "deputies"),
    "community": Pair("小区", "communities"),
    "category": Pair("类别", "categories"),
    "calendar": Pair("日历", "calendars"),
    "holiday_data": Pair("节假日", "holidays"),
    "policy": Pair("时限规则", "policies"),
    "default": Pair("默认时限", "default limits"),
    "community_policy": Pair("小区时限规则", "community policies"),
    "ladder": Pair("升级阶梯", "ladders"),
    "pause_reason": Pair("暂停原因", "pause reasons"),
    "demands": Pair("步骤要求", "demands"),
    "firm": Pair("公司", "firm"),
    "arrears": Pair("欠费联动", "arrears"),
    "service_recovery": Pair("服务补救", "service recovery"),
    "survey": Pair("满意度调查", "survey"),
    "care": Pair("关怀", "care"),
    "publish": Pair("公示", "publishing"),
    "equipment": Pair("设备台账", "equipment"),
    "sample": Pair("样例", "sample"),
    "schema": Pair("格式", "schema"),
    "version": Pair("版本号", "version"),
    "effective_from": Pair("生效日期", "effective from"),
}
FIELDS: Table = {
    **KEYS,
    **CLOCKS,
    "load_limit": Pair("在手上限", "load limit"),
    "phone": Pair("电话", "phone"),
    "lead": Pair("负责人", "lead"),
    "supervisor": Pair("监督人", "supervisor"),
    "day": Pair("白天", "by day"),
    "reason": Pair("原因", "reason"),
    "open": Pair("开放时段", "hours"),
    "days": Pair("星期", "weekdays"),
    "on": Pair("日期", "date"),
    "from": Pair("起", "from"),
    "statutory": Pair("法定假日", "statutory days"),
    "applies": Pair("适用计时", "clocks kept"),
    "building": Pair("楼栋", "building"),
    "exception": Pair("例外", "exceptions"),
    "blocks": Pair("假期", "holidays"),
    "levels": Pair("级别", "levels"),
}
INDENT = " " * 6
"""Before further lines of a change: below the words of its first."""
MARKS = {"added": ("+", "green"), "removed": ("−", "red"), "changed": ("~", "yellow")}
MOST = 40
"""So many changes are told one by one; the others are counted."""
UNSAID = frozenset({"clocks", "override", "levels", "blocks"})
"""Tables whose entries say themselves what they are."""

WITHIN: Mapping[str, Table] = {
    "to": {"blocks": Pair("至", "until")},
    "open": {"week": Pair("", "")},
}
"""Keys that are called otherwise within some tables."""


def table_name(table: str, lang: str) -> str:
    """Name a table of the settings."""
    return word(TABLES, table, lang)


def changed_lines(told: Loading, screen: Screen) -> Iterator[Any]:
    """Say each change in a line, below the name of its table."""
    found, table, say = told.changes, "", _Fields(told, screen)
    for one in found[:MOST]:
        if one.table != table:
            table = one.table
            yield styled(f"  {table_name(table, screen.lang)}", "bold")
        sign, style = MARKS[one.what]
        lines = broken(_line(one, say), screen.console.width - len(INDENT))
        yield styled(f"    {sign} " + f"\n{INDENT}".join(lines), style)
    if len(found) > MOST:
        more = len(found) - MOST
        yield styled(screen.t(f"  …另有 {more} 项", f"  … and {more} more"), "dim")


def _line(one: Change, say: "_Fields") -> str:
    screen = say.screen
    called = _called(one, screen)
    fields = (screen.t(":", ": ") if called else "") + screen.t(";", "; ").join(
        said for field in one.fields for said in say.field(one.table, field)
    )
    return harmless(called + (fields if one.fields else ""))


def _called(one: Change, screen: Screen) -> str:
    """Name an entry; a member of staff by number, position, team and shift, never by name."""
    entry = one.entry
    if one.table == "staff":
        position = entry["title"] if screen.lang == "zh" else word(ROLES, entry["position"], screen.lang)
        return f"{one.key} {position} · {entry['team']} · {entry['shift']}"
    if one.table == "absence":
        start, end = (f"{datetime.fromisoformat(entry[name]):%Y-%m-%d %H:%M}" for name in ("from", "to"))
        return f"{entry['staff']} {start} – {end} {entry['reason']}"
    name = entry.get("name") if screen.lang == "zh" else None
    return " ".join(filter(None, (one.key, str(name or ""))))


class Leaf(NamedTuple):
    """One value that changed, and the keys that lead to it within its entry."""

    keys: tuple[str, ...]
    before: Any
    after: Any


def _leaves(keys: tuple[str, ...], before: Any, after: Any) -> Iterator[Leaf]:
    """Go down to the values that differ; lists of entries that came or went stand as they are."""
    old, new = _below(before), _below(after)
    if before == after:
        return
    if old is None or new is None or (old.keys() != new.keys() and list in {type(before), type(after)}):
        yield Leaf(keys, before, after)
        return
    for key in dict.fromkeys((*old, *new)):
        yield from _leaves((*keys, key), old.get(key), new.get(key))


def _below(value: Any) -> Mapping[str, Any] | None:
    """Return what stands below a table or a list of tables, by key, name or number; None for a plain value."""
    if value is None or isinstance(value, Mapping):
        return value or {}
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        return {str(one.get("name") or one.get("code") or f"#{at}"): one for at, one in enumerate(value, start=1)}
    return None


class _Fields:
    """Says the fields of changed entries, with the names of both settings."""

    def __init__(self, told: Loading, screen: Screen) -> None:
        self.screen, self.lang = screen, screen.lang
        self.teller = Teller(told.earlier or told.file, told.file, screen.lang)

    def field(self, table: str, field: Field) -> Iterator[str]:
        """Say one field: 班次 白班 → 夜班; of names and numbers only that they changed."""
        if field.before is None and field.after is None:
            yield f"{word(FIELDS, field.name, self.lang)}{self.screen.t('有变', ' changed')}"
            return
        for leaf in _leaves((field.name,), field.before, field.after):
            yield f"{self.key(leaf.keys)} {self.values(table, leaf)}".strip()

    def key(self, keys: tuple[str, ...]) -> str:
        """Name a value by the keys that lead to it."""
        if (whole := ".".join(keys)) in FIELDS:
            return word(FIELDS, whole, self.lang)
        said = [self.part(keys[:at]) for at in range(1, len(keys) + 1) if at == len(keys) or keys[at - 1] not in UNSAID]
        return " ".join(filter(None, said))

    def part(self, keys: tuple[str, ...]) -> str:
        """Name the last of some keys; an entry of a list that has no name by its number."""
        key = keys[-1]
        if key.startswith("#"):
            zh, en = ("级", "level") if "levels" in keys else ("项", "no.")
            return self.screen.t(f"第 {key[1:]} {zh}", f"{en} {key[1:]}")
        pair = next((pair for table, pair in WITHIN.get(key, {}).items() if table in keys), None)
        return pair.said(self.lang) if pair else holiday(word(FIELDS, key, self.lang), self.lang)

    def values(self, table: str, leaf: Leaf) -> str:
        """Say what was and what is; of lists of entries how many."""
        both = (leaf.before, leaf.after)
        if any(isinstance(one, Mapping) for value in both if isinstance(value, list) for one in value):
            counts = [len(value or ()) for value in both]
            return " → ".join(self.screen.t(f"{count} 项", f"{count} entries") for count in counts)
        old, new = (None if value is None else as_text(value) for value in both)
        if table == "demands":
            return " → ".join(self.demands(text or "") for text in (old, new))
        whole = ".".join(leaf.keys)
        return self.teller.values(whole if whole in KEYS else leaf.keys[-1], old, new)

    def demands(self, text: str) -> str:
        """Say what is demanded before a step."""
        return self.teller.joined(word(KEYS, f"demand {one}", self.lang) for one in text.split(", "))
