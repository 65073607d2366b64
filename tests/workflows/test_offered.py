"""Orders that nobody could be given, pools, and who comes next, on real servers (DSP-05, DSP-09, DSP-10, DSP-15)."""

import asyncio
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

from house import CALLER, OPERATOR, PLUMBER, eventually, more_hands, received

from domain.refusals import Refused
from domain.settings.reading import parse
from records import outgoing
from starter.offering import offer_waiting
from starter.opening import sample_community

TO_DISPATCH = ("respond", "clarify", "register")


def always(persons, *, hands: int = 0, without: str = ""):
    """The same house with so many more hands in the pool; everybody is on duty at every hour, but who is `without`."""
    text = sample_community().read_text(encoding="utf-8")
    text = re.sub(r'(?m)^kind = "weekly"\n(?:.+\n)+', 'kind = "always"\n', text)
    text = re.sub(r"(?m)^load_limit = \d+", "load_limit = 1000000", text)
    house = persons._replace(settings=parse(more_hands(text, hands)))
    return house.without(*filter(None, without.split()))


async def waiting(house, **said):
    """An order that waits to be dispatched, at the doors of this house."""
    matter = await received(house.desk_with(house.settings), **said)
    await matter.through(*TO_DISPATCH)
    return matter


async def look(house, at=None) -> None:
    """Let the relay look for people who fit."""
    while await offer_waiting(house.desk_with(house.settings), house.roster(), at or datetime.now(UTC)):
        pass


async def told(house, matter, topic: str) -> list[str]:
    """Who was told of it about this order, each as often as it was said."""
    rows = await outgoing.notices(house.desk.pool, matter.order_id)
    return sorted(row.notice.person.removeprefix("usr_") for row in rows if row.notice.body["topic"] == topic)


async def grabbed(matter, actor) -> tuple[str, str]:
    """Grab it; say what came of it, and who has it."""
    try:
        await matter.give("grab", actor)
    except Refused as refusal:
        return refusal.code, str(refusal.facts.get("assignee"))
    return "mine", actor.id


async def test_of_twenty_who_grab_at_once_one_has_it_and_the_others_hear_who(persons) -> None:
    """DSP-05, ST-24: out of the pool, first come first served; once, whoever tries at the same time."""
    house = always(persons, hands=20)
    matter = await waiting(house, category="GENERAL_REPAIR")
    await look(house)
    hands = [f"H{one:02}" for one in range(20)]
    assert await told(house, matter, "in_pool") == [*hands, "S13"]
    outcomes = await asyncio.gather(*(grabbed(matter, house.actor(one)) for one in hands))
    assert Counter(code for code, _ in outcomes) == {"mine": 1, "already-grabbed": 19}
    [winner] = {who for _, who in outcomes}
    [event] = await matter.until("grabbed")
    assert event["payload"]["assignee"] == winner
    assert (await matter.file()).row.assignee == winner


async def test_what_nobody_of_the_pool_takes_in_time_an_operator_assigns(persons) -> None:
    """DSP-05: the house does not choose before; then the operators are told, once."""
    house = always(persons, hands=1)
    matter = await waiting(house, category="GENERAL_REPAIR")
    refusal = await matter.refused("dispatch", OPERATOR)
    assert (refusal.code, refusal.facts["minutes"]) == ("in-pool", 10)
    await look(house, datetime.now(UTC) + timedelta(minutes=9))
    assert await told(house, matter, "not_grabbed") == []
    for _ in range(2):
        await look(house, datetime.now(UTC) + timedelta(minutes=11))
    assert (await told(house, matter, "not_grabbed")).count("S06") == 1
    await matter.give("dispatch", OPERATOR, team="handyman", assignee="usr_H00")
    assert (await grabbed(matter, house.actor("S13")))[0] == "already-grabbed"


async def test_nobody_takes_what_is_in_no_pool_of_his(persons) -> None:
    """DSP-05: neither another team's order nor one that he lacks the skill for."""
    house = always(persons, hands=1)
    leak = await waiting(house)
    refusal = await leak.refused("grab", house.actor("S13"))
    assert (refusal.code, refusal.facts["why"]) == ("not-in-pool", "no_pool")
    glass = await waiting(house, category="GLAZING")
    refusal = await glass.refused("grab", house.actor("H00"))
    assert (refusal.code, refusal.facts["why"]) == ("not-in-pool", "skill")
    assert not await glass.events("grabbed")


