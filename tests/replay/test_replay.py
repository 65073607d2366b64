"""Saved histories replay, their shape is unchanged, and a workflow broken on purpose is caught (AUD-01, AUD-08)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory

import workflows.work_order as process
from starter.replay import against_record, replay, replay_file, saved_events, saved_history
from workflows.projection import BREACHED, URGED, URGED_WORK

ROOT = Path(__file__).parents[2]
SAVED = sorted((Path(__file__).parent / "histories").glob("*/*.history.json"))
NEEDED = {"closed", "breached", "reopened", "withdrawn", "waiting_response", "waiting_callback"}

LONGEST = 110
"""Characters of a difference that are shown: enough to find it."""
LESSON = """An order of release {release} that lived "{name}" would be decided otherwise by today's code:
{found}
Every order that is under way when this is installed has such a history: its process would stop here, or its record
would hold what it never decided. Nothing is wrong with the saved history: never save it again. Mend the change:
  - an event or an answer differs: a rule changed, and timers with it. Let it hold for new orders alone: raise Terms.v,
    or give the terms an optional field, and ask for it where the rule is.
  - nothing but replay, timers, writes or activities differ: the process asks the engine for something else. Keep the
    old way for the runs that took it: `if workflow.patched(NAME)`, asked where both ways part and nowhere else.
  - neither was meant: undo it.
docs/change-a-workflow.md shows both, with changes that were really made."""
"""What a failing replay teaches."""


def begun_with(path: Path) -> bytes:
    [said] = saved_history(path).events[0].workflow_execution_started_event_attributes.input.payloads
    return said.data


OF_BEFORE = [path for path in SAVED if b'"urge":' not in begun_with(path)]


def test_the_evidence_is_there() -> None:
    """An empty set would prove nothing."""
    assert {path.name.split(".")[0] for path in SAVED} >= NEEDED


@pytest.mark.parametrize("path", SAVED, ids=lambda path: f"{path.parent.name}-{path.name.split('.')[0]}")
async def test_a_saved_history_replays_with_the_same_shape(path: Path) -> None:
    """Commands, timers, answers, result and every event written are those of the day it was saved."""
    verdict = await replay_file(path)
    if verdict.differences:
        pytest.fail(lesson(path, verdict.differences), pytrace=False)
    assert verdict.events > 0
    assert saved_events(path)


@pytest.mark.parametrize("path", OF_BEFORE, ids=lambda path: f"{path.parent.name}-{path.name.split('.')[0]}")
async def test_an_order_of_before_asks_for_no_message_of_today(path: Path) -> None:
    """OPS-09: what its release never put into the outbox, reconcile would miss in it."""
    done, _ = await replay([saved_history(path)])
    assert not {row.topic for batch in done.batches for row in batch.outgoing} & {URGED, URGED_WORK, BREACHED}


def lesson(path: Path, differences: tuple[str, ...]) -> str:
    """Say what the failure means for orders that live, and how to mend it."""
    found = "".join(f"    {difference[:LONGEST]}\n" for difference in differences)
    return LESSON.format(release=path.parent.name, name=path.name.split(".")[0], found=found)


def test_the_lesson_tells_what_where_and_how_to_mend() -> None:
    """AUD-08: whoever breaks a history reads the difference, both ways out, and where they are described."""
    told = lesson(SAVED[0], ("timers: number 2 was 450001, is 450002",))
    assert all(word in told for word in (SAVED[0].name.split(".")[0], "450002", "Terms.v", "workflow.patched"))
    guide = ROOT / "docs" / "change-a-workflow.md"
    assert str(guide.relative_to(ROOT)) in told
    assert guide.is_file()


def named(name: str) -> Path:
    return next(path for path in SAVED if path.name == f"{name}.history.json")


async def differences(name: str) -> list[str]:
    path = named(name)
    done, found = await replay([saved_history(path)])
    return [*found, *against_record(done, saved_events(path))]


async def test_a_timer_that_moved_is_caught_by_the_shape(monkeypatch) -> None:
    """The SDK's own replay does not see it: measured, and shown here."""
    monkeypatch.setattr(process, "AFTER_DUE", timedelta(seconds=2))
    found = await differences("closed")
    assert [difference for difference in found if difference.startswith("timers: number 1 ")]
    assert not [difference for difference in found if difference.startswith("replay:")]


async def test_a_record_written_in_more_pieces_is_caught(monkeypatch) -> None:
    """The change of docs/change-a-workflow.md without its patch: only the number of writes tells."""
    monkeypatch.setattr(process.workflow, "patched", lambda _name: True)
    assert await differences("written_late") == ["writes: 5 in the history, 6 today"]


async def test_a_rule_that_changed_is_caught_by_the_events(monkeypatch) -> None:
    """An event decided otherwise changes the chain."""
    honest = process.decide
    monkeypatch.setattr(
        process, "decide", lambda order, command, now: honest(order, command, now + timedelta(seconds=1))
    )
    found = await differences("closed")
    assert any(difference.startswith(("event", "answers", "timers")) for difference in found)


async def test_another_kind_of_command_is_caught_by_both(monkeypatch) -> None:
    """The record written by a remote activity instead of a local one: neither replay nor shape lets it pass."""
    monkeypatch.setattr(process, "_record", process._record_patiently)
    found = await differences("closed")
    assert [difference for difference in found if difference.startswith("replay:")]
    assert [difference for difference in found if difference.startswith(("timers:", "answers:", "activities:"))]


async def test_a_changed_answer_in_a_history_is_caught() -> None:
    """PA-38's beginning: one changed byte of a history is named."""
    text = named("closed").read_text(encoding="utf-8")
    told = json.loads(text)
    update = next(e for e in told["events"] if "workflowExecutionUpdateCompletedEventAttributes" in e)
    payload = update["workflowExecutionUpdateCompletedEventAttributes"]["outcome"]["success"]["payloads"][0]
    payload["data"] = payload["data"][:-8] + "AAAAfQ=="
    _, found = await replay([WorkflowHistory.from_json("closed", json.dumps(told))])
    assert any(difference.startswith("answers: number 1 ") for difference in found)
