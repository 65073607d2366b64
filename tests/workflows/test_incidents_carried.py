"""Incidents on real servers: children attached, their breaches told to the parent, one escalation for all (ESC-13)."""

import asyncio
import secrets
from datetime import timedelta
from functools import partial

import pytest
from house import MANAGER, OPERATOR, PLUMBER, Matter, eventually, received

from domain.refusals import Refused
from records import incidents
from starter.desk import Desk
from starter.groups.incidents import IN_FLIGHT, carry_incidents
from starter.groups.proposing import ProposalForm, propose_incident
from starter.reconcile import differences
from starter.relay import queue
from workflows.engine import Engine, connect

OUTAGE = {"category": "WATER_OUTAGE", "room": "JX03-1-1502", "text": "停水了"}


async def cases(desk: Desk, count: int = 3) -> list[Matter]:
    return list(await asyncio.gather(*(received(desk, **OUTAGE) for _ in range(count))))


async def proposed(desk: Desk, members: list[Matter], key: str | None = None) -> Matter:
    ids = tuple(one.order_id for one in members)
    form = ProposalForm(ids, "3 栋停水,疑为水箱故障", key or secrets.token_hex(8))
    return Matter(desk, (await propose_incident(desk, form, OPERATOR)).order_id)


async def carried(persons, at) -> None:
    """Let the relay look until nothing moves any more between incidents and children."""
    while await queue(persons.desk, persons.roster(), at) + await carry_incidents(persons.desk):
        pass


async def confirmed(persons, members: list[Matter], at) -> Matter:
    """An incident whose members are attached; each child's row says so."""
    parent = await proposed(persons.desk, members)
    await parent.give("confirm_incident", OPERATOR)
    await parent.file()
    await carried(persons, at)
    for one in members:
        await one.until("attached_to_incident", incident=parent.order_id)
    return parent


async def breached(members: list[Matter]) -> None:
    """Let their `response` be breached, and the last of its levels be over."""
    for one in members:
        await one.skip(timedelta(minutes=100))
        await one.until("clock_breached", clock="response")


async def level_one(parent: Matter) -> None:
    """Let the parent's own clock come to the breach of its children (15 minutes)."""
    await parent.skip(timedelta(minutes=16))
    await parent.until("escalated", clock="response", level=1)


async def levels(matter: Matter, clock: str = "response") -> list[tuple[int, list[str]]]:
    found = [event["payload"] for event in await matter.events("escalated")]
    return [(one["level"], one["children"]) for one in found if one["clock"] == clock and "children" in one]


async def test_three_children_breach_and_their_parent_escalates_once(persons, day) -> None:
    """ESC-13, GRP-05: one level for all with their list; each child's breach in its own record, no level of its own."""
    members = await cases(persons.desk)
    parent = await confirmed(persons, members, day.noon)
    await breached(members)
    await carried(persons, day.noon)
    ids = sorted(one.order_id for one in members)
    await level_one(parent)
    assert await levels(parent) == [(1, ids)]
    for one in members:
        assert (len(await one.until("clock_breached", clock="response")), await one.events("escalated")) == (1, [])
    instants = [(await one.events("clock_breached"))[1]["at"] for one in members]
    [first] = [one for one in await parent.events("escalated") if one["payload"]["clock"] == "response"]
    assert first["at"] == min(instants)
    await persons.carry(day.noon)
    [message] = (await persons.told(parent)).values()
    told = persons.message(message.notice_id)
    numbers = "、".join(one.removeprefix("wo_") for one in ids)
    assert f"有 3 张工单的「响应」时限已超时:{numbers}" in told["zh"]
    assert f"response was breached in 3 orders of incident {parent.order_id.removeprefix('wo_')}" in told["en"]


async def test_the_addressee_acknowledges_on_the_parent_and_the_ladder_ends_with_the_children(persons, day) -> None:
    """ESC-05, ESC-13: acknowledged as on any clock; when every child's clock has stopped no further level comes."""
    members = await cases(persons.desk, 2)
    parent = await confirmed(persons, members, day.noon)
    await breached(members)
    await carried(persons, day.noon)
    await level_one(parent)
    await parent.give("acknowledge", persons.actor("S07"), clock="response", level=1)
    await members[0].give("respond", OPERATOR)
    await members[1].give("detach_from_incident", OPERATOR, reason="另有原因:户内总阀关着")
    for one in members:
        await one.file()
    await carried(persons, day.noon)
    await parent.file()
    before = await levels(parent)
    await parent.skip(timedelta(hours=5))
    await parent.until("escalated", clock="dispatch", level=1)  # its own clocks go on
    assert await levels(parent) == before


