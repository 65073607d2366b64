"""What a command led to, in one line: what happened, where the order stands now, what falls due next."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from domain import events as e
from domain.commands import CommandName
from domain.order import WorkOrder
from domain.refusals import Refused
from domain.timekeeping.clocks import Clock
from domain.vocabulary import Stage
from domain.words import CLOCKS, word
from records import read as reading
from records.errors import RecordsError
from records.read import OrderFile, OrderRow
from starter.already import done_before
from starter.cli import door
from starter.cli.echo import echo_lines, settings_line
from starter.cli.next import whole_next
from starter.cli.off_duty import GIVEN, off_duty, off_duty_facts, off_duty_lines, was_off_duty
from starter.cli.screen import Screen, styled
from starter.cli.state import is_provisional
from starter.cli.table import due_marks, first_duty
from starter.cli.times import countdown, shown
from starter.cli.unlike import unlike_lines
from starter.moves import MOVERS, Move, move_facts, moves_in
from starter.standing import order_now, predicted
from starter.telling.names import Names
from starter.telling.timeline import FOLDED, Entry, Teller, entries
from starter.telling.times import Tick
from starter.words.glossary import COMMANDS, STAGES

if TYPE_CHECKING:
    from rich.text import Text

    from starter.acting import Given
    from starter.desk import Desk
    from starter.request import Request

PAUSING = frozenset({CommandName.SUSPEND, CommandName.APPROVE_SUSPENSION})
"""Commands after which clocks stand still."""
MOVING = frozenset({CommandName.CLASSIFY, CommandName.RECLASSIFY, CommandName.RECLOCK})
"""Commands that may move the dues of running clocks (CLK-24, CLK-31)."""


async def show_answer(screen: Screen, desk: "Desk", request: "Request", given: "Given") -> int:
    """Show what an accepted command led to."""
    answer, repeated, asked_of = given.answer, given.repeated, request.order_id
    request = replace(request, order_id=given.order_id)
    file = await _file(desk, request.order_id, answer.seq)
    row = file.row if file else None
    moved = _moved(request, file, answer.seq) if file else []
    away = was_off_duty(desk, request, file, answer.seq) if file else None
    urged = _urged(file, answer.seq) if file and request.command == CommandName.URGE else []
    screen.document(
        {
            "order": request.order_id,
            "command": request.command,
            "version": answer.version,
            "stage": answer.stage,
            "seq": answer.seq,
            "head": answer.head,
            "key": request.key,
            "next_due": _next_of(row) if row else None,
            **({"moved": [move_facts(one) for one in moved]} if request.command in MOVING else {}),
            **({"off_duty": off_duty_facts(away)} if request.command in GIVEN else {}),
            **({"urged": [{"event": one.type, **_plain(one)} for one in urged]} if urged else {}),
            "repeated": repeated,
        }
    )
    if screen.json:
        return 0
    names, said = Names(desk.settings, screen.lang), _said(screen, request, answer.stage)
    number, before = door.number(request.order_id), ("此前", " before, with this key") if repeated else ("", "")
    if given.order_id != asked_of:
        screen.show(_handed_on(screen, door.number(asked_of), number))
    done = screen.t(f"✓ {number} {before[0]}已{said}", f"✓ {number}: {said} — done{before[1]}")
    to = f" → {names.person(whom)}" if (whom := _given(request, row)) else ""
    stage = row.stage if repeated and row else answer.stage
    screen.show(styled(done + to, "bold green").append(_stands(screen, desk, stage, row), style="default"))
    if request.command == "merge":
        screen.show(*await unlike_lines(screen, desk, asked_of, str(request.said["survivor"])))
    if file is not None and row is not None:
        order = await _order(desk, file)
        teller = _teller(screen, desk, row.community)
        screen.show(*moved_lines(screen, teller, moved) if request.command in MOVING else ())
        screen.show(*settings_line(screen, file, answer.seq) if request.command in MOVING else ())
        screen.show(*off_duty_lines(screen, desk, file, away))
        screen.show(*echo_lines(screen, desk, request, file, answer.seq))
        screen.show(*(styled(f"  {teller.event(one)} {teller.detail(one)}", "yellow") for one in urged))
        screen.show(*pause_lines(screen, teller, order) if order and request.command in PAUSING else ())
        screen.show(*whole_next(screen, desk.settings, row, order))
    return 0


def _handed_on(screen: Screen, case: str, survivor: str) -> "Text":
    """Say that a merged case's survivor carried it out (GRP-03)."""
    said = (f"{case} 已归并,转由 {survivor} 办理:", f"{case} was merged; {survivor} has it:")
    return styled(screen.t(*said), "yellow")