async def test_what_nobody_could_be_given_is_told_at_once_and_offered_when_somebody_comes(persons) -> None:
    """DSP-09, DSP-10: its clock runs on; the oldest is offered first, each once, and may be taken with that."""
    crew = " ".join(one.id for one in persons.settings.staff if one.team == "engineering")
    empty, one_back = always(persons, without=crew), always(persons, without=crew.replace("S09", ""))
    older, newer = [await waiting(empty) for _ in range(2)]
    for matter in (older, newer):
        assert (await matter.refused("dispatch", OPERATOR)).code == "nobody-fits"
    assert "S06" in await told(empty, older, "nobody_fits")
    assert "dispatch" in {duty["clock"] for duty in (await older.file()).row.duties}
    await look(empty)
    assert await told(empty, older, "offer") == []
    for _ in range(2):
        await look(one_back)
    assert (await told(one_back, older, "offer"), await told(one_back, newer, "offer")) == (["S09"], [])
    older.desk = one_back.desk_with(one_back.settings)
    assert (await grabbed(older, PLUMBER))[0] == "mine"
    await eventually(older.file, lambda file: file.row.assignee == PLUMBER.id)
    await look(one_back)
    assert await told(one_back, newer, "offer") == ["S09"]


async def test_an_offer_is_taken_back_from_whom_the_matter_turns_out_to_be_about(persons) -> None:
    """DSP-13: what has not been said of it is not said any more; all others keep theirs."""
    house = always(persons, hands=1)
    matter = await waiting(house, category="GENERAL_REPAIR")
    await look(house)
    assert await told(house, matter, "in_pool") == ["H00", "S13"]
    await matter.give("note", OPERATOR, words="就是他上次弄坏的", complained_of=["usr_S13"])
    await matter.file()
    await look(house)
    left = await house.desk.pool.fetch("select person from offer where order_id = $1", matter.order_id)
    assert [row["person"] for row in left] == ["usr_H00"]
    rows = await outgoing.notices(house.desk.pool, matter.order_id)
    became = {row.notice.person: row.dropped_because for row in rows if row.notice.body["topic"] == "in_pool"}
    assert became == {"usr_H00": None, "usr_S13": "withdrawn"}


BAD_CALL = {"resolved": False, "they_called": True, "attitude": 4, "timeliness": 4, "quality": 4, "words": "又漏了"}


async def reopened(house):
    """An order that S09 has handled, and that its owner found not resolved."""
    matter = await waiting(house)
    await matter.through("dispatch", "accept", "arrive", "complete_handling", "give_feedback")
    await matter.give("record_callback", CALLER, **BAD_CALL)
    return matter


async def test_what_is_reopened_goes_to_who_had_it_if_on_duty_else_anew(persons) -> None:
    """DSP-15: whatever others hold; and only the first time in a generation."""
    house = always(persons)
    matter = await reopened(house)
    await matter.give("dispatch", OPERATOR)
    [_, again] = await matter.until("dispatched", 2)
    assert (again["payload"]["assignee"], again["payload"]["decision"]["rule"]) == (PLUMBER.id, "former")
    await matter.give("return", PLUMBER, return_reason="off_duty")
    await matter.give("dispatch", OPERATOR)
    assert (await matter.until("dispatched", 3))[-1]["payload"]["decision"]["rule"] == "least_load"
    other = await reopened(house)
    away = always(persons, without="S09")
    other.desk = away.desk_with(away.settings)
    await other.give("dispatch", OPERATOR)
    [_, anew] = await other.until("dispatched", 2)
    assert anew["payload"]["decision"]["rule"] == "least_load"
    assert anew["payload"]["assignee"] != PLUMBER.id


async def test_a_complaint_about_a_lead_reaches_neither_him_nor_his_people(persons) -> None:
    """DSP-13: named at reception or later; S08 leads engineering, so nobody of it is proposed or can be named."""
    house = always(persons)
    matter = await waiting(house, complained_of=("S08",))
    assert (await matter.file()).row.complained_of == ["usr_S08"]
    assert (await matter.refused("dispatch", OPERATOR)).code == "nobody-fits"
    named = await matter.refused("dispatch", OPERATOR, team="engineering", assignee=PLUMBER.id)
    assert (named.code, named.facts["assignee"]) == ("complained-of", "S09")
    later = await waiting(house)
    await later.give("note", OPERATOR, words="业主投诉水工", complained_of=[PLUMBER.id])
    await later.give("dispatch", OPERATOR)
    [given] = await later.until("dispatched")
    assert given["payload"]["assignee"] != PLUMBER.id
    assert "usr_S09:complained_of" in given["payload"]["decision"]["excluded"]
