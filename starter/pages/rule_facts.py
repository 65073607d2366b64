"""What the tables and handlers of `domain/` say, read from themselves: the facts behind docs/stages.md (`make docs`).

Which events a command makes is read from the source of its handler, so that no second list can grow old beside it.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import FunctionType
from typing import Any, NamedTuple

from domain import events as e
from domain.commands import CommandName
from domain.decide import HANDLERS
from domain.lifecycle import CLOCK_RULES, KEEPS_PROMISE, LIFE_ENDS, RULEBOOK, UNSOLVED, Test, leads_to
from domain.terms import HOLDING_PAUSES, Terms
from domain.unfolding import Unfolding
from domain.vocabulary import ArrearsCause, ClockName, FeedbackKind, Stage

KINDS = {kind.__name__: kind for kind in e.EVENT_TYPES.values()}
OF_CLOCKS = (e.ClockStarted, e.ClockStopped, e.ClockWarned, e.ClockBreached)
EVERYTHING = frozenset({"happens", "settle", "alarms", "end_all"})
"""Steps of an unfolding that every event takes; what they add are events of clocks."""


class Told(NamedTuple):
    """One event as it may be said: its kind, the word that tells it from others of its kind, and a sample."""

    kind: type[e.Event]
    only: str  # result, plan, … dissatisfaction; empty: every event of the kind is alike
    sample: e.Event


@cache
def makes(command: CommandName) -> tuple[type[e.Event], ...]:
    """Return the events a command can make, its own first; what clocks make of them is left out."""
    found: dict[type[e.Event], None] = {}
    _collect(HANDLERS[command], found, set())
    return tuple(kind for kind in found if kind not in OF_CLOCKS)


def _collect(function: Callable[..., object], found: dict[type[e.Event], None], seen: set[str]) -> None:
    """Read the source of a function: the events it makes, then those of the functions it calls."""
    seen.add(function.__qualname__)
    calls = [node.func for node in ast.walk(_tree(function)) if isinstance(node, ast.Call)]
    found |= dict.fromkeys(kind for call in calls for kind in _made(call))
    for called in (one for call in calls for one in _called(call, function)):
        if called.__qualname__ not in seen:
            _collect(called, found, seen)


def _tree(function: Callable[..., object]) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _made(call: ast.expr) -> Iterator[type[e.Event]]:
    """Yield the kind of `e.Kind(…)` or `e.Kind.model_validate(…)`."""
    while isinstance(call, ast.Attribute):
        if isinstance(call.value, ast.Name) and call.value.id == "e" and call.attr in KINDS:
            yield KINDS[call.attr]
        call = call.value


def _called(call: ast.expr, function: Callable[..., object]) -> Iterator[Callable[..., object]]:
    """Yield the function of the rules that a call names: a plain one, or a step of the unfolding."""
    known = getattr(function, "__globals__", {})
    if isinstance(call, ast.Name) and isinstance(found := known.get(call.id), FunctionType):
        if found.__module__.startswith("domain."):
            yield found
    elif ast.unparse(call).rpartition(".")[0] in {"step", "self"}:
        step = getattr(Unfolding, ast.unparse(call).rpartition(".")[2], None)
        if step is not None and step.__name__ not in EVERYTHING:
            yield step


def told(kind: type[e.Event]) -> tuple[Told, ...]:
    """Return an event in every way in which it may touch a clock or a stage differently."""
    made: Any = kind.model_construct  # without its other fields: no table asks for them
    if kind is e.FeedbackGiven:
        return tuple(Told(kind, one.value, made(kind=one)) for one in FeedbackKind)
    if kind is e.ArrearsCauseNamed:
        return tuple(Told(kind, one.value, made(arrears_cause=one)) for one in ArrearsCause)
    if kind is e.DetachedFromIncident:
        ways = tuple(Told(kind, "solved", made(back_to=stage)) for stage in Stage if stage in UNSOLVED)
        return (*ways, Told(kind, "", made(back_to=None)))
    if issubclass(kind, e.Received | e.Classified):
        terms: Any = Terms.model_construct
        plan, plain = (made(terms=terms(v=HOLDING_PAUSES, plan_required=wanted)) for wanted in (True, False))
        return (Told(kind, "plan_required", plan), Told(kind, "", plain))
    return (Told(kind, "", made()),)


class Touched(NamedTuple):
    """A clock that a kind of event touches, and for which of these events alone; none = all."""

    clock: ClockName
    only: tuple[str, ...] = ()


def starts(kind: type[e.Event]) -> tuple[Touched, ...]:
    """Return the clocks that an event starts."""
    promise = (Touched(ClockName.PROMISE),) if kind is e.PromiseMade else ()
    return (*_touched(kind, {name: rule.starts for name, rule in CLOCK_RULES.items()}), *promise)


def stops(kind: type[e.Event]) -> tuple[Touched, ...]:
    """Return the clocks that an event stops, as met or breached."""
    tests = {name: rule.stops for name, rule in CLOCK_RULES.items()}
    return _touched(kind, {**tests, ClockName.PROMISE: _keeps_a_promise})


def _keeps_a_promise(event: e.Event) -> bool:
    return any(test(event) for test in KEEPS_PROMISE.values())


def drops(kind: type[e.Event]) -> tuple[Touched, ...]:
    """Return the clocks that an event makes pointless; what it stops it does not drop."""
    if kind is e.Withdrawn:  # ends everything, whatever the tables say (`Unfolding.end_all`, INT-16)
        return tuple(Touched(name) for name in ClockName)
    stopped = {one.clock for one in stops(kind)}
    tests = {name: rule.drops for name, rule in CLOCK_RULES.items() if name not in stopped}
    return _touched(kind, {**tests, ClockName.PROMISE: LIFE_ENDS})


def _touched(kind: type[e.Event], tests: Mapping[ClockName, Test]) -> tuple[Touched, ...]:
    ways = told(kind)
    fitting = {name: [one for one in ways if tests[name](one.sample)] for name in ClockName if name in tests}
    return tuple(
        Touched(name, () if len(found) == len(ways) else tuple(dict.fromkeys(one.only for one in found)))
        for name, found in fitting.items()
        if found
    )


class Edge(NamedTuple):
    """A way from one stage to another, by an event that a command makes."""

    command: CommandName
    kind: type[e.Event]
    leaves: Stage
    to: Stage
    only: str = ""


@cache
def edges() -> tuple[Edge, ...]:
    """Return every way between stages that the tables allow, in the order of the commands."""
    return tuple(
        Edge(command, kind, stage, leads_to(stage, one.sample), one.only)
        for command, rule in RULEBOOK.items()
        for kind in makes(command)
        for one in told(kind)
        for stage in Stage
        if stage in rule.stages and leads_to(stage, one.sample) is not stage
    )