def _said(screen: Screen, request: "Request", stage: str) -> str:
    """Name the command; what a contractor says is done is not completed by that (HND-12)."""
    if request.command == "complete_handling" and stage == Stage.HANDLING:
        return screen.t("报完工,待验工", "report completion (to be checked)")
    return word(COMMANDS, request.command, screen.lang)


def _given(request: "Request", row: OrderRow | None) -> str | None:
    """Return to whom an order was given: as was said, else as the house chose."""
    chosen = row.assignee if row is not None and request.command == "dispatch" else None
    return request.said.get("assignee") or chosen


async def _file(desk: "Desk", order_id: str, seq: int) -> OrderFile | None:
    """Read the order that the command led to; None when the record is behind or away."""
    try:
        file = await reading.order(desk.pool, order_id, list(desk.settings.communities))
    except RecordsError:
        return None
    return file if file.row.seq >= seq else None


async def _order(desk: "Desk", file: OrderFile) -> WorkOrder | None:
    """Return the order as it stands; None when the record is away."""
    try:
        return await order_now(desk, file, door.now())
    except (RecordsError, Refused):
        return None


def _teller(screen: Screen, desk: "Desk", community: str) -> Teller:
    zone, now = door.zone_of(desk.settings, community), door.now()
    return Teller(Names(desk.settings, screen.lang), lambda at: shown(at, zone, now, screen.lang))


def _moved(request: "Request", file: OrderFile, seq: int) -> list[Move]:
    """Return what the command moved: the last event of its kind up to its answer is its own."""
    if request.command not in MOVING:
        return []
    return moves_in([row for row in file.events if row.type in MOVERS and row.seq <= seq][-1:])


def _urged(file: OrderFile, seq: int) -> list[Entry]:
    """Return an urge, and the level that it has fired without a breach, if it did (INT-18)."""
    told = [one for one in entries(file.events) if one.seq <= seq and one.type in {"urged", "escalated"}]
    last = max((place for place, one in enumerate(told) if one.type == "urged"), default=len(told))
    return told[last:]


def _plain(entry: Entry) -> dict[str, Any]:
    return {name: entry.facts[name] for name in ("number", "clock", "level", "addressee") if name in entry.facts}


def moved_lines(screen: Screen, teller: Teller, moved: Sequence[Move]) -> "list[Text]":
    """Say of each due that it moved, from when to when; or that none did."""
    if not moved:
        return [styled(screen.t("  各计时的到期时间不变", "  no due moves"), "dim")]
    return [styled(f"  {teller.moved(move.facts)}", "cyan") for move in moved]


def pause_lines(screen: Screen, teller: Teller, order: WorkOrder) -> "list[Text]":
    """Say until when clocks stand still, at the latest, and which (CLK-20); nothing when none does."""
    held = [word(CLOCKS, clock.name, screen.lang) for clock in order.running if clock.suspended]
    if order.pause is None or not held:
        return []
    ends = teller.pause_ends(order.pause.expected_end_at, order.pause.cap_at)
    return [styled(f"  {ends} · {screen.t('、', ', ').join(held)}", "cyan")]


def _next_of(row: OrderRow) -> dict[str, Any] | None:
    duty = first_duty(row)
    marks = {name: bool(duty.get(name)) for name in ("provisional", "suspended")}
    return {"clock": row.next_due_clock, "at": row.next_due_at, **marks} if row.next_due_clock else None


