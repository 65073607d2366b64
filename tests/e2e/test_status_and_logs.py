"""Sight over a whole installation: `status` in words, and every log line of an order found by its number."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from house import eventually
from machine import MATTER, Machine, clean_environment

OF_THE_PROCESS = {"worker.ready", "relay.ready"}


@pytest.fixture
async def machine(tmp_path):
    machine = Machine({**clean_environment(tmp_path / "data"), "HUIYIN_LOG_FORMAT": "json"})
    await machine.start()
    yield machine
    await machine.stop()


def lines(machine: Machine) -> list[dict]:
    """What workers and relay have logged, line by line."""
    logs = [machine.data / "logs" / f"{name}.log" for name in ("worker-1", "relay")]
    return [json.loads(line) for log in logs for line in log.read_text(encoding="utf-8").splitlines()]


async def test_status_in_words_and_logs_by_number(machine) -> None:
    """OPS-03, OPS-04: a limit breached, the message about it, and who is open, in words; each line names its order."""
    began = (datetime.now(UTC) - timedelta(minutes=16)).strftime("%Y-%m-%dT%H:%M:%SZ")
    late = await machine.done("receive", *MATTER, "--received-at", began, "--because", "typed after the call")
    other = await machine.done("receive", *MATTER)

    async def told() -> set[str]:
        return {line["event"] for line in lines(machine) if line.get("order") == late["order"]}

    wanted = {
        "work_order.received",
        "work_order.clock_breached",
        "work_order.escalated",
        "notice.queued",
        "notice.sent",
    }
    await eventually(told, wanted.issubset)
    await machine.done("respond", other["order"], "--as", "S06")
    _, page = await machine.run("status", "--lang", "zh")
    facts = json.loads((await machine.run("status", "--json"))[1])
    assert facts["sight"]["pulse"]["open_by_stage"] == {"intake": 1, "registration": 1}
    assert ("2 · 受理 1 · 登记 1" in page, "2 · 响应 1 · 登记 1" in page, "停滞流程" in page) == (True, True, True), (
        page
    )
    breaches = [line for line in lines(machine) if line["event"] == "work_order.clock_breached"]
    assert sorted((line["clock"], line["generation"]) for line in breaches) == [("register", 1), ("response", 1)]
    assert {line["event"] for line in lines(machine) if "order" not in line} <= OF_THE_PROCESS
