"""A minute of chaos: processes killed and frozen under load, every invariant after it; and each invariant can fail."""

import copy
import json

import chaos
import invariants
import pytest
from evidence import Evidence

SEED = "142"  # within a minute: PostgreSQL; relay and `up` at once; Temporal and a worker at once; a worker frozen


@pytest.fixture(scope="module")
async def minute(tmp_path_factory) -> tuple[dict, Evidence]:
    folder = tmp_path_factory.mktemp("chaos")
    return await chaos.run(chaos.Plan(seconds=60, orders=30, seed=SEED, workers=2, folder=folder))


def test_every_invariant_holds_after_a_minute_of_chaos(minute) -> None:
    """OPS-01: whatever is killed, nothing accepted is lost, nothing happens twice, no alarm is missed."""
    report, _ = minute
    assert report["held"], "\n".join(chaos.table(report))
    idle = [name for name, verdict in report["invariants"].items() if verdict["looked_at"] == 0]
    killed = {blow["victim"] for blow in report["blows"] if blow["struck"]}
    assert (idle, report["figures"]["orders"], len(killed) >= 2) == ([], 30, True), report["figures"]


# ---- one wound for each invariant: what must be told when it is so


def lost_order(ev: Evidence) -> None:
    order_id = ev.book.receipts[0][0]
    ev.orders.pop(order_id)
    ev.events[order_id] = []


def received_twice(ev: Evidence) -> None:
    ev.book.receipts.pop()


def no_process(ev: Evidence) -> None:
    ev.processes[next(iter(ev.orders))] = "history-missing"


def happened_twice(ev: Evidence) -> None:
    given = next(given for given in ev.book.given if given.version and given.request_id)
    rows = ev.events[given.order_id]
    place = next(n for n, row in enumerate(rows) if given.request_id.encode() in bytes(row["body"]))
    rows.insert(place, rows[place])


def lost_command(ev: Evidence) -> None:
    given = next(given for given in ev.book.given if given.version)
    ev.events[given.order_id] = ev.events[given.order_id][:1]


def another_version(ev: Evidence) -> None:
    next(given for given in ev.book.given if given.version).version += 1


def refused_and_done(ev: Evidence) -> None:
    given = next(given for given in ev.book.given if given.version and given.request_id)
    given.refused, given.version = "illegal-transition", None


def refused_unwritten(ev: Evidence) -> None:
    ev.audit.clear()


def broken_door(ev: Evidence) -> None:
    ev.book.given[0].broke = "KeyError"


def changed_body(ev: Evidence) -> None:
    row = next(iter(ev.events.values()))[2]
    row["body"] = row["body"].replace(b'"seq":3', b'"seq":4')


def changed_refusal(ev: Evidence) -> None:
    ev.audit[0]["body"] += b" "


def wrong_row(ev: Evidence) -> None:
    next(iter(ev.orders.values()))["version"] += 1


def unlike_replay(ev: Evidence) -> None:
    ev.replayed[next(iter(ev.orders))] = ["timers: number 1 was 5, is 6"]


def unlike_record(ev: Evidence) -> None:
    ev.reconciled[next(iter(ev.orders))] = ["event-missing"]


def of_kind(ev: Evidence, kind: str) -> tuple[list[dict], dict]:
    return next((rows, row) for rows in ev.events.values() for row in rows if row["type"] == f"work_order.{kind}")


def said_twice(ev: Evidence) -> None:
    rows, row = of_kind(ev, "clock_breached")
    rows.append(row)


def never_said(ev: Evidence) -> None:
    rows, row = of_kind(ev, "clock_warned")
    rows.remove(row)


def said_early(ev: Evidence) -> None:
    _, row = of_kind(ev, "clock_warned")
    body = json.loads(row["body"])
    row["body"] = json.dumps({**body, "at": body["at"].replace("Z", "")[:-1] + "9Z"}).encode()
    if json.loads(row["body"]) == body:
        row["body"] = row["body"].replace(b"9Z", b"8Z")


def skipped_level(ev: Evidence) -> None:
    rows, row = of_kind(ev, "escalated")
    rows.remove(row)


def left_behind(ev: Evidence) -> None:
    ev.outbox[0]["done_at"] = None


def told_nobody(ev: Evidence) -> None:
    ev.notices.clear()


def did_nothing(ev: Evidence) -> None:
    ev.deeds.pop()


def never_handed_over(ev: Evidence) -> None:
    ev.messages.pop(ev.notices[0]["told_by"] or ev.notices[0]["notice_id"])


def handed_over_twice(ev: Evidence) -> None:
    ev.messages["ntc_again"] = ev.messages[ev.notices[0]["told_by"] or ev.notices[0]["notice_id"]]


def words_in_a_history(ev: Evidence) -> None:
    ev.leaks[next(iter(ev.orders))] = 1


WOUNDS = [
    (lost_order, "every_receipt_is_an_order"),
    (received_twice, "one_order_for_each_receipt"),
    (no_process, "every_order_has_a_process"),
    (happened_twice, "every_accepted_command_is_one_event"),
    (lost_command, "every_accepted_command_is_one_event"),
    (another_version, "every_accepted_command_is_one_event"),
    (another_version, "every_event_of_a_command_was_answered"),
    (refused_and_done, "no_refused_command_left_an_event"),
    (refused_unwritten, "every_refusal_is_on_its_chain"),
    (refused_and_done, "every_command_was_answered_as_it_must"),
    (broken_door, "no_door_broke"),
    (changed_body, "every_chain_is_unbroken"),
    (happened_twice, "every_chain_is_unbroken"),
    (changed_refusal, "every_chain_of_refusals_is_unbroken"),
    (wrong_row, "every_row_counts_its_commands"),
    (unlike_replay, "every_history_replays_to_its_record"),
    (unlike_record, "histories_and_record_agree"),
    (said_twice, "no_alarm_speaks_twice"),
    (never_said, "no_alarm_is_missed"),
    (said_early, "no_alarm_is_missed"),
    (said_early, "no_alarm_is_invented"),
    (skipped_level, "levels_come_in_order"),
    (left_behind, "the_outbox_is_carried"),
    (told_nobody, "every_level_tells_somebody"),
    (did_nothing, "every_level_acts_once"),
    (never_handed_over, "every_notice_is_one_message"),
    (handed_over_twice, "every_notice_is_one_message"),
    (handed_over_twice, "no_message_without_a_notice"),
    (words_in_a_history, "no_words_in_a_history"),
]


@pytest.mark.parametrize(("wound", "invariant"), WOUNDS)
def test_an_invariant_tells_what_is_wrong(minute, wound, invariant) -> None:
    _, evidence = minute
    wounded = copy.deepcopy(evidence)
    wound(wounded)
    assert invariants.judge(wounded)[invariant]["violations"] != []


def test_every_invariant_has_a_wound() -> None:
    assert {check.__name__ for check in invariants.CHECKS} == {name for _, name in WOUNDS}
