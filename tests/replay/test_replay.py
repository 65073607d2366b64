"""Saved histories replay, their shape is unchanged, and a workflow broken on purpose is caught (AUD-01, AUD-08)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory

import workflows.work_order as process
from starter.replay import against_record, replay, replay_file, saved_events, saved_history
from workflows.projection import BREACHED, URGED, URGED_WORK

SAVED = sorted((Path(__file__).parent / "histories").glob("*/*.history.json"))
NEEDED = {"closed", "breached", "reopened", "withdrawn", "waiting_response", "waiting_callback"}


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
    assert (verdict.differences, verdict.events > 0) == ((), True)
    assert saved_events(path)


@pytest.mark.parametrize("path", OF_BEFORE, ids=lambda path: f"{path.parent.name}-{path.name.split('.')[0]}")
async def test_an_order_of_before_asks_for_no_message_of_today(path: Path) -> None:
    """OPS-09: what its release never put into the outbox, reconcile would miss in it."""
    done, _ = await replay([saved_history(path)])
    assert not {row.topic for batch in done.batches for row in batch.outgoing} & {URGED, URGED_WORK, BREACHED}


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
