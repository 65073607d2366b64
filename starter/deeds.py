"""Doing what ladder levels ask for beside telling somebody, each once: as commands of the actor `rule` (ESC-06)."""

from datetime import datetime
from typing import Any

import structlog

from domain.commands import CommandName
from domain.deeds import Command, Level, Noted, Nothing, Standing, decided, fault
from domain.dispatch.roster import Roster
from domain.refusals import Refused
from domain.vocabulary import Channel, ClockName, LadderAction, Role, Severity
from records import deeds
from records import read as reading
from records.deeds import Deed
from records.outgoing import OutboxRow
from starter.acting import UNDECIDED, act
from starter.actor import Actor, staff_id, usr
from starter.desk import Desk, kept
from starter.request import Request

RULE = Actor("system", (Role.RULE,))
"""Who acts when a ladder does; its commands stand in histories and chains like any other (AUD-05)."""
NOTHING = "nothing-to-do"
DONE = "done"
AT_ONCE = 50
TIRED = 20
"""After so many tries a deed whose order is changed again and again is given up, and says so."""

log = structlog.get_logger("huiyin.deeds")


def deed_of(row: OutboxRow) -> tuple[str, dict[str, Any]] | None:
    """Return what a row asks to be done beside telling somebody, with its facts; None for nothing."""
    action = row.body.get("action")
    if action in {None, LadderAction.NOTIFY}:
        return None
    names = ("clock", "generation", "turn", "level", "team", "severity")
    return str(action), {name: row.body.get(name) for name in names}


async def do_deeds(desk: Desk, roster: Roster, now: datetime) -> int:
    """Do what is open, one deed after the other; what a server's absence leaves undecided comes back later.

    Returns how many were ended. Raises `RecordsError` when the record goes away.
    """
    ended = 0
    for _ in range(AT_ONCE):
        deed = await deeds.claim(desk.pool)
        if deed is None:
            break
        ended += await _do(desk, roster, deed, now)
    return ended


async def _do(desk: Desk, roster: Roster, deed: Deed, now: datetime) -> bool:
    """Do one deed; False when its outcome is not known yet."""
    try:
        outcome, told = await _outcome(desk, roster, deed, now)
    except Refused as refusal:
        if refusal.code in UNDECIDED:
            log.info("deed.delayed", order=deed.order_id, seq=deed.seq, action=deed.action, code=refusal.code)
            return False
        if refusal.code == "version-mismatch" and deed.tries < TIRED:
            await deeds.fix(desk.pool, deed, None)  # somebody was faster: decide anew, as the order stands then
            return False
        outcome, told = refusal.code, dict(refusal.facts)
    await deeds.end(desk.pool, deed, outcome, told)
    log.info("deed.ended", order=deed.order_id, seq=deed.seq, action=deed.action, outcome=outcome)
    return True


async def _outcome(desk: Desk, roster: Roster, deed: Deed, now: datetime) -> tuple[str, dict[str, Any]]:
    """Decide, unless it was decided before, then do it."""
    said = deed.said
    if said is None:
        found = await _decided(desk, roster, deed, now)
        if isinstance(found, Nothing):
            return NOTHING, {"because": found.because}
        if isinstance(found, Noted):
            return DONE, dict(found.facts)
        said = _fixed(deed, found)
        await deeds.fix(desk.pool, deed, said)
    answer = await act(desk, _request(deed, said))
    return DONE, {"command": said["command"], **_shown(said["said"]), "version": answer.version}


async def _decided(desk: Desk, roster: Roster, deed: Deed, now: datetime) -> Command | Noted | Nothing:
    if deed.facts.get("level") is None:  # no ladder's: a contractor's work has failed its check (HND-12)
        return fault(roster.teams.get(deed.facts["team"] or ""))
    row = await kept(reading.row(desk.pool, deed.order_id))
    order = Standing(
        community=row.community,
        category=row.category,
        kind=row.kind,
        severity=Severity(row.severity),
        version=row.version,
        team=row.team,
        assignee=row.assignee and staff_id(row.assignee),
        owed=row.duties,
    )
    return decided(_level(deed, order.severity), order, desk.settings.categories.get(row.category), roster, now)


def _level(deed: Deed, severity: Severity) -> Level:
    """Return the level that asks; rows of 0.1.0 do not say how severe the matter was then, so it is what it is now."""
    facts = deed.facts
    return Level(
        action=LadderAction(deed.action),
        clock=ClockName(facts["clock"]),
        generation=facts["generation"],
        turn=facts["turn"],
        level=facts["level"],
        severity=Severity(facts["severity"] or severity),
        team=facts["team"],
    )


def _fixed(deed: Deed, found: Command) -> dict[str, Any]:
    """Return a command as every try gives it; a version that did not fit makes the next one another command."""
    said = dict(found.said)
    if "assignee" in said:
        said["assignee"] = usr(said["assignee"])
    key = f"ladder/{deed.order_id}/{deed.seq}/{deed.tries}"
    return {"command": found.name.value, "said": said, "version": found.version, "key": key}


def _request(deed: Deed, said: dict[str, Any]) -> Request:
    return Request(
        deed.order_id,
        CommandName(said["command"]),
        RULE,
        said["said"],
        key=said["key"],
        channel=Channel.ENGINE,
        expected_version=said["version"],
    )


def _shown(said: dict[str, Any]) -> dict[str, Any]:
    """Return what of a command is noted of its deed: ids and codes, not its words."""
    return {name: value for name, value in said.items() if name != "reason"}
