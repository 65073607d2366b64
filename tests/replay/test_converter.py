"""The shared converter is the SDK's own: the same bytes, whatever made a history."""

from pathlib import Path

from temporalio.contrib.pydantic import pydantic_data_converter

from starter.replay import saved_history
from workflows.contract import Start
from workflows.engine import data_converter

CLOSED = Path(__file__).parent / "histories" / "0.1.0" / "closed.history.json"


def test_the_shared_converter_writes_and_reads_the_same_bytes() -> None:
    started = saved_history(CLOSED).events[0].workflow_execution_started_event_attributes
    payloads = list(started.input.payloads)
    [start] = data_converter.payload_converter.from_payloads(payloads, [Start])
    assert start == pydantic_data_converter.payload_converter.from_payloads(payloads, [Start])[0]
    theirs = pydantic_data_converter.payload_converter.to_payloads([start])
    assert data_converter.payload_converter.to_payloads([start]) == theirs == payloads
