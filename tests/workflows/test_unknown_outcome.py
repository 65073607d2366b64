"""Nobody works: a command's outcome is unknown, and a repetition with the same key finishes it, words included."""

from datetime import timedelta

import pytest
from house import OPERATOR, Matter, form, received, working

from domain.commands import CommandName
from domain.refusals import Refused
from records import read as reading
from starter import desk as at_the_desk
from starter.acting import act
from starter.client import receive_matter
from starter.request import Request


async def said(matter) -> list[str | None]:
    words = await reading.words(matter.desk.pool, matter.desk.ring, matter.order_id, ["jinxiu"])
    return [word.words for word in words.texts if word.field == "words"]


@pytest.fixture
def impatient(monkeypatch) -> None:
    """A door that gives up at once, so that the test does not wait for it."""
    monkeypatch.setattr(at_the_desk, "PATIENCE", timedelta(seconds=2))


@pytest.mark.usefixtures("impatient")
async def test_words_outlive_an_unknown_outcome(desk, data) -> None:
    """OPS-02, API-05: nothing lost, nothing twice; the answer is that of the first."""
    receipt = await receive_matter(desk, form(), OPERATOR)
    matter = Matter(desk, receipt.order_id)
    request = Request(
        matter.order_id, CommandName.RESPOND, OPERATOR, {"words": "马上安排师傅上门"}, key="asked-in-the-dark"
    )
    with pytest.raises(Refused, match="may have happened"):
        await act(desk, request)
    async with working(desk, data):
        answer = await act(desk, request)
        again = await act(desk, request)
    assert (answer.stage, again) == ("registration", answer)
    assert (await said(matter), len(await matter.events("responded"))) == (["马上安排师傅上门"], 1)


async def test_the_words_of_a_refused_command_are_gone(desk, data) -> None:
    """A refusal leaves nothing behind but its own entry in the chain."""
    async with working(desk, data):
        matter = await received(desk)
        await matter.refused("complete_handling", OPERATOR, found="x", measure="x", words="这句话不该留在记录里面")
    assert await said(matter) == []
