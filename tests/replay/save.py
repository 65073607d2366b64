"""Save histories of today's code as evidence for ever: `python tests/replay/save.py [NAME …]`.

A history that exists is never written again: it says what a version that was shipped really did.
"""

import asyncio
import json
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from house import CALLER, OPERATOR, OTHER_PLUMBER, OWNER, PLUMBER, SUPERVISOR, WHOLE_LIFE, received, working

from records.migrate import migrate
from records.pool import open_pool
from records.vault import KeyRing
from stack.ground import started
from starter.community_file import load
from starter.desk import Desk
from starter.opening import sample_community
from workflows.engine import Engine, connect

SAVED = Path(__file__).parent / "histories"
RELEASE = "0.1.0"


def up_to(*steps):
    async def live(matter) -> None:
        await matter.until("clock_started")
        await matter.through(*steps)

    return live


async def breached(matter) -> None:
    """Nobody answers: warnings, breach, the whole ladder of `response` and most of `register`."""
    await matter.skip(timedelta(minutes=76))
    await matter.until("escalated", 3, clock="response")


async def acknowledged(matter) -> None:
    await matter.skip(timedelta(minutes=16))
    await matter.until("escalated", clock="response")
    await matter.give("acknowledge", SUPERVISOR, clock="response")
    await matter.through("respond")


async def feedback_breached(matter) -> None:
    await matter.through("respond", "register", "dispatch", "accept")
    await matter.skip(timedelta(hours=25))
    await matter.until("escalated", clock="feedback")


async def reopened(matter) -> None:
    await matter.through(*WHOLE_LIFE[:-1])
    await matter.give("record_callback", CALLER, resolved=False, attitude=4, timeliness=2, quality=1, words="又漏了")


async def withdrawn(matter) -> None:
    await matter.through("respond")
    await matter.give("withdraw", OWNER, by="phone", reason="自己修好了")


async def closed_for_good(matter) -> None:
    await matter.through(*WHOLE_LIFE)
    await matter.skip(timedelta(days=31))
    await matter.handle.result()


async def transferred(matter) -> None:
    await matter.through("respond", "register", "dispatch")
    await matter.give("transfer", OPERATOR, assignee=OTHER_PLUMBER.id, reason="不在岗")
    await matter.give("accept", OTHER_PLUMBER)
    await matter.give("return", OTHER_PLUMBER, reason="需要外墙班组")


async def promised(matter) -> None:
    await matter.through("respond", "register", "dispatch", "accept")
    start = (await matter.file()).row.received_at
    window = {"window_start_at": start + timedelta(hours=1), "window_end_at": start + timedelta(hours=2)}
    await matter.give("promise", PLUMBER, **window)
    await matter.skip(timedelta(hours=2, minutes=1))
    await matter.until("clock_breached", clock="promise")
    await matter.through("arrive")


async def reclassified(matter) -> None:
    await matter.through("respond")
    await matter.give("classify", OPERATOR, category="WATER_LEAK")
    await matter.give("reclassify", OPERATOR, category="WATER_OUTAGE", severity="urgent", reason="整栋停水")
    await matter.through("register")


PATHS = {
    "waiting_response": up_to(),
    "waiting_register": up_to("respond"),
    "waiting_dispatch": up_to("respond", "register"),
    "waiting_accept": up_to("respond", "register", "dispatch"),
    "waiting_arrive": up_to("respond", "register", "dispatch", "accept"),
    "waiting_handling": up_to("respond", "register", "dispatch", "accept", "arrive"),
    "waiting_result_feedback": up_to(*WHOLE_LIFE[:-2]),
    "waiting_callback": up_to(*WHOLE_LIFE[:-1]),
    "closed": up_to(*WHOLE_LIFE),
    "closed_for_good": closed_for_good,
    "breached": breached,
    "acknowledged": acknowledged,
    "feedback_breached": feedback_breached,
    "reopened": reopened,
    "withdrawn": withdrawn,
    "transferred": transferred,
    "promised": promised,
    "reclassified": reclassified,
}


async def save(desk: Desk, name: str, folder: Path) -> None:
    """Live one path, then write its history and the events the record holds of it."""
    matter = await received(desk)
    await PATHS[name](matter)
    history, file = await matter.handle.fetch_history(), await matter.file()
    lines = [{"seq": e.seq, "body": e.body.decode(), "hash": e.hash.hex()} for e in file.events]
    (folder / f"{name}.history.json").write_text(json.dumps(history.to_json_dict(), indent=1) + "\n", encoding="utf-8")
    told = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / f"{name}.events.jsonl").write_text(told, encoding="utf-8")
    print(f"saved {name}: {len(history.events)} history events, {len(lines)} events")  # noqa: T201 - says what it did


async def main(wanted: list[str]) -> None:
    """Save what is wanted and not there yet."""
    folder = SAVED / RELEASE
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in wanted or PATHS if not (folder / f"{name}.history.json").exists()]
    with tempfile.TemporaryDirectory() as place:
        data = Path(place)
        async with started(data / "ground", time_skipping=True) as ground:
            migrate(ground.dsn)
            async with await open_pool(ground.dsn) as pool:
                client = await connect(Engine(address=ground.temporal_address, namespace=ground.namespace))
                desk = Desk(pool, client, KeyRing.open(data / "keys" / "kek.json"), load(sample_community()))
                async with working(desk, data):
                    for name in missing:
                        await save(desk, name, folder)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
