"""What must hold after any run, whatever was killed in it: one small function for each, from evidence to violations.

Each yields one line for each thing it looked at: empty when all is well with it, else what is wrong.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

import alarm_oracle as oracle
from evidence import Evidence, Given

from domain import audit

GOOD = ""
A_DAY = timedelta(days=1)
EVENT_OF = {
    "respond": "responded",
    "clarify": "clarified",
    "register": "registered",
    "dispatch": "dispatched",
    "accept": "accepted",
    "arrive": "arrived",
    "complete_handling": "handling_completed",
    "give_feedback": "feedback_given",
    "record_callback": "callback_recorded",
    "complete_recovery": "recovery_done",
    "urge": "urged",
    "withdraw": "withdrawn",
    "acknowledge": "acknowledged",
    "note": "noted",
}


def if_not(holds: object, violation: str) -> str:
    return GOOD if holds else violation


def commanded(ev: Evidence, order_id: str) -> list[dict]:
    """Bodies of an order's events that a command caused: the reception first."""
    bodies = [json.loads(row["body"]) for row in ev.events.get(order_id, [])]
    return [body for body in bodies if body["payload"]["cause"] == "command"]


def accepted(ev: Evidence) -> list[Given]:
    return [given for given in ev.book.given if given.version is not None]


def told(ev: Evidence, order_id: str) -> list[oracle.Told]:
    return [oracle.told(json.loads(row["body"])) for row in ev.events[order_id]]


# ---- nothing accepted is lost


def every_receipt_is_an_order(ev: Evidence) -> Iterator[str]:
    for order_id, _ in ev.book.receipts:
        first = commanded(ev, order_id)[:1]
        yield if_not(order_id in ev.orders and first and first[0]["type"] == "work_order.received", order_id)


def one_order_for_each_receipt(ev: Evidence) -> Iterator[str]:
    """Repeated with one key, a reception is one order; an order that nobody was told of was received twice."""
    times = Counter(order_id for order_id, _ in ev.book.receipts)
    for order_id in ev.orders:
        yield if_not(times[order_id] == 1, f"{order_id}: {times[order_id]} receipts")


def every_order_has_a_process(ev: Evidence) -> Iterator[str]:
    for order_id, intake in ev.intakes.items():
        state = ev.processes.get(order_id, "unknown")
        yield if_not(state == "started" and intake["started_at"], f"{order_id}: {state}, {intake['started_at']}")


def every_accepted_command_is_one_event(ev: Evidence) -> Iterator[str]:
    """The answer's version is the place of its event among those that commands caused."""
    for given in accepted(ev):
        events = commanded(ev, given.order_id)
        event = events[given.version - 1] if given.version <= len(events) else None
        same = event and event["type"] == f"work_order.{EVENT_OF[given.command]}" and event["actor"] == given.actor
        mine = [one["request_id"] for one in events].count(given.request_id)
        once = given.request_id is None or (mine == 1 and event and event["request_id"] == given.request_id)
        yield if_not(same and once, f"{given.order_id} {given.command} version {given.version}: {mine} events")


def every_event_of_a_command_was_answered(ev: Evidence) -> Iterator[str]:
    """No command happened that nobody was told of, and none twice; a ladder notes what it was answered (ESC-06)."""
    versions = Counter((given.order_id, given.version) for given in accepted(ev))
    versions += Counter(
        (row["order_id"], row["told"]["version"])
        for row in ev.deeds
        if row["outcome"] == "done" and "version" in row["told"]  # a refusal tells a version too: the one it found
    )
    for order_id in ev.orders:
        for version in range(2, len(commanded(ev, order_id)) + 1):
            times = versions[order_id, version]
            yield if_not(times == 1, f"{order_id} version {version}: {times} answers")


def no_refused_command_left_an_event(ev: Evidence) -> Iterator[str]:
    refused = [given for given in ev.book.given if given.refused]
    known = {body["request_id"] for order_id in ev.orders for body in commanded(ev, order_id)}
    for given in refused:
        yield if_not(given.request_id not in known, f"{given.order_id} {given.command}: {given.refused}")


def every_refusal_is_on_its_chain(ev: Evidence) -> Iterator[str]:
    """The answer left only after the refusal was written (privacy_audit B1)."""
    known = {json.loads(row["body"]).get("request_id") for row in ev.audit}
    for given in ev.book.given:
        if given.refused:
            yield if_not(given.request_id in known, f"{given.order_id} {given.command}: {given.refused}")


