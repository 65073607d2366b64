"""What `huiyin status` shows: a line for each part and what helps, then how the house is doing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.markup import escape
from rich.table import Table

from domain.words import CLOCKS, word
from domain.words import Table as Words
from records.pulse import Pulse
from stack.checks import STOPPED, Check
from starter.cli.telling import refused
from starter.community_file import load
from starter.opening import DoorSettings
from starter.sight import SHOWN, Sight
from starter.words.glossary import STAGES
from starter.words.status import AGAIN, FACTS, FREE, OTHER_NODE, PARTS, REBUILD, START, START_ALL, TEXTS

Rules = dict[str, Any] | None
"""Which settings are in force; None where nobody can tell."""
DIGEST = 12
"""So many digits of a digest are enough to tell settings apart."""


def files(found: Sequence[Check], rules: Rules) -> Iterator[str]:
    """Return the files that the page names, whole: in a table they would be broken."""
    yield from (one.fact for one in found if one.part == "keys" and one.fact != "-")
    if rules and not rules["number"]:
        yield rules["file"]


def parts(found: list[Check], lang: str, *, up: bool, full: bool = False) -> Table:
    """Show every part, its state and what helps; `up`: it runs here, `full`: there is no room on the disk."""
    table = Table(show_edge=False)
    for column in ("part", "state", "where", "remedy"):
        table.add_column(say(lang, column), overflow="fold")
    for one in found:
        state = "unknown" if one.fine is None else "fine" if one.fine else "bad"
        remedy = "" if one.fine is not False else FREE.said(lang) if full else _remedy(one, lang, up=up)
        table.add_row(word(PARTS, one.part, lang), say(lang, state), _fact(one, lang), remedy)
    return table


def _fact(one: Check, lang: str) -> str:
    """Say where a part is, and what is wrong with it."""
    fact = _since(one.fact, lang) if one.part == "relay" and one.fine else one.fact
    if one.part == "keys":
        fact = Path(fact).name
    fact = fact.replace(STOPPED, word(FACTS, "stopped", lang))
    if not one.why:
        return fact
    why = word(FACTS, one.why, lang)
    if fact == "-":
        return why
    return f"{fact}({why})" if lang == "zh" else f"{fact} ({why})"


def _remedy(one: Check, lang: str, *, up: bool) -> str:
    """Say what helps; where `up` runs it can't be typed once more."""
    if one.part == "keys":
        return refused(one.why, {"file": one.fact}).remedy(lang) if one.why else START_ALL.said(lang)
    if one.part == "schema" and (up or one.why):
        return REBUILD.said(lang)
    if one.part.startswith("temporal-"):
        return OTHER_NODE.said(lang).format(part=one.part)
    return AGAIN.said(lang).format(part=one.part) if up else START.get(one.part, START_ALL).said(lang)


def _since(told: str, lang: str) -> str:
    """Say since when, by the clock of the firm's communities."""
    zone = ZoneInfo(load(DoorSettings().settings_file()).firm.default_zone)
    at = datetime.fromisoformat(told).astimezone(zone)
    return say(lang, "since", at=f"{at:%Y-%m-%d %H:%M:%S}", zone=zone.key)


def house(sight: Sight, rules: Rules, lang: str) -> Table:
    """Show how the house is doing, a line for each question somebody on duty would ask."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, said in (*_settings(rules, lang), *_lines(sight, lang)):
        table.add_row(f"[bold]{say(lang, label)}[/bold]", said)
    return table


def _settings(rules: Rules, lang: str) -> Iterator[tuple[str, str]]:
    """Say which settings are in force: number, own version, digest, since when."""
    if rules is None:
        return
    said = {**rules, "digest": rules["digest"][:DIGEST], "since": rules["since"] and _since(rules["since"], lang)}
    said["file"] = Path(rules["file"]).name
    yield "settings", escape(say(lang, "settings-loaded" if rules["number"] else "settings-file", **said))
    for warning in rules["warnings"]:
        yield "holidays", f"[yellow]{escape(warning[lang])}[/yellow]"


def _lines(sight: Sight, lang: str) -> Iterator[tuple[str, str]]:
    if sight.pulse is None:
        yield "open", say(lang, "no-figures")
    else:
        yield from _pulse(sight.pulse, lang)
    if sight.stuck is not None:
        names = " ".join(name.removeprefix("wo_") for name in sight.stuck_orders)
        yield "stuck", f"[bold red]{sight.stuck}[/bold red] {names}" if sight.stuck else say(lang, "none")
    if sight.lost_orders:
        yield "lost-orders", f"[bold red]{_first(sight.lost_orders)}[/bold red]"


def _pulse(pulse: Pulse, lang: str) -> Iterator[tuple[str, str]]:
    yield "open", _counted(pulse.open_by_stage, STAGES, lang)
    yield "due", say(lang, "due-said", **pulse._asdict())
    yield "breaches", _counted(pulse.breaches_by_clock, CLOCKS, lang)
    yield "alarms", say(lang, "alarms-said" if pulse.alarms else "no-alarms", **pulse._asdict())
    waiting = {
        "outbox": (pulse.outbox_open, pulse.outbox_age),
        "notices": (pulse.notices_open, pulse.notices_age),
        "unstarted": (pulse.unstarted, pulse.unstarted_age),
        "deeds": (pulse.deeds_open, pulse.deeds_age),
    }
    yield "waiting", " · ".join(f"{say(lang, what)} {count}" for what, (count, _) in waiting.items())
    ages = {what: age for what, (_, age) in waiting.items() if age is not None}
    if ages:
        what = max(ages, key=ages.__getitem__)
        yield "oldest", say(lang, "oldest-said", what=say(lang, what), age=ages[what])


def _first(orders: Sequence[str]) -> str:
    """Name the first of many orders: `10000001 10000002 …`."""
    names = [order.removeprefix("wo_") for order in orders[:SHOWN]]
    return " ".join([*names, "…"] if len(orders) > SHOWN else names)


def _counted(counts: Mapping[str, int], words: Words, lang: str) -> str:
    """Write a total and its parts: `12 · response 9 · feedback 3`."""
    order = [code for code in words if code in counts]
    return " · ".join([str(sum(counts.values())), *(f"{word(words, code, lang)} {counts[code]}" for code in order)])


def say(lang: str, key: str, **facts: Any) -> str:
    """Say a text of the page in a language."""
    return TEXTS[key].said(lang).format(**facts)
