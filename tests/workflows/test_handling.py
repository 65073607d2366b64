"""Prices, photos, shares, conflicts and plans on the real server (HND-02, 03, 05, 07, 08, 09, 10, 14; INT-19)."""

from datetime import UTC, datetime, timedelta

import pytest
from evidence import holds
from house import (
    CALLER,
    MANAGER,
    OPERATOR,
    OTHER_PLUMBER,
    OWNER,
    PLUMBER,
    PROJECT_MANAGER,
    STEWARD,
    USUAL,
    Matter,
    form,
    measures,
    received,
)
from pictures import PLACE, photo, wav

from domain.commands import CommandName as C
from domain.handling.state import Conflict
from domain.refusals import Refused
from records import attachments, owner_messages
from starter.actor import usr
from starter.client import receive_matter
from starter.request import Request
from starter.telling_owner import tell_owner

pytestmark = pytest.mark.usefixtures("worker")
HANDLED = ("respond", "clarify", "register", "dispatch", "accept")
DONE = USUAL["complete_handling"][1]
UNSHOWN = {name: said for name, said in DONE.items() if name not in {"before", "after"}}


async def kept(matter) -> set[str]:
    """Digests of the files an order has."""
    return {one.digest for one in await attachments.listed(matter.desk.pool, matter.order_id)}


async def test_int_19_photos_are_sealed_and_histories_hold_their_digests(desk):
    """INT-19, SEC-05: from reception to completion and through a transfer; nothing of them in the engine."""
    receipt = await receive_matter(desk, form(), OPERATOR, files=(photo(), wav()))
    matter = Matter(desk, receipt.order_id)
    [first] = await matter.until("received")
    heard = set(first["payload"]["attachments"])
    await matter.through(*HANDLED)
    await matter.give("transfer", OPERATOR, assignee=usr("S12"), reason="换班")
    await matter.give("accept", OTHER_PLUMBER)
    await matter.give("transfer", OPERATOR, assignee=usr("S09"), reason="换回")
    await matter.give("accept", PLUMBER)
    await matter.give("arrive", PLUMBER, before=(photo(colour="green"),))
    await matter.give("complete_handling", PLUMBER, **UNSHOWN, after=(photo(colour="blue"),))
    [arrived], [done] = await matter.events("arrived"), await matter.events("handling_completed")
    shown = {*heard, *arrived["payload"]["before"], *done["payload"]["after"]}
    assert (len(heard), len(shown), await kept(matter)) == (2, 4, shown)
    history = await matter.handle.fetch_history()
    assert all(holds(history, digest) for digest in shown)
    assert not any(holds(history, sign) for sign in (PLACE.decode(), "JFIF"))
    sealed = await desk.pool.fetch("select sealed from attachment where order_id = $1", matter.order_id)
    for row in sealed:
        assert not any(sign in bytes(row["sealed"]) for sign in (PLACE, b"JFIF", b"RIFF"))
    async with desk.pool.acquire() as conn:
        opened = await attachments.opened(conn, desk.ring, matter.order_id, min(heard))
    assert opened.digest == min(heard)


async def test_hnd_02_a_refused_completion_keeps_no_photo(desk):
    """HND-02, CLK-21: one before and one after, or a supervisor with a reason."""
    matter = await received(desk)
    await matter.through(*HANDLED, "arrive")
    refused = await matter.refused("complete_handling", PLUMBER, **UNSHOWN, after=(photo(),))
    assert (refused.code, await kept(matter)) == ("photos-owed", set())
    await matter.give("complete_handling", MANAGER, **UNSHOWN, without_photos="业主不同意拍摄室内")
    assert (await matter.file()).row.stage == "feedback"


async def test_hnd_02_one_photo_does_not_show_it_before_and_after(desk):
    """HND-02: neither of one step nor of two; nothing of it is kept."""
    matter = await received(desk)
    await matter.through(*HANDLED)
    await matter.give("arrive", PLUMBER, before=(photo(),))
    green = (photo(colour="green"),)
    for shown in ({"after": (photo(),)}, {"before": green, "after": green}):
        refused = await matter.refused("complete_handling", PLUMBER, **UNSHOWN, **shown)
        assert (refused.code, len(await kept(matter))) == ("photos-same", 1)
    await matter.give("complete_handling", PLUMBER, **UNSHOWN, after=green)
    assert (await matter.file()).row.stage == "feedback"


