"""Makes `examples/past_orders.csv` from the sixty records of San Francisco, by dice with a fixed seed.

Sixty rows are the records themselves: their class by `[import.sf311]`, when they were received and closed; the source
knows no other instant, so the others stay empty. Of each record three more rows are made for the two invented estates:
weekday and time of day of the reception are the record's, week, category and every later instant fall by the dice.

    .venv/bin/python tests/past_orders.py
"""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from domain.settings.catalogue import categories_of
from domain.settings.community import CommunityFile
from domain.simulation.past_orders import Act
from starter.community_file import load
from starter.importing import read_rows
from starter.past_orders import COLUMNS

EXAMPLES = Path(__file__).parents[1] / "examples"
MADE = EXAMPLES / "past_orders.csv"
SEED = 20260901
SHARE = 3  # invented rows for each record
FIRST_MONDAY, WEEKS = date(2026, 1, 5), 34
TAKEN = datetime(2026, 9, 1, 9)  # noqa: DTZ001 - local, as the file has it: when the invented past was written down
OPENS, CLOSES = time(8), time(20)
LOST = 0.03  # of the instants nobody wrote down
STOOD = 0.05  # of the orders whose work stood still for a while

STEPS = {  # after which act, minutes in the middle, how far they scatter, whether people only do it by day
    Act.RESPONDED: (Act.RECEIVED, 6, 0.9, False),
    Act.REGISTERED: (Act.RESPONDED, 5, 0.8, False),
    Act.DISPATCHED: (Act.REGISTERED, 6, 1.0, False),
    Act.ACCEPTED: (Act.DISPATCHED, 7, 0.9, False),
    Act.ARRIVED: (Act.ACCEPTED, 55, 0.9, False),
    Act.PLAN_GIVEN: (Act.ACCEPTED, 600, 0.8, True),
    Act.COMPLETED: (Act.ARRIVED, 420, 1.6, True),
    Act.RESULT_TOLD: (Act.COMPLETED, 45, 1.0, True),
    Act.CALLED_BACK: (Act.RESULT_TOLD, 400, 1.0, True),
}


def made() -> str:
    """The whole file."""
    settings, dice = load(EXAMPLES / "community.toml"), Random(SEED)
    rows = [
        *_real(settings),
        *sorted(_invented(settings, dice), key=lambda row: (row["community"], row["received_at"])),
    ]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _records() -> list[dict[str, str]]:
    with (EXAMPLES / "sf311_demo.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _real(settings: CommunityFile) -> Iterator[dict[str, str]]:
    """The records themselves: local times, the offset of the file ignored, as an import reads them."""
    forms = read_rows(EXAMPLES / "sf311_demo.csv", settings, datetime(2026, 9, 1, tzinfo=UTC))
    for form, record in zip(forms, _records(), strict=True):
        known = {"community": form.community, "category": form.category, "kind": form.kind, "severity": form.severity}
        yield {**known, "received_at": record["created_date"][:19], "closed_at": record["closed_date"][:19]}


def _invented(settings: CommunityFile, dice: Random) -> Iterator[dict[str, str]]:
    for record in _records():
        for _ in range(SHARE):
            community = dice.choice(["jinxiu", "jinxiu", "yangguang"])
            category = dice.choice(categories_of(settings, community))
            acts = _lived(_received(datetime.fromisoformat(record["created_date"][:16]), dice), dice)
            if not category.plan_required:
                del acts[Act.PLAN_GIVEN]
            yield {"community": community, "category": category.code, **_told(acts, dice)}


def _received(like: datetime, dice: Random) -> datetime:
    """An instant of 2026 with weekday and time of day of a record."""
    on = FIRST_MONDAY + timedelta(weeks=dice.randrange(WEEKS), days=like.weekday())
    return datetime.combine(on, like.time())


def _lived(received: datetime, dice: Random) -> dict[Act, datetime]:
    """A life by dice: each act after the one before it."""
    acts = {Act.RECEIVED: received}
    for act, (after, middle, scatter, by_day) in STEPS.items():
        wait = timedelta(minutes=round(middle * dice.lognormvariate(0, scatter)))
        acts[act] = _by_day(acts[after] + wait, dice) if by_day else acts[after] + wait
    early = dice.random() < 0.6  # a word on the way, before the result
    acts[Act.FED_BACK] = (
        acts[Act.ACCEPTED] + timedelta(minutes=dice.randrange(5, 1200)) if early else acts[Act.RESULT_TOLD]
    )
    acts[Act.FED_BACK] = min(acts[Act.FED_BACK], acts[Act.RESULT_TOLD])
    return {**acts, Act.CLOSED: acts[Act.CALLED_BACK]}


def _by_day(at: datetime, dice: Random) -> datetime:
    """What would fall into the night is done in the morning after it."""
    if OPENS <= at.time() < CLOSES:
        return at
    morning = at.date() + timedelta(days=at.time() >= CLOSES)
    return datetime.combine(morning, OPENS) + timedelta(minutes=dice.randrange(5, 120))


def _told(acts: dict[Act, datetime], dice: Random) -> dict[str, str]:
    """What was written down of it by the day the file was made; of an order still open all of it, with that instant."""
    if acts[Act.CLOSED] > TAKEN:
        past = {act.value: _text(at) for act, at in acts.items() if at <= TAKEN}
        return {**past, "known_until": _text(TAKEN)}
    stood = {"not_judged": "handling"} if dice.random() < STOOD else {}
    kept = {act: at for act, at in acts.items() if act is Act.RECEIVED or dice.random() >= LOST}
    return {**{act.value: _text(at) for act, at in kept.items()}, **stood}


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


if __name__ == "__main__":
    MADE.write_text(made(), encoding="utf-8")
