"""The random operator's rules between cases can fail: each does, for a house that breaks it, and for no other."""

from collections import Counter

import pytest
from operator_model import Case, Clock
from operator_together import judge, reached, refused_for_a_reason
from violation import ViolationError


def case(order_id: str, stage: str = "handling", /, **kin) -> Case:
    made = Case(order_id, stage=stage)
    for name, value in kin.items():
        setattr(made.kin, name, value)
    return made


def house(*cases: Case) -> dict[str, Case]:
    return {one.order_id: one for one in cases}


def withdrawn(order_id: str, **kin) -> Case:
    made = case(order_id, "closed", **kin)
    made.ended_as = "withdrawn"
    return made


def parent(stage: str = "handling", **kin) -> Case:
    made = case("wo_9", stage, parent=True, **kin)
    made.kinds = ["incident_proposed", *(["incident_confirmed"] if stage != "intake" else [])]
    return made


def late(order_id: str, **kin) -> Case:
    made = case(order_id, incident="wo_9", incidents=["wo_9"], **kin)
    made.clocks["response", 1, 1] = Clock(breached=True)
    return made


MERGED = {"merged": "wo_2", "survivors": ["wo_2"]}
SURVIVOR = case("wo_2", absorbed=["wo_1"])
CHILD = {"incident": "wo_9", "incidents": ["wo_9"]}
ACCOUNT = ("wo_1", "response", 1, 1)
TOLD = {**MERGED, "from_others": [("wo_2", "result")]}

FINE = [
    (house(case("wo_1", **MERGED), SURVIVOR), {}),
    (
        house(case("wo_1", "callback", **TOLD), case("wo_2", "callback", absorbed=["wo_1"], words=["result"])),
        {"wo_1": 1},
    ),
    (house(parent(members=["wo_1"]), case("wo_1", **CHILD)), {}),
    (house(parent("feedback", members=["wo_1"]), case("wo_1", "feedback", solved=True, **CHILD)), {}),
    (house(parent(owed={ACCOUNT}), late("wo_1")), {}),
    (house(parent("closed", members=["wo_1"]), case("wo_1", "closed", **CHILD)), {}),
    (house(parent("closed", members=["wo_1"]), case("wo_1", "dispatch", solved=True, apart=9, **CHILD)), {}),
]
IMPOSSIBLE = {
    "wo_2 does not know of it": house(case("wo_1", **MERGED), case("wo_2")),
    "it has wo_1, which does not know of it": house(case("wo_1"), SURVIVOR),
    "merged in a circle": house(
        case("wo_1", absorbed=["wo_2"], **MERGED), case("wo_2", merged="wo_1", absorbed=["wo_1"])
    ),
    "in handling, and wo_2, which does its work, is in feedback": house(
        case("wo_1", **MERGED), case("wo_2", "feedback", absorbed=["wo_1"])
    ),
    "in feedback, and wo_2, which does its work, is in callback": house(
        case("wo_1", "feedback", **MERGED), case("wo_2", "callback", absorbed=["wo_1"])
    ),
    "is in closed, withdrawn": house(case("wo_1", **MERGED), withdrawn("wo_2", absorbed=["wo_1"])),
    "which does its work, is in closed": house(case("wo_1", **MERGED), case("wo_2", "closed", absorbed=["wo_1"])),
    "child of wo_9, which is no incident": house(case("wo_9"), case("wo_1", **CHILD)),
    "child of wo_9, which nobody confirmed": house(parent("intake"), case("wo_1", **CHILD)),
    "open, and its incident wo_9 is over": house(parent("closed"), case("wo_1", **CHILD)),
    "wo_9 is solved, it is not": house(parent("feedback"), case("wo_1", **CHILD)),
    "wo_1 was forgotten": house(parent(members=["wo_1"]), case("wo_1")),
    "too much, [('wo_1', 'response', 1, 1)] too little": house(parent(), late("wo_1")),
    "[('wo_1', 'response', 1, 1)] too much": house(parent(owed={ACCOUNT}), case("wo_1", **CHILD)),
    "told result 1 times, wo_2 said it 0 times": house(case("wo_1", **TOLD), SURVIVOR),
    "told 1 times by 0 messages": house(
        case("wo_1", "callback", **TOLD), case("wo_2", "callback", absorbed=["wo_1"], words=["result"])
    ),
}


@pytest.mark.parametrize(("cases", "messages"), FINE)
def test_what_is_well_is_not_complained_of(cases, messages) -> None:
    """GRP-01, GRP-05, GRP-06, ESC-13."""
    judge(cases, Counter(messages))


@pytest.mark.parametrize(("why", "cases"), IMPOSSIBLE.items(), ids=IMPOSSIBLE)
def test_what_cannot_be_is_seen(why, cases) -> None:
    """GRP-01, GRP-05, GRP-06, ESC-13: both sides agree, nobody is forgotten, nobody told twice."""
    with pytest.raises(ViolationError) as seen:
        judge(cases, Counter())
    assert why in str(seen.value)


def test_a_message_more_than_there_were_words_is_seen() -> None:
    """GRP-06: two messages for one word."""
    cases = house(case("wo_1", "callback", **TOLD), case("wo_2", "callback", absorbed=["wo_1"], words=["result"]))
    with pytest.raises(ViolationError, match="2 messages for 1 words"):
        judge(cases, Counter({"wo_1": 2}))


def test_words_reach_whatever_a_number_was_merged_into() -> None:
    """GRP-03: itself, its survivor, and that one's."""
    cases = house(case("wo_1", **MERGED), case("wo_2", survivors=["wo_3"]), case("wo_3"))
    assert reached(cases, ["wo_1"]) == {"wo_1", "wo_2", "wo_3"}
    assert reached(cases, ["wo_3"]) == {"wo_3"}


def test_a_refusal_that_is_not_true_is_seen() -> None:
    """API-01: it says that the order went on with another one, and nothing was solved."""
    cases = house(case("wo_1", **MERGED), case("wo_2"))
    refused_for_a_reason(cases, "note", "forbidden", ["wo_1"])
    with pytest.raises(ViolationError, match="nothing like it has happened"):
        refused_for_a_reason(cases, "unmerge", "merged-went-on", ["wo_1"])
    cases["wo_2"].kinds.append("closed")
    refused_for_a_reason(cases, "note", "order-closed", ["wo_1"])
