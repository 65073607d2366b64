"""The text of docs/stages.md and of the README's picture, from the rules themselves (`make docs`)."""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import pairwise
from typing import Final

from rich.cells import cell_len

from domain import lifecycle
from domain.commands import CommandName
from domain.events import Event, Received
from domain.lifecycle import ANY, LIVING, RULEBOOK
from domain.vocabulary import ClockName, Role, Stage
from domain.words import CLOCKS, ROLES, Pair, Table
from starter.pages.rule_facts import Edge, Touched, drops, edges, makes, starts, stops
from starter.words.glossary import COMMANDS, EVENTS, FEEDBACK_KINDS, STAGES
from starter.words.times import ARREARS_CAUSES

GROUPS: Final = {
    "READERS": Pair("可阅单的人", "whoever reads the order"),
    "SPEAKERS": Pair("与业主沟通的人", "whoever speaks with the owner"),
    "OWNER": Pair("业主(或代业主)", "the owner, or for him"),
    "FRONT_DESK": Pair("前台", "front desk"),
    "OPERATORS": Pair("调度与主管", "operators"),
    "SUPERVISORS": Pair("主管", "supervisors"),
    "CALLERS": Pair("回访人员", "callers"),
    "CHECKERS": Pair("外包验工人员", "checkers of contractors"),
    "MANAGERS": Pair("经理", "managers"),
}
"""Groups of roles of `domain.lifecycle`, the widest first, and what they are called."""
WAY: Final = (
    CommandName.RESPOND,
    CommandName.REGISTER,
    CommandName.DISPATCH,
    CommandName.ACCEPT,
    CommandName.ARRIVE,
    CommandName.COMPLETE_HANDLING,
    CommandName.GIVE_FEEDBACK,
    CommandName.RECORD_CALLBACK,
)
"""The straight way through the stages. Where each step leads is not said here but read from the rules."""
ONLY: Table = {
    **FEEDBACK_KINDS,
    **ARREARS_CAUSES,
    "plan_required": Pair("须有方案的类别", "category with a plan"),
    "solved": Pair("已随同解决", "solved with it"),
}
TWO: Final = 2
MOST_NAMED: Final = 8
"""More clocks than that are told by those that are left out."""
HEAD: Final = """# Stages, commands and clocks 环节、指令与计时

Written by `make docs` from the tables and handlers of `domain/`; a test keeps it equal to them. 自动生成,请勿手改。

▶ starts a clock 开始计时 · ■ stops it, met or breached 停止计时 · ✕ ends it as pointless 不再计 · → leads on 进入环节

A clock runs where the policy of the order keeps it (`applies`). Of what a command can bring each time brings its part,
and what was done before can forbid it; a refusal says so.
"""


def page() -> str:
    """Return the whole of docs/stages.md."""
    parts = [HEAD, *(_stage(stage) for stage in Stage), _anywhere(), _clocks(), _who()]
    return "\n".join(parts)


def both(table: Table, code: str) -> str:
    """Return a word in both languages."""
    pair = table[code]
    return pair.zh if pair.zh == pair.en else f"{pair.zh} {pair.en}"


# ---- stages and their commands


def _stage(stage: Stage) -> str:
    own = [name for name, rule in RULEBOOK.items() if stage in rule.stages and not _everywhere(name)]
    return "\n".join((f"## {both(STAGES, stage)}", "", *_commands(own, stage), ""))


def _anywhere() -> str:
    everywhere = [name for name in RULEBOOK if _everywhere(name)]
    lead = "While an order lives; those marked ∞ also after its close. 办结前均可;标 ∞ 的办结后也可。"
    return "\n".join(("## 任何环节 any stage", "", lead, "", *_commands(everywhere, None), ""))


def _everywhere(name: CommandName) -> bool:
    return RULEBOOK[name].stages >= LIVING


def _commands(names: Iterable[CommandName], stage: Stage | None) -> Iterator[str]:
    rows = [(_named(name, stage), who(RULEBOOK[name].who), _effect(name, stage)) for name in names]
    if not rows:
        yield "Nothing but what any stage allows. 仅限任何环节均可的指令。"
        return
    yield from table(("command 指令", "who 谁", "what it does 作用"), rows)


def _named(name: CommandName, stage: Stage | None) -> str:
    endless = " ∞" if stage is None and RULEBOOK[name].stages >= ANY else ""
    return f"`{name}` {both(COMMANDS, name)}{endless}"


def _effect(name: CommandName, stage: Stage | None) -> str:
    """Say what each event of a command does to clocks and stage."""
    return "<br>".join(_of_event(kind, name, stage) for kind in makes(name))


def _of_event(kind: type[Event], name: CommandName, stage: Stage | None) -> str:
    marks = (("▶", starts), ("■", stops), ("✕", drops))
    said = [f"{mark} {clocks(find(kind))}" for mark, find in marks if find(kind)]
    said += [f"→ {both(STAGES, to)}{only_words(only)}" for to, only in dict.fromkeys(_moves(kind, name, stage))]
    return f"{both(EVENTS, kind.type_name())}{': ' if said else ''}{' '.join(said)}"


def _moves(kind: type[Event], name: CommandName, stage: Stage | None) -> Iterator[tuple[Stage, tuple[str, ...]]]:
    for edge in edges():
        if (edge.command, edge.kind) == (name, kind) and stage in {None, edge.leaves}:
            yield edge.to, (edge.only,) if edge.only else ()


