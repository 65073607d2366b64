"""Dispatching on real servers: repetitions, returns, transfers, grabs and limits (DSP-05…15)."""

import asyncio
import re
from collections import Counter

from house import ENGINEERING_LEAD, OPERATOR, PLUMBER, eventually, received

from domain.refusals import Refused
from domain.settings.reading import parse
from records import dispatching, outgoing
from starter.actor import usr
from starter.opening import sample_community

TO_DISPATCH = ("respond", "clarify", "register")


async def test_a_repeated_dispatch_is_answered_though_nobody_fits_any_more(persons) -> None:
    """DSP-09, design 4a.8: whom the house chose the first time stands; only what is new is completed."""
    matter = await received(persons.desk)
    await matter.through(*TO_DISPATCH)
    first = await matter.give("dispatch", OPERATOR, key="once")
    emptied = persons.without(*persons.roster().staff)
    matter.desk = emptied.desk_with(emptied.settings)
    assert await matter.give("dispatch", OPERATOR, key="once") == first
    assert (await matter.refused("dispatch", OPERATOR, key="once", assignee="usr_S11")).code == "idempotency-key-reused"
    assert len(await matter.until("dispatched")) == 1


async def told(persons, matter, topic) -> set[str]:
    """Who was told of it, once somebody was."""

    async def look() -> set[str]:
        rows = await outgoing.notices(persons.desk.pool, matter.order_id)
        return {row.notice.person.removeprefix("usr_") for row in rows if row.notice.body["topic"] == topic}

    return await eventually(look, bool)


async def test_returns_are_told_to_the_operators_and_the_second_to_the_service_manager(persons, day) -> None:
    """DSP-07: with a reason of the list; without one nothing changes."""
    matter = await received(persons.desk)
    await matter.through(*TO_DISPATCH, "dispatch")
    assert (await matter.refused("return", PLUMBER, reason="不会修")).code == "return-reason-missing"
    await matter.give("return", PLUMBER, return_reason="lacks_skill", reason="需要电工")
    await matter.through("dispatch")
    await matter.give("return", PLUMBER, return_reason="unsafe")
    await matter.until("returned", 2)
    await persons.carry(day.noon)
    assert await told(persons, matter, "returned") >= {"S06"}
    assert await told(persons, matter, "returned_again") == {"S02"}


async def test_a_transfer_is_the_givers_until_its_receiver_takes_it(persons, day) -> None:
    """DSP-08: in the record too; both owe that it is accepted, and the receiver is told."""
    matter = await received(persons.desk)
    await matter.through(*TO_DISPATCH, "dispatch", "accept")
    await matter.give("transfer", ENGINEERING_LEAD, assignee="usr_S10", reason="换班", other_trade=True)
    row = (await matter.file()).row
    assert (row.assignee, row.receiver) == ("usr_S09", "usr_S10")
    loads = {one.staff: one.open for one in await dispatching.loads(persons.desk.pool, ["usr_S09", "usr_S10"])}
    assert loads["usr_S10"] >= 1
    await persons.carry(day.noon)
    assert await told(persons, matter, "transferred") == {"S10"}
    await matter.give("accept", persons.actor("S10"))
    row = (await matter.file()).row
    assert (row.assignee, row.receiver) == ("usr_S10", None)


async def test_nobody_hands_an_order_to_somebody_off_duty_but_a_supervisor(persons) -> None:
    """DSP-08: whoever is absent or off duty can't be given what the giver wants to be rid of."""
    matter = await received(persons.desk)
    await matter.through(*TO_DISPATCH, "dispatch", "accept")
    away = persons.without("S12")
    matter.desk = away.desk_with(away.settings)
    refusal = await matter.refused("transfer", PLUMBER, assignee="usr_S12", reason="换班")
    assert (refusal.code, refusal.facts["assignee"]) == ("receiver-off-duty", "S12")
    own = PLUMBER._replace(roles=("engineer", "duty_supervisor"))
    assert (await matter.refused("transfer", own, assignee="usr_S12", reason="换班")).code == "receiver-off-duty"
    assert not await matter.events("transferred")
    await matter.give("transfer", ENGINEERING_LEAD, assignee="usr_S12", reason="换班")
    assert len(await matter.until("transferred")) == 1


