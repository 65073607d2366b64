"""Dispatching on real servers: repetitions, returns, transfers, grabs and limits (DSP-05…15)."""

from house import ENGINEERING_LEAD, OPERATOR, PLUMBER, eventually, received

from records import dispatching, outgoing

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
    await matter.give("transfer", ENGINEERING_LEAD, assignee="usr_S10", reason="换班")
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
    assert not await matter.events("transferred")
    await matter.give("transfer", ENGINEERING_LEAD, assignee="usr_S12", reason="换班")
    assert len(await matter.until("transferred")) == 1
