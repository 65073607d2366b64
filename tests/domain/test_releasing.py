"""What leaves singly, what becomes a digest, and what is dropped because it was settled meanwhile (ESC-09, ESC-12)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.notices.releasing import MINUTE, Left, Standing, Waiting, gathered, settled

NOW = datetime(2026, 11, 6, 7, tzinfo=UTC)
SETTLED = [
    ("escalation", Standing(), None),
    ("escalation", Standing(acknowledged=True), "acknowledged"),
    ("escalation", Standing(runs=False), "clock-stopped"),
    ("escalation", Standing(runs=False, closed=True), "order-closed"),
    # a recovery is owed of an order that is closed
    ("escalation", Standing(closed=True), None),
    ("suspension_requested", Standing(runs=False), None),
    ("suspension_requested", Standing(runs=False, decided=True), "decided"),
    ("suspension_decided", Standing(runs=False, decided=True), None),
    ("suspension_decided", Standing(runs=False, closed=True), "order-closed"),
    ("pause_over", Standing(runs=False), None),
    ("pause_over", Standing(runs=False, closed=True), "order-closed"),
]


@pytest.mark.parametrize(("topic", "now", "code"), SETTLED)
def test_what_was_settled_while_it_was_held_is_dropped_with_a_code(topic, now, code):
    """ESC-09: never silently."""
    assert settled(topic, now) == code


def waiting(count, person="usr_S07", **more):
    return [Waiting(f"{person}-{n}", person, **more) for n in range(count)]


def left(seconds_ago, count=1, person="usr_S07", *, digest=False):
    return [Left(person, NOW - timedelta(seconds=seconds_ago), digest)] * count


def in_seconds(found):
    return {(at - NOW).total_seconds() for at in found.later.values()}


CASES = [
    # waiting, left before → singly, digests, later by seconds
    (waiting(10), [], 10, 0, set()),
    (waiting(11), [], 0, 1, set()),
    (waiting(400), [], 0, 1, set()),
    (waiting(5), left(10, 5), 5, 0, set()),
    # the rest of a rush waits until a minute after its first message …
    (waiting(6), left(10, 5), 0, 0, {50}),
    (waiting(1), left(59, 10), 0, 0, {1}),
    # … and becomes one digest then, though younger ones left meanwhile
    (waiting(6, put_off=True), left(30, 8), 0, 1, set()),
    (waiting(1, put_off=True), left(30, 10), 1, 0, set()),
    # the next digest comes a minute after the last one
    (waiting(11), left(20, digest=True), 0, 0, {40}),
    (waiting(11, put_off=True), left(20, digest=True), 0, 0, {40}),
    (waiting(3), left(20, digest=True), 3, 0, set()),
    # what left a minute ago does not count
    (waiting(10), left(60, 40), 10, 0, set()),
    # everybody by himself
    (waiting(11) + waiting(3, "usr_S01"), [], 3, 1, set()),
    (waiting(3), left(10, 10, "usr_S01"), 3, 0, set()),
]


@pytest.mark.parametrize(("ones", "before", "singly", "digests", "later"), CASES)
def test_more_than_ten_messages_a_minute_become_one_digest(ones, before, singly, digests, later):
    """ESC-12."""
    found = gathered(ones, before, NOW, above=10)
    assert (len(found.singly), len(found.digests), in_seconds(found)) == (singly, digests, later)


def test_a_digest_names_every_message_of_its_person():
    """ESC-12: nothing is lost."""
    found = gathered(waiting(12), [], NOW, above=10)
    assert found.digests == {"usr_S07": tuple(one.notice_id for one in waiting(12))}


@settings(deadline=None, max_examples=200)
@given(st.lists(st.integers(0, 240), max_size=80), st.integers(1, 10))
def test_nobody_gets_more_than_so_many_messages_and_a_digest_within_a_minute(arrivals, above):
    """ESC-12: whatever comes when, each message is told once, a minute later at most."""
    sent, told, queue = [], {}, {}
    for second in range(400):
        now = NOW + timedelta(seconds=second)
        queue |= {f"{n}": (now, now) for n, at in enumerate(arrivals) if at == second}
        due = [Waiting(name, "usr_S07", put_off=at > came) for name, (came, at) in queue.items() if at <= now]
        found = gathered(due, sent, now, above)
        for ids, digest in [
            *(((one,), False) for one in found.singly),
            *((ids, True) for ids in found.digests.values()),
        ]:
            sent.append(Left("usr_S07", now, digest))
            told |= {name: now - queue.pop(name)[0] for name in ids}
        queue |= {name: (queue[name][0], at) for name, at in found.later.items()}
    assert (len(told), queue) == (len(arrivals), {})
    assert max(told.values(), default=MINUTE) <= MINUTE
    for first in sent:
        within = [one for one in sent if first.at <= one.at < first.at + MINUTE]
        assert sum(one.digest for one in within) <= 1
        assert len(within) <= above + 1