def clocks(touched: Iterable[Touched]) -> str:
    """Name clocks; where nearly all are touched, those that are not."""
    touched = tuple(touched)
    if len(touched) > MOST_NAMED:
        left = [name for name in ClockName if name not in {one.clock for one in touched}]
        return f"全部 all but {', '.join(both(CLOCKS, name) for name in left)}" if left else "全部 all"
    return ", ".join(f"{both(CLOCKS, one.clock)}{only_words(one.only)}" for one in touched)


def only_words(only: tuple[str, ...]) -> str:
    """Say for which events of a kind alone something holds."""
    return f" ({', '.join(both(ONLY, one) for one in only)})" if only else ""


# ---- who


def who(roles: frozenset[Role]) -> str:
    """Name roles, by groups where whole groups are meant."""
    left, said = set(roles), []
    if roles == frozenset(Role):
        return "各角色 everybody"
    for group, pair in GROUPS.items():
        members = getattr(lifecycle, group)
        if members <= roles and members & left:
            said.append(f"{pair.zh} {pair.en}")
            left -= members
    return ", ".join([*said, *(both(ROLES, role) for role in Role if role in left)])


def _who() -> str:
    rows = [
        (f"{pair.zh} {pair.en}", ", ".join(both(ROLES, role) for role in Role if role in getattr(lifecycle, group)))
        for group, pair in reversed(GROUPS.items())
    ]
    return "\n".join(("## 谁 who", "", *table(("group 统称", "roles 角色"), rows), ""))


# ---- clocks


def _clocks() -> str:
    finds = (starts, stops, drops)
    rows = [(f"`{name}` {both(CLOCKS, name)}", *(_events_that(find, name) for find in finds)) for name in ClockName]
    lead = "By time alone a clock warns, breaches and climbs its ladder. 预警、超时与逐级升级只随时间发生。"
    head = ("clock 计时", "▶ starts with 起于", "■ stops with 止于", "✕ pointless after 不再计")
    return "\n".join(("## 计时 clocks", "", lead, "", *table(head, rows), ""))


def _events_that(find: Callable[[type[Event]], tuple[Touched, ...]], name: ClockName) -> str:
    made: list[type[Event]] = [Received, *(kind for command in RULEBOOK for kind in makes(command))]
    kinds = dict.fromkeys(made)
    said = [(kind, one.only) for kind in kinds for one in find(kind) if one.clock is name]
    return ", ".join(f"{both(EVENTS, kind.type_name())}{only_words(only)}" for kind, only in said) or "—"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Write a Markdown table."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


# ---- the picture


def picture() -> str:
    """Return the life of a case as lines for a terminal: the straight way, then every other one.

    Raises ValueError when the straight way does not lead through any more: then `WAY` is wrong.
    """
    known, stage = edges(), Stage.INTAKE
    lines, straight = [_row("▼", both(COMMANDS, "receive"), _touches((Received,), "")), both(STAGES, stage)], []
    for command in WAY:
        edge = _onward(known, command, stage)
        kinds = dict.fromkeys((makes(command)[0], edge.kind if edge else makes(command)[0]))
        lines.append(_row("▼" if edge else "│", both(COMMANDS, command), _touches(kinds, edge.only if edge else "")))
        if edge:
            stage = edge.to
            straight.append(edge)
            lines.append(both(STAGES, stage))
    if stage is not Stage.CLOSED:
        raise ValueError(f"the straight way ends in {stage}")
    return "\n".join((*lines, "", *_aside([edge for edge in known if edge not in straight])))


def _onward(known: tuple[Edge, ...], command: CommandName, stage: Stage) -> Edge | None:
    """Return the way that a command leads on from a stage; none when it is a step within."""
    if stage not in RULEBOOK[command].stages:
        raise ValueError(f"{command} is no step of {stage}")
    following = dict(pairwise(Stage))[stage]
    return next((edge for edge in known if (edge.command, edge.leaves, edge.to) == (command, stage, following)), None)


def _touches(kinds: Collection[type[Event]], only: str) -> str:
    """Say which clocks events of the straight way stop and start."""
    said = []
    for mark, find in (("■", stops), ("▶", starts)):
        found = [one for kind in kinds for one in find(kind) if not one.only or only in one.only]
        names = ", ".join(both(CLOCKS, one.clock) for one in found if one.only != ("plan_required",))
        said += [f"{mark} {names}"] if names else []
    return "  ".join(said)


def _row(sign: str, words: str, beside: str) -> str:
    return f"  {sign} {words}{' ' * (28 - cell_len(words))}{beside}".rstrip()


def _aside(rest: list[Edge]) -> Iterator[str]:
    """Tell the other ways, those of one command to one stage in one line."""
    ways: dict[tuple[CommandName, Stage, str], list[Stage]] = {}
    for edge in rest:
        ways.setdefault((edge.command, edge.to, edge.only), []).append(edge.leaves)
    for (command, to, only), leaves in ways.items():
        words = f"{both(COMMANDS, command)}{only_words((only,) if only else ())}"
        yield f"  ↪ {words}{' ' * max(1, 34 - cell_len(words))}{_from(leaves)} → {both(STAGES, to)}"


def _from(leaves: list[Stage]) -> str:
    """Name the stages a way leaves; more than two are the stages from one to another."""
    names = [both(STAGES, stage) for stage in leaves]
    return f"{names[0]} … {names[-1]}" if len(names) > TWO else ", ".join(names)