async def test_a_child_taken_out_escalates_as_if_it_had_never_been_in(persons, day) -> None:
    """GRP-07: the levels whose instants are over speak, at those instants."""
    out, within = await cases(persons.desk, 2)
    await confirmed(persons, [out, within], day.noon)
    await breached([out, within])
    assert await out.events("escalated") == []
    await out.give("detach_from_incident", MANAGER, reason="另有原因")
    [level, *_] = await out.until("escalated", clock="response", level=1)
    [breach] = [one for one in await out.events("clock_breached") if one["payload"]["clock"] == "response"]
    assert (level["at"], (await out.file()).row.incident) == (breach["at"], None)
    assert await within.events("escalated") == []


@pytest.mark.parametrize("ended", [False, True])
async def test_a_relay_that_dies_in_between_doubles_nothing(persons, day, ended) -> None:
    """ESC-13, OPS-02: before the answer was known, or before it was noted; alone or among later reports."""
    members = await cases(persons.desk, 2)
    parent = await confirmed(persons, members, day.noon)
    await breached(members[:1])
    outside = Desk(
        persons.desk.pool, await connect(Engine(address="127.0.0.1:1"), lazy=True), persons.desk.ring, persons.settings
    )
    await queue(persons.desk, persons.roster(), day.noon)
    if ended:
        await carried(persons, day.noon)
    else:
        assert await carry_incidents(outside) == 0  # the engine is away: nothing is decided
    await persons.desk.pool.execute("update child_report set outcome = null, try_at = now()")
    await breached(members[1:])
    await carried(persons, day.noon)
    await level_one(parent)
    reported = [
        (one["child"], one["clock"])
        for event in await parent.events("children_reported")
        for one in event["payload"]["clocks"]
    ]
    assert len(reported) == len(set(reported))
    assert {child for child, clock in reported if clock == "response"} == {one.order_id for one in members}
    assert [level for level, _ in await levels(parent)] == sorted({level for level, _ in await levels(parent)})
    await persons.desk.pool.execute("update incident_joining set outcome = null, try_at = now()")
    await carried(persons, day.noon)
    assert [len(await one.events("attached_to_incident")) for one in members] == [1, 1]
    assert {one.outcome for one in await incidents.joinings(persons.desk.pool, parent.order_id)} == {"done"}
    for one in (parent, *members):
        await one.file()
        assert await differences(persons.desk, one.order_id) is None


async def test_never_more_than_a_few_commands_to_children_at_once(persons, day) -> None:
    """Design 4a.7: the rest waits for the next look."""
    members = await cases(persons.desk, IN_FLIGHT + 1)
    parent = await proposed(persons.desk, members)
    await parent.give("confirm_incident", OPERATOR)
    await parent.file()
    await queue(persons.desk, persons.roster(), day.noon)
    assert (await carry_incidents(persons.desk), await carry_incidents(persons.desk)) == (IN_FLIGHT, 1)
    children = partial(incidents.children, persons.desk.pool, parent.order_id)
    await eventually(children, lambda rows: len(rows) == len(members))


async def test_a_proposal_is_written_once_and_is_no_owners_order(persons) -> None:
    """GRP-05, INT-11: the same key gives the same parent; whoever comes later is refused with a sentence."""
    members = await cases(persons.desk, 2)
    first = await proposed(persons.desk, members, "twice")
    assert (await proposed(persons.desk, members, "twice")).order_id == first.order_id
    file = await first.file()
    assert (file.row.incident, file.row.building, file.row.next_due_at) == (first.order_id, "JX03", None)
    assert (
        await first.refused("give_feedback", OPERATOR, kind="plan", by="phone", words="总阀已关,抢修中,两小时后再告知")
    ).code == "not-of-an-incident"
    assert (await members[0].refused("confirm_incident", OPERATOR)).code == "no-incident"


