"""What a random operator does next: steps drawn with dice, valid and not, each written so that it can be done again.

A step is a plain tuple of JSON values, so a run can be printed, cut down and repeated. A case is named by the hand that
received it and its number there (`2.5`); `in 3600` as a value stands for an instant an hour from the case's own now,
`order 2.5` for the number of a case.
"""

import json
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from operator_model import Case
from random_commands import OUTAGE, POOL, POOLED, SENSIBLE, given, usual, wild

CATEGORIES = {
    "WATER_LEAK": 3,
    OUTAGE: 3,
    POOLED: 2,
    "LIGHTING": 1,
    "WALL_LEAK": 1,
    "STAFF_ATTITUDE": 1,
    "ADVICE": 1,
    "PRAISE": 1,
    "LIFT_TRAPPED": 1,
}
BUILDINGS = ("JX01", "JX02", "JX03")
"""Outages come from these, so that the house finds several of one building."""
PHONES = ("13800001234", "13800001235", "13800001236")
SPANS = {30: 6, 300: 6, 900: 4, 901: 4, 3600: 3, 8 * 3600: 2, 86_400: 2, 3 * 86_400: 1, 31 * 86_400: 1}
"""Seconds by which a case's clock is moved: short of a limit, to it, past it, past everything; each so often."""
DEEDS = {"receive": 8, "kill": 1, "incident": 2, "skip": 6, "merge": 3, "together": 7, "race": 4, "give": 69}
"""What a hand does, each so often."""
MOST_CASES = 10
SURE, LIVING = 0.7, 0.93


class Step(NamedTuple):
    """One step: what is done, to which case, and with what."""

    do: str  # receive | propose | find | give | merge | skip | kill | together
    case: str = ""
    what: Any = None

    def __str__(self) -> str:
        return json.dumps(self, ensure_ascii=False)

    @property
    def hand(self) -> str:
        """Whose step it is; none = nobody's, as a kill."""
        first = self.what[0][1] if self.do == "together" else self.case
        return first.partition(".")[0]

    @property
    def named(self) -> Iterator[str]:
        """The cases that must be there for it."""
        if self.do in {"give", "merge", "skip"}:
            yield self.case
        match self.do:
            case "merge":
                yield self.what["into"]
            case "propose":
                yield from self.what["members"]
            case "give":
                said = (value for value in self.what["said"].values() if isinstance(value, str))
                yield from (value.removeprefix("order ") for value in said if value.startswith("order "))


class Hand:
    """Draws one step after the other; what it draws depends on its seed and on how its cases stand."""

    def __init__(self, seed: str, name: int) -> None:
        self.dice, self.name = Random(f"{seed}/{name}"), name

    def next(self, known: Mapping[str, Case]) -> Step:
        """Draw the next step."""
        cases = {key: case for key, case in known.items() if key.startswith(f"{self.name}.")}
        living = [key for key, case in cases.items() if not case.over]
        deed = self.dice.choices(list(DEEDS), weights=list(DEEDS.values()))[0]
        if not cases or (deed == "receive" and len(living) < MOST_CASES):
            return self._receive(len(cases))
        if deed == "kill":
            return Step("kill", what=self.dice.choice(["worker", "starter.relay"]))
        if deed == "incident":
            return self._incident(cases)
        return self._about(
            cases, self.dice.choice(living if living and self.dice.random() < LIVING else list(cases)), deed
        )

    def _about(self, cases: Mapping[str, Case], case: str, deed: str) -> Step:
        """Draw a step about one case, or several at once; what does not fit becomes a command."""
        dice = self.dice
        pooled = [key for key, one in cases.items() if _in_pool(one)]
        match deed:
            case "skip":
                return Step("skip", case, dice.choices(list(SPANS), weights=list(SPANS.values()))[0])
            case "merge":
                return self._merge(cases, case)
            case "together":
                many = [dice.choice([case, dice.choice(list(cases))]) for _ in range(dice.randint(2, 4))]
                return Step("together", what=[self._one(cases, one) for one in many])
            case "race" if pooled:
                return self._race(dice.choice(pooled))
            case _:
                return self._give(cases, case)

    def _receive(self, number: int) -> Step:
        dice = self.dice
        category = dice.choices(list(CATEGORIES), weights=list(CATEGORIES.values()))[0]
        what = {"category": category, "reporter_phone": dice.choice(PHONES)}
        if category == OUTAGE:
            what["room"] = f"{dice.choice(BUILDINGS)}-1-1502"
        return Step("receive", f"{self.name}.{number}", what)

    def _incident(self, cases: Mapping[str, Case]) -> Step:
        """Propose one for cases that may have one cause, now and then for any; or take up one of the house's own."""
        dice, name = self.dice, f"{self.name}.{len(cases)}"
        if dice.random() < 0.5:
            return Step("find", name)
        groups = [[key for key, case in cases.items() if _alike(case, first)] for first in cases.values()]
        like = dice.choice([group for group in groups if len(group) > 1] or groups)
        members = dice.sample(like, min(len(like), dice.randint(2, 4))) if dice.random() < 0.9 else list(cases)[:3]
        return Step("propose", name, {"members": members, "who": "operator" if dice.random() < SURE else "plumber"})

    def _merge(self, cases: Mapping[str, Case], case: str) -> Step:
        """Merge two of one kind, now and then any two."""
        dice = self.dice
        like = [key for key in cases if key != case and _alike(cases[key], cases[case])]
        others = [key for key in cases if key != case] or [case]
        into = dice.choice(like) if like and dice.random() < 0.9 else dice.choice(others)
        return Step("merge", case, {"into": into, "who": "operator" if dice.random() < 0.9 else "plumber"})

    def _race(self, case: str) -> Step:
        """Several hands grab one order at once."""
        hands = self.dice.sample(POOL, self.dice.randint(2, len(POOL)))
        return Step("together", what=[Step("give", case, given("grab", hand)) for hand in hands])

    def _one(self, cases: Mapping[str, Case], case: str) -> Step:
        return self._merge(cases, case) if self.dice.random() < 0.15 else self._give(cases, case)

    def _give(self, cases: Mapping[str, Case], case: str) -> Step:
        draw = usual if self.dice.random() < SENSIBLE else wild
        return Step("give", case, draw(cases[case], cases, self.dice))


def _alike(one: Case, other: Case) -> bool:
    """Whether two cases may be one matter, or have one cause."""
    return one.category == other.category and not one.over and not one.kin.parent and one.kin.merged is None


def _in_pool(case: Case) -> bool:
    return case.stage == "dispatch" and case.category == POOLED and case.assignee is None and case.kin.merged is None
