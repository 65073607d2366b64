"""What is owed first is found by its index, and is the same as if everything had been looked at."""

import json
from datetime import UTC, datetime

import pytest
from test_read_side import indexes

from records.pool import queries
from records.read import duties

OWING = """
insert into work_order (
  order_id, seq, community, stage, version, generation, kind, category, severity, channel, received_at, breaches, level,
  urges, is_test, special, duties
)
select
  'wo_' || n, 1, (array['jinxiu', 'lanting', 'yangguang'])[n % 3 + 1], 'handling', 1, 1, 'repair', 'LIFT', 'ordinary',
  'phone', now(), 0, 0, 0, n % 11 = 0, n % 7 = 0,
  (select coalesce(jsonb_agg(jsonb_build_object('clock', 'c' || place, 'generation', (n + place) % 3,
     'due_at', timestamptz '2026-03-01' + (n * 7919 % 5000 + place * 600) * interval '1 minute')), '[]')
   from generate_series(1, n % 4) as place)
from generate_series(1, $1::integer) as n
"""
EVERYTHING = """
select w.order_id, duty.value ->> 'clock' as clock
from work_order as w
cross join lateral jsonb_array_elements(w.duties) with ordinality as duty (value, place)
where w.community = any($1) and not w.is_test and (duty.value ->> 'generation')::integer > 0
order by
  date_bin('15 minutes', (duty.value ->> 'due_at')::timestamptz, 'epoch'),
  (duty.value ->> 'due_at')::timestamptz > $3, not w.special,
  (duty.value ->> 'due_at')::timestamptz, w.order_id, duty.place
limit $2
"""
OWED_BY = "update work_order set duties = jsonb_set(duties, '{0}', duties -> 0 || $2::text::jsonb) where order_id = $1"
DUE = """
update work_order set community = 'jinxiu', is_test = false, special = $2, duties = $3::text::jsonb where order_id = $1
"""
COMMUNITIES = ["jinxiu", "lanting"]
AT = datetime(2026, 3, 2, 0, 7, tzinfo=UTC)
"""Amid a quarter of an hour in which something is due."""


@pytest.mark.parametrize("most", [1, 20, 300, 5_000])
async def test_the_first_duties_are_the_first_of_all(own_pool, most):
    """INT-10, CLK-22: orders owe several things or nothing, some as parents (generation 0), some are tests."""
    await own_pool.execute(OWING, 1_500)
    found = [(one.order_id, one.duty["clock"]) for one in await duties(own_pool, COMMUNITIES, most, AT)]
    assert found == [tuple(row) for row in await own_pool.fetch(EVERYTHING, COMMUNITIES, most, AT)]
    assert len(found) == most or most == 5_000


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_they_are_found_by_their_index(own_pool, mode):
    await own_pool.execute(OWING, 20_000)
    await own_pool.execute("analyze work_order")
    async with own_pool.acquire() as conn, conn.transaction():
        await conn.execute(f"set local plan_cache_mode = {mode}")
        ((told,),) = await conn.fetch(
            f"explain (format json) {queries.open_duties.sql}", None, None, COMMUNITIES, AT, 50
        )
    assert "work_order_first_duty" in indexes(json.loads(told)[0]["Plan"])


async def test_one_persons_are_looked_for_among_those_he_may_answer_for(own_pool):
    """Named as assignee, receiver, first contact or by the duty itself, or by a role he may hold; nobody else's."""
    await own_pool.execute(OWING, 60)
    await own_pool.execute("update work_order set community = 'jinxiu', is_test = false")
    await own_pool.execute("update work_order set assignee = 'usr_S09' where order_id = 'wo_1'")
    await own_pool.execute("update work_order set receiver = 'usr_S09' where order_id = 'wo_2'")
    await own_pool.execute("update work_order set first_contact = 'usr_S09' where order_id = 'wo_3'")
    for order, owed in (("wo_9", {"person": "usr_S09"}), ("wo_6", {"accountable": "service_manager"})):
        await own_pool.execute(OWED_BY, order, json.dumps(owed))
    found = await duties(own_pool, ["jinxiu"], 100, AT, person="usr_S09", roles=["service_manager"])
    assert {one.order_id for one in found} == {"wo_1", "wo_2", "wo_3", "wo_9", "wo_6"}
    assert await duties(own_pool, ["jinxiu"], 100, AT, person="usr_S10", roles=[]) == []


async def test_what_is_overdue_comes_before_a_special_household_that_has_time(own_pool):
    """INT-10: first among equals, and what is late is no equal of what is not."""
    await own_pool.execute(OWING, 2)
    for order, special, minute in (("wo_1", True, 14), ("wo_2", False, 1)):
        owed = {"clock": "handling", "generation": 1, "due_at": f"2026-03-02T00:{minute:02}:00Z"}
        await own_pool.execute(DUE, order, special, json.dumps([owed]))
    assert [one.order_id for one in await duties(own_pool, ["jinxiu"], 2, AT)] == ["wo_2", "wo_1"]
    before = AT.replace(minute=0)
    assert [one.order_id for one in await duties(own_pool, ["jinxiu"], 2, before)] == ["wo_1", "wo_2"]