def _stands(screen: Screen, desk: "Desk", stage: str, row: OrderRow | None) -> str:
    """Say the stage, and the next due where one is known."""
    said = screen.t(" · 环节 ", " · stage ") + word(STAGES, stage, screen.lang)
    due = _next_of(row) if row is not None else None
    if row is None or due is None:
        return said
    now = door.now()
    when = shown(due["at"], door.zone_of(desk.settings, row.community), now, screen.lang)
    marks = due_marks(screen, suspended=due["suspended"], provisional=due["provisional"])
    left = screen.t(",", ", ").join([countdown(due["at"], now, screen.lang), *marks])
    name = word(CLOCKS, due["clock"], screen.lang)
    return said + screen.t(f" · 下一时限 {name} {when}({left})", f" · next due: {name} {when} ({left})")


async def show_prediction(screen: Screen, desk: "Desk", request: "Request", file: OrderFile | None) -> int:
    """Show what a command would do, or raise the refusal it would meet; nothing is written."""
    from starter.acting import OrderFacts, checked, completed, prepare  # noqa: PLC0415 - brings the engine's SDK with it
    from starter.heard_before import check_heard  # noqa: PLC0415 - the same

    if file is None:
        raise Refused("not-found", order=request.order_id)
    request = await completed(desk, await checked(desk, request), file.row.community)
    start = file.intake.start_input if file.intake else {}
    digest = start.get("reception", {}).get("terms", {}).get("digest", "")
    prepared = prepare(desk.settings, request, OrderFacts(file.row.community, file.row.received_at, digest))
    await check_heard(desk, request, prepared)
    now = door.now()
    try:
        order, events = predicted(await order_now(desk, file, now), request, prepared, now)
    except Refused as refusal:
        raise done_before(refusal, request.command, request.said, file.events) from None
    names, away = [event.type_name() for event in events], off_duty(desk, request, now)
    due = min(order.running, key=order.due, default=None)
    screen.document(
        {
            "dry_run": True,
            "order": request.order_id,
            "command": request.command,
            "version": order.version,
            "stage": order.stage,
            "events": names,
            "next_due": _next_in(order, due) if due else None,
            **({"moved": _foretold(events)} if request.command in MOVING else {}),
            **({"off_duty": off_duty_facts(away)} if request.command in GIVEN else {}),
        }
    )
    if not screen.json:
        _show_prediction(screen, desk, request, order, events)
        screen.show(*off_duty_lines(screen, desk, file, away))
    return 0


def _foretold(events: list[e.Event]) -> list[dict[str, Any]]:
    """Return what a classification would move: each clock with both dues."""
    wanted = {"clock", "generation", "turn", "before_due_at", "due_at", "provisional"}
    moved = [one for event in events if isinstance(event, e.Classified) for one in event.moved or ()]
    return [one.model_dump(include=wanted) | {"provisional": bool(one.provisional)} for one in moved]


def _next_in(order: WorkOrder, clock: Clock) -> dict[str, Any]:
    marks = {"provisional": is_provisional(order, clock), "suspended": clock.suspended}
    return {"clock": clock.name, "at": order.due(clock), **marks}


def _show_prediction(screen: Screen, desk: "Desk", request: "Request", order: WorkOrder, events: list[e.Event]) -> None:
    said = word(COMMANDS, request.command, screen.lang)
    head = screen.t(f"可以{said}(未作改动)", f"{said} would be accepted (nothing changed)")
    stage = screen.t(" · 环节 ", " · stage ") + word(STAGES, order.stage, screen.lang)
    screen.show(styled(head, "bold").append(stage, style="default"))
    teller = _teller(screen, desk, order.community)
    for event in events:
        told = json.loads(e.body_of(event, order_id=order.order_id, seq=0, recorded_at=event.at, context={}))
        kind = told["type"].removeprefix("work_order.")
        entry = Entry(0, kind, event.at, event.at, event.at, told["actor"], told["payload"], ())
        screen.show(
            styled(f"  {teller.event(entry)} {_told(teller, entry)}".rstrip(), "dim" if "clock" in kind else "")
        )


def _told(teller: Teller, entry: Entry) -> str:
    """Say an event, clock ticks included, which stand by themselves here."""
    if entry.type in FOLDED:
        return teller.ticks([Tick(entry.type, entry.at, entry.facts)])[0]
    return teller.detail(entry)