async def test_hnd_02_photos_of_the_first_work_do_not_show_the_second(desk):
    """HND-02, CBK-05: neither at arrival nor at completion; the refusal says which, and of when."""
    matter = await received(desk)
    green, blue = (photo(colour="green"),), (photo(colour="blue"),)
    await matter.through(*HANDLED)
    await matter.give("arrive", PLUMBER, before=green)
    await matter.give("complete_handling", PLUMBER, **UNSHOWN, after=blue)
    await matter.through("give_feedback")
    await matter.give("reopen", OPERATOR, reason="又漏了")
    [arrived], [done] = await matter.events("arrived"), await matter.events("handling_completed")
    await matter.through("dispatch", "accept")
    for use, old, was in (("before", green, arrived), ("before", blue, done)):
        refused = await matter.refused("arrive", PLUMBER, **{use: old})
        assert (refused.code, refused.facts["at"]) == ("photos-used", was["at"])
    await matter.give("arrive", PLUMBER, before=(photo(colour="red"),))
    refused = await matter.refused("complete_handling", PLUMBER, **UNSHOWN, after=(photo(colour="gray"), *blue))
    told = {name: refused.facts[name] for name in ("option", "number", "use", "at")}
    assert told == {"option": "--after", "number": 2, "use": "after", "at": done["at"]}
    assert refused.facts["digest"] == done["payload"]["after"][0][:12]
    refused = await matter.refused("complete_handling", PLUMBER, **UNSHOWN, after=green)
    assert (refused.code, refused.facts["use"]) == ("photos-used", "before")
    await matter.give("complete_handling", PLUMBER, **UNSHOWN, after=(photo(colour="gray"),))
    assert (await matter.file()).row.stage == "feedback"


async def test_hnd_03_paid_work_from_quote_to_completion(desk):
    """HND-03, HND-05: lines, labour, the owner's no and yes, shares; no word of them in the history."""
    matter = await received(desk)
    await matter.through(*HANDLED, "arrive")
    line = {"words": "金丝雀牌角阀", "quantity": "2", "unit_price": "35.00"}
    await matter.give("quote", PLUMBER, materials=[line], labour="50.00")
    assert (await matter.refused("complete_handling", PLUMBER, **DONE)).code == "price-not-agreed"
    await matter.give("decline_price", OWNER, by="app", reason="太贵")
    await matter.give("agree_to_price", OWNER, by="app")
    shares = [{"party": "developer", "percent": 70, "words": "金丝雀图纸"}, {"party": "owner", "percent": 30}]
    assert (await matter.refused("assign_responsibility", MANAGER, shares=shares)).code == "share-without-evidence"
    await matter.give("complete_handling", PLUMBER, **DONE)
    evidence = (await matter.events("handling_completed"))[0]["payload"]["after"][0]
    shares[1] |= {"attachment": evidence}
    await matter.give("assign_responsibility", MANAGER, shares=shares)
    [quoted] = await matter.events("quoted")
    assert (quoted["payload"]["total"], quoted["payload"]["owner_total"]) == ("120.00", "120.00")
    history = await matter.handle.fetch_history()
    assert (holds(history, "35.00"), holds(history, "金丝雀")) == (True, False)


async def test_hnd_09_a_conflict_ends_with_the_owners_yes(desk):
    """HND-09, HND-10: `solve` starts the clock of a promise, and the breach of it is told as of any."""
    matter = await received(desk)
    await matter.through(*HANDLED)
    await matter.give("flag_conflict", STEWARD, words="业主拍桌")
    for step in ("calm", "clarify"):
        await matter.give("record_conflict_step", STEWARD, step=step, words="已谈")
    start = (await matter.file()).row.received_at
    window = {"window_start_at": start + timedelta(hours=1), "window_end_at": start + timedelta(hours=2)}
    await matter.give("record_conflict_step", STEWARD, step="solve", words="今天修", act="complete_handling", **window)
    refused = await matter.refused("name_arrears_cause", STEWARD, cause="hardship")
    assert refused.code == "conflict-open"
    await matter.skip(timedelta(hours=2, minutes=1))
    await matter.until("clock_breached", clock="promise")
    await matter.give("record_conflict_step", STEWARD, step="follow_up", words="仍不满意", confirmed=False)
    assert Conflict().next_step == "calm"
    refused = await matter.refused("record_conflict_step", STEWARD, step="follow_up", words="再问", confirmed=True)
    assert (refused.code, refused.facts["next"]) == ("conflict-order", "calm")