def every_command_was_answered_as_it_must(ev: Evidence) -> Iterator[str]:
    for given in ev.book.given:
        became = "accepted" if given.version is not None else "refused" if given.refused else "unanswered"
        fine = became == given.must or (given.must == "either" and became != "unanswered")
        said = given.refused or given.version
        yield if_not(fine, f"{given.order_id} {given.command} must be {given.must}, was {became}: {said}")


def no_door_broke(ev: Evidence) -> Iterator[str]:
    """A door answers or refuses; anything else that it raises is a fault of ours."""
    yield from (
        if_not(given.broke is None, f"{given.order_id} {given.command}: {given.broke}") for given in ev.book.given
    )
    yield from ev.book.broke


# ---- the chain and the row


def every_chain_is_unbroken(ev: Evidence) -> Iterator[str]:
    for order_id, rows in ev.events.items():
        head, fine = audit.genesis(order_id), True
        for number, row in enumerate(rows, 1):
            head = audit.link(head, row["body"])
            fine = fine and row["seq"] == number and row["hash"] == head
        row = ev.orders.get(order_id, {})
        yield if_not(fine and row.get("head") == head.hex() and row.get("seq") == len(rows), order_id)


def every_chain_of_refusals_is_unbroken(ev: Evidence) -> Iterator[str]:
    ends: dict[str, tuple[int, bytes]] = {}
    for row in ev.audit:
        seq, head = ends.get(row["chain"], (0, audit.genesis(row["chain"])))
        ends[row["chain"]] = seq + 1, audit.link(head, row["body"])
        yield if_not((row["seq"], row["hash"]) == ends[row["chain"]], f"{row['chain']} {row['seq']}")


def every_row_counts_its_commands(ev: Evidence) -> Iterator[str]:
    for order_id, row in ev.orders.items():
        count = len(commanded(ev, order_id))
        yield if_not(row["version"] == count, f"{order_id}: version {row['version']}, {count} commands")


def every_history_replays_to_its_record(ev: Evidence) -> Iterator[str]:
    for order_id in ev.orders:
        yield if_not(ev.replayed.get(order_id) == [], f"{order_id}: {ev.replayed.get(order_id, 'not replayed')}")


def histories_and_record_agree(ev: Evidence) -> Iterator[str]:
    for order_id in ev.orders.keys() | ev.reconciled.keys():
        yield if_not(ev.reconciled.get(order_id) == [], f"{order_id}: {ev.reconciled.get(order_id, 'unknown')}")


# ---- alarms


def no_alarm_speaks_twice(ev: Evidence) -> Iterator[str]:
    for order_id in ev.orders:
        times = Counter(alarm[:4] for alarm, _ in oracle.spoken(told(ev, order_id)))
        yield from (if_not(count == 1, f"{order_id} {alarm}: {count} times") for alarm, count in times.items())


def no_alarm_is_missed(ev: Evidence, *, until: timedelta = A_DAY) -> Iterator[str]:
    """Every alarm that had to speak stands in the record at its instant; a run is over when none lies ahead."""
    for order_id in ev.orders:
        events = told(ev, order_id)
        said = {alarm for alarm, _ in oracle.spoken(events)}
        for alarm in oracle.expected(events, ev.terms, ev.now + until):
            yield if_not(alarm in said, f"{order_id} {alarm.clock} {alarm.turn} {alarm.says} at {alarm.at}")


def no_alarm_is_invented(ev: Evidence) -> Iterator[str]:
    for order_id in ev.orders:
        events = told(ev, order_id)
        due = set(oracle.expected(events, ev.terms, ev.now + A_DAY))
        for alarm, _ in oracle.spoken(events):
            yield if_not(alarm in due, f"{order_id} {alarm.clock} {alarm.turn} {alarm.says} at {alarm.at}")


def levels_come_in_order(ev: Evidence) -> Iterator[str]:
    """After the breach, from the first on, none skipped."""
    for order_id in ev.orders:
        said: dict[tuple, list[str]] = {}
        for alarm, _ in oracle.spoken(told(ev, order_id)):
            said.setdefault(alarm[:3], []).append(alarm.says)
        for clock, words in said.items():
            after = [word for word in words if not word.startswith("warn")]
            must = ["breach", *(f"level-{number}" for number in range(1, len(after)))]
            first = words[: len(words) - len(after)]
            fine = after in ([], must) and all(one < other for one, other in pairwise(first))
            yield if_not(fine, f"{order_id} {clock}: {words}")