async def test_one_without_living_children_is_dismissed_and_none_stays_behind(persons, day) -> None:
    """GRP-07, ESC-13: neither one that ended before nor one that joins at that moment is its child afterwards."""
    out, ended, late = members = await cases(persons.desk)
    parent = await confirmed(persons, [out, ended], day.noon)
    said = {"reason": "两户原因不同"}
    early = await parent.refused("dismiss_incident", OPERATOR, **said)
    assert (early.code, early.facts["count"]) == ("incident-has-children", 2)
    await out.give("detach_from_incident", OPERATOR, **said)
    await ended.give("withdraw", OPERATOR, by="phone", reason="来水了")
    for one in members:
        await one.file()
    joins = late.give("attach_to_incident", OPERATOR, incident=parent.order_id)
    told = await asyncio.gather(joins, parent.give("dismiss_incident", OPERATOR, **said), return_exceptions=True)
    codes = [one.code for one in told if isinstance(one, Refused)]
    assert codes in ([], ["incident-over"], ["incident-has-children"])
    if "incident-has-children" in codes:
        await late.file()
        await late.give("detach_from_incident", OPERATOR, **said)
        await late.file()
        await parent.give("dismiss_incident", OPERATOR, **said)
    for one in (parent, *members):
        await one.file()
    await carried(persons, day.noon)
    assert (await parent.file()).row.close_reason == "dismissed"
    assert [(await one.file()).row.incident for one in members] == [None, None, None]


async def code(work) -> str:
    with pytest.raises(Refused) as refusal:
        await work
    return refusal.value.code


async def test_what_does_not_belong_together_is_refused(persons, day) -> None:
    """GRP-05: other building, other category, closed, attached, a parent, too few, not confirmed, dismissed."""
    desk = persons.desk
    members = await cases(desk, 2)
    elsewhere = await received(desk, **{**OUTAGE, "room": "JX04-1-1502"})
    leak = await received(desk, **{**OUTAGE, "category": "WATER_LEAK"})
    gone = await received(desk, **OUTAGE)
    await gone.give("withdraw", OPERATOR, by="phone", reason="来水了")
    await gone.file()
    waiting = await proposed(desk, members)
    attach = {"incident": waiting.order_id}
    assert (await elsewhere.refused("attach_to_incident", OPERATOR, **attach)).code == "incident-unconfirmed"
    await waiting.give("dismiss_incident", OPERATOR, reason="两户原因不同")
    await waiting.file()
    parent = await confirmed(persons, members, day.noon)
    assert await code(proposed(desk, [members[0], elsewhere])) == "member-attached"
    assert await code(proposed(desk, [elsewhere, leak])) == "unlike-members"
    assert await code(proposed(desk, [gone, elsewhere])) == "member-closed"
    assert await code(proposed(desk, [parent, elsewhere])) == "member-is-incident"
    assert await code(proposed(desk, [elsewhere])) == "too-few-members"
    asked = [await received(desk, category="ADVICE") for _ in range(2)]
    assert await code(proposed(desk, asked)) == "no-common-work"
    form = ProposalForm((elsewhere.order_id, leak.order_id), "停水", "k")
    assert await code(propose_incident(desk, form, PLUMBER)) == "forbidden"
    attach = {"incident": parent.order_id}
    assert (await elsewhere.refused("attach_to_incident", OPERATOR, **attach)).code == "unlike-incident"
    assert (await leak.refused("attach_to_incident", OPERATOR, **attach)).code == "unlike-incident"
    assert (await members[0].refused("attach_to_incident", OPERATOR, **attach)).code == "already-attached"
    assert (await waiting.refused("attach_to_incident", OPERATOR, **attach)).code == "not-of-an-incident"
    assert (await leak.refused("attach_to_incident", OPERATOR, incident=gone.order_id)).code == "not-an-incident"
    late = await received(desk, **OUTAGE)
    assert (await late.refused("attach_to_incident", OPERATOR, incident=waiting.order_id)).code == "incident-over"
    await late.give("attach_to_incident", OPERATOR, **attach)
    assert (await late.file()).row.incident == parent.order_id