async def test_nobody_gets_what_is_of_another_trade_unless_it_is_meant_so(persons) -> None:
    """DSP-01, HND-13: a transfer across trades is a supervisor's, not the holder's own; a piece needs to be said so."""
    matter = await received(persons.desk)
    await matter.through(*TO_DISPATCH, "dispatch", "accept")
    to = {"assignee": "usr_S10", "reason": "换班"}  # an electrician; it leaks
    own = PLUMBER._replace(roles=("engineer", "duty_supervisor"))
    for who, more in ((ENGINEERING_LEAD, {}), (PLUMBER, {"other_trade": True}), (own, {"other_trade": True})):
        refusal = await matter.refused("transfer", who, **to, **more)
        assert (refusal.code, refusal.facts["assignee"]) == ("other-trade", "S10")
    piece = {"assignee": "usr_S10", "words": "断电挂牌"}
    assert (await matter.refused("add_assignment", OPERATOR, **piece)).code == "other-trade"
    await matter.give("add_assignment", OPERATOR, **piece, other_trade=True)
    await matter.give("transfer", ENGINEERING_LEAD, **to, other_trade=True)
    [added], [handed] = await matter.until("assignment_added"), await matter.until("transferred")
    assert (added["payload"]["other_trade"], handed["payload"]["other_trade"]) == (True, True)


def limited(persons, most: int):
    """The same house where nobody may hold more orders than so many."""
    text = sample_community().read_text(encoding="utf-8")
    return persons._replace(settings=parse(re.sub(r"(?m)^load_limit = \d+", f"load_limit = {most}", text)))


async def ready(house, count: int, **said) -> list:
    """So many orders that wait to be dispatched, at the doors of this house."""
    matters = [await received(house.desk_with(house.settings), **said) for _ in range(count)]
    for matter in matters:
        await matter.through(*TO_DISPATCH)
    return matters


async def outcome(matter, **said) -> str:
    """Dispatch it; say to whom it went, or why it did not."""
    try:
        await matter.give("dispatch", OPERATOR, **said)
    except Refused as refusal:
        return refusal.code
    return "given"


async def test_fifty_dispatches_at_once_never_exceed_a_limit(persons) -> None:
    """DSP-11, ST-24: claims are kept in the record, so doors of several machines count the same."""
    held = {one.staff: one.open for one in await dispatching.loads(persons.desk.pool, ["usr_S10"])}["usr_S10"]
    house = limited(persons, held + 3)
    matters = await ready(house, 50)
    outcomes = await asyncio.gather(*(outcome(matter, team="engineering", assignee="usr_S10") for matter in matters))
    assert Counter(outcomes) == {"given": 3, "load-limit": 47}
    [after] = await dispatching.loads(persons.desk.pool, ["usr_S10"])
    assert after.open == held + 3


async def test_urgent_matters_go_beyond_a_limit_and_it_is_recorded(persons) -> None:
    """DSP-11: an ordinary one to the same person is refused with a sentence, and nothing changes."""
    house = limited(persons, 0)
    [urgent] = await ready(house, 1, category="LIFT_TRAPPED")
    await urgent.give("dispatch", OPERATOR, team="engineering", assignee="usr_S10")
    [given] = await urgent.until("dispatched")
    assert given["payload"]["over_limit"] is True
    [ordinary] = await ready(house, 1)
    refusal = await ordinary.refused("dispatch", OPERATOR, team="engineering", assignee="usr_S10")
    assert (refusal.code, refusal.facts["assignee"], refusal.facts["limit"]) == ("load-limit", "S10", 0)
    assert not await ordinary.events("dispatched")


async def test_a_choice_of_the_house_gives_way_to_the_next_when_a_place_was_taken(persons) -> None:
    """DSP-11, DSP-03: nobody named, ten at once: each finds somebody with room, until there is none."""
    crew = [usr(one.id) for one in persons.settings.staff if one.team == "engineering"]
    most = max(one.open for one in await dispatching.loads(persons.desk.pool, crew)) + 1
    house = limited(persons, most)
    matters = await ready(house, 10)
    outcomes = Counter(await asyncio.gather(*(outcome(matter) for matter in matters)))
    assert outcomes["given"] >= 1
    assert set(outcomes) <= {"given", "nobody-fits"}
    assert max(one.open for one in await dispatching.loads(persons.desk.pool, crew)) <= most


async def test_a_refused_dispatch_keeps_no_place(persons) -> None:
    """DSP-11: what the order itself refuses gives the place back at once."""
    matter = await received(persons.desk)
    await matter.through(*TO_DISPATCH, "dispatch")
    assert (await matter.refused("dispatch", OPERATOR, team="engineering", assignee="usr_S10")).code
    kept = "select count(*) from load_claim where person = 'usr_S10' and order_id = $1"
    assert await persons.desk.pool.fetchval(kept, matter.order_id) == 0