# ---- what leaves the house


def the_outbox_is_carried(ev: Evidence) -> Iterator[str]:
    yield from (if_not(row["done_at"], f"{row['order_id']} {row['seq']} open") for row in ev.outbox)


def every_level_tells_somebody(ev: Evidence) -> Iterator[str]:
    carried = Counter((row["order_id"], row["seq"]) for row in ev.outbox)
    noticed = {(row["order_id"], row["seq"]) for row in ev.notices}
    for order_id in ev.orders:
        for event in told(ev, order_id):
            if event.kind == "escalated":
                place = (order_id, event.seq)
                yield if_not(carried[place] == 1 and place in noticed, f"{place}: {carried[place]} outbox rows")


def every_level_acts_once(ev: Evidence) -> Iterator[str]:
    """What a level does beside telling somebody was done, or it is known why not (ESC-06)."""
    ended = {(row["order_id"], row["seq"], row["action"]) for row in ev.deeds if row["outcome"]}
    for order_id in ev.orders:
        for event in told(ev, order_id):
            if event.kind == "escalated" and event.payload["action"] != "notify":
                yield if_not((order_id, event.seq, event.payload["action"]) in ended, f"{order_id} {event.seq}")


def every_notice_is_one_message(ev: Evidence) -> Iterator[str]:
    """One notice for each level and person, sent, in exactly one file, by itself or within a digest (ESC-12)."""
    times = Counter((row["order_id"], row["seq"], row["person"]) for row in ev.notices)
    named = Counter(place for said in ev.messages.values() for place in _places(said))
    for row in ev.notices:
        said = ev.messages.get(row["told_by"] or row["notice_id"], {})
        place = (row["order_id"], row["person"], *_level(row["body"]))
        once = times[row["order_id"], row["seq"], row["person"]] == 1 and named[place] == 1
        same = said.get("to") == row["person"] and (row["told_by"] or said.get("facts") == row["body"])
        digest = row["order_id"] is None
        yield if_not(
            (once or digest) and same and row["sent_at"], f"{row['notice_id']} of {row['order_id']} {row['seq']}"
        )


def _places(said: dict) -> Iterator[tuple]:
    """Yield what a message names: order, person, and which level."""
    for case in said["facts"].get("cases") or [{**said["facts"], "order": said["order"]}]:
        yield (case["order"], said["to"], *_level(case))


def _level(facts: dict) -> tuple:
    return tuple(facts.get(name) for name in ("clock", "generation", "turn", "level"))


def no_message_without_a_notice(ev: Evidence) -> Iterator[str]:
    known = {row["notice_id"] for row in ev.notices}
    yield from (if_not(name in known, name) for name in ev.messages)


def no_words_in_a_history(ev: Evidence) -> Iterator[str]:
    yield from (if_not(count == 0, f"{order_id}: {count} times") for order_id, count in ev.leaks.items())


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    every_receipt_is_an_order,
    one_order_for_each_receipt,
    every_order_has_a_process,
    every_accepted_command_is_one_event,
    every_event_of_a_command_was_answered,
    no_refused_command_left_an_event,
    every_refusal_is_on_its_chain,
    every_command_was_answered_as_it_must,
    no_door_broke,
    every_chain_is_unbroken,
    every_chain_of_refusals_is_unbroken,
    every_row_counts_its_commands,
    every_history_replays_to_its_record,
    histories_and_record_agree,
    no_alarm_speaks_twice,
    no_alarm_is_missed,
    no_alarm_is_invented,
    levels_come_in_order,
    the_outbox_is_carried,
    every_level_tells_somebody,
    every_level_acts_once,
    every_notice_is_one_message,
    no_message_without_a_notice,
    no_words_in_a_history,
)


def judge(ev: Evidence) -> dict[str, dict]:
    """Check one invariant after the other: how many things each looked at, and its violations."""
    verdicts = {}
    for check in CHECKS:
        found = list(check(ev))
        verdicts[check.__name__] = {"looked_at": len(found), "violations": [line for line in found if line]}
    return verdicts


def lateness(ev: Evidence) -> list[float]:
    """Seconds between the instant of an alarm and its recording, those due before the order entered left out."""
    pairs = [pair for order_id in ev.orders for pair in oracle.spoken(told(ev, order_id))]
    late = [
        (event.recorded_at - alarm.at).total_seconds() for alarm, event in pairs if not event.payload.get("late_entry")
    ]
    return sorted(late)