def spoken(words: str) -> dict[str, dict]:
    """What may be said to an owner amid a conflict, each with these words."""
    soon = datetime.now(UTC) + timedelta(hours=1)
    return {
        "promise": {"window_start_at": soon, "window_end_at": soon + timedelta(hours=2), "words": words},
        "give_feedback": {"kind": "progress", "by": "phone", "found": "接头老化渗水,已查明", "words": words},
        "record_conflict_step": {"step": "calm", "words": words},
    }


async def test_hnd_09_arrears_are_not_spoken_of_amid_a_conflict(desk):
    """HND-09: in no words to the owner, spoken or sent; before and after, and in what he says himself, they may be."""
    matter = await received(desk)
    await matter.through(*HANDLED)
    talk = spoken("请先把欠费交清,我们再来修")
    await matter.give("promise", STEWARD, **talk["promise"])
    await matter.give("flag_conflict", STEWARD, words="业主因欠费被催,拍桌")
    for command, said in talk.items():
        refused = await matter.refused(command, STEWARD, **said)
        assert (refused.code, refused.facts["word"]) == ("arrears-talk", "欠费"), command
    message = Request(matter.order_id, C.GIVE_FEEDBACK, STEWARD, {**talk["give_feedback"], "by": "wechat"})
    with pytest.raises(Refused) as refusal:
        await tell_owner(desk, message, await matter.file(), datetime.now(UTC), dry_run=False)
    assert refusal.value.code == "arrears-talk"
    assert await owner_messages.of_order(desk.pool, matter.order_id) == []
    await matter.give("note", STEWARD, words="业主自己提到欠费")
    for command, said in spoken("今天内修好,请您放心").items():
        await matter.give(command, STEWARD, **said)


async def test_hnd_09_what_a_matter_of_fees_is_about_may_be_named(desk):
    """HND-09: the category's own words; arrears may not."""
    matter = await received(desk, category="FEES", text="物业费怎么算的")
    await matter.through("respond")
    await matter.give("flag_conflict", STEWARD, words="业主拍桌")
    said = spoken("物业费的构成明细已打印,请您查看")["give_feedback"]
    assert (
        await matter.refused("give_feedback", STEWARD, **{**said, "words": "物业费有欠缴的,请您尽快补上"})
    ).code == "arrears-talk"
    await matter.give("give_feedback", STEWARD, **said)


async def test_hnd_14_a_mediation_stops_nothing(desk):
    """HND-14: the same duties before and after."""
    matter = await received(desk)
    await matter.through("respond")
    before = (await matter.file()).row.duties
    said = {"bodies": ["street_office", "chosen_owners"], "held_at": datetime.now(UTC) - timedelta(minutes=1)}
    said |= {"place": "居委会", "outcome": "同意", "next_step": "周五复查"}
    assert (await matter.refused("record_mediation", MANAGER, **said)).code == "mediation-needs-consent"
    await matter.give("record_mediation", MANAGER, **said, consent=True)
    assert (await matter.file()).row.duties == before


async def test_hnd_07_two_refusals_bring_the_project_manager(desk):
    """HND-07, HND-08: the third plan is his; then the life goes its way."""
    matter = await received(desk)
    await matter.through(*HANDLED)
    on = (datetime.now(UTC) + timedelta(days=3)).date()
    for number in (1, 2):
        await matter.give("give_plan", PLUMBER, measures=measures(on, f"第 {number} 次整改"))
        await matter.through("complete_rectification")
        await matter.give("refuse_sign_off", OWNER, by="phone", reason="仍渗水")
    refused = await matter.refused("give_plan", PLUMBER, measures=measures(on, "第 3 次整改"))
    assert refused.code == "project-manager-leads"
    await matter.give("give_plan", PROJECT_MANAGER, measures=measures(on, "更换整段立管"))
    await matter.through("complete_rectification", "sign_off", "arrive", "complete_handling", "give_feedback")
    await matter.give("record_callback", CALLER, resolved=True, attitude=5, timeliness=3, quality=5)
    assert (await matter.file()).row.stage == "closed"
