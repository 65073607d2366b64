"""Incidents at the command line: proposed, confirmed, told with their children; one taken out, one put in (ESC-13)."""

import time
from datetime import UTC, datetime, timedelta

import pytest

AGO = (datetime.now(UTC) - timedelta(minutes=40)).isoformat(timespec="seconds")
BACK = ("--received-at", AGO, "--because", "电话高峰,补录")
OUTAGE = ("--as", "S06", "--community", "jinxiu", "--category", "WATER_OUTAGE", "--text", "停水了")
CAUSE = ("--as", "S06", "--text", "3 栋水箱故障")


def received(huiyin, *more, room="JX03-1-1502"):
    return huiyin.ok("receive", *OUTAGE, "--room", room, *more)["order"].removeprefix("wo_")


def proposed(huiyin, *members):
    """Their parent; of three at once the relay may have proposed one before, which is dismissed then."""
    while (ran := huiyin("propose-incident", *members, *CAUSE, "--json")).error == "member-proposed":
        other = ran.document["error"]["facts"]["incident"]
        huiyin.ok("dismiss-incident", other, "--as", "S06", "--reason", "改由人工提议")
    assert ran.code == 0, ran
    return ran.document["order"].removeprefix("wo_")


def shown_when(huiyin, order, fits):
    """Look until the order's page fits: the relay carries what other orders must hear."""
    end = time.monotonic() + 60
    while not fits(page := huiyin.ok("show", order)):
        assert time.monotonic() < end, page
    return page


@pytest.fixture(scope="module")
def family(huiyin):
    """Three children whose `response` was breached 25 minutes ago, and their parent, confirmed."""
    members = [received(huiyin, *BACK) for _ in range(3)]
    parent = proposed(huiyin, *members)
    shown_when(huiyin, parent, lambda page: page["version"])  # the relay starts it where the engine was busy
    waiting = huiyin("show", parent)
    huiyin.ok("confirm-incident", parent, "--as", "S06")
    shown_when(huiyin, parent, lambda page: any(one["clock"] == "response" for one in page["escalations"]))
    return parent, members, waiting


def test_a_proposal_names_its_members_and_what_comes_next(family):
    """GRP-05: nothing is owed before a person confirms it."""
    parent, members, waiting = family
    assert f"群发事件 {parent}" in waiting.out
    assert all(one in waiting.out for one in members)
    assert f"huiyin confirm-incident {parent} --as" in waiting.out


def spoken_for(page):
    """The children for whose late response the parent escalates: they are carried to it one after the other."""
    return next((one["children"] for one in page["escalations"] if one["clock"] == "response"), [])


def test_a_parent_lists_its_children_with_stage_and_breaches(huiyin, family):
    """ESC-13: each with its own, and once what the incident speaks of."""
    parent, members, _ = family
    ids = [f"wo_{one}" for one in members]
    page = shown_when(huiyin, parent, lambda page: spoken_for(page) == ids)
    assert (page["incident"], page["members"], page["not_attached"]) == (f"wo_{parent}", ids, [])
    assert [one["order"] for one in page["children"]] == ids
    assert all("response" in one["breached"] and one["breaches"] >= 1 for one in page["children"])
    [entry] = [one for one in page["escalations"] if one["clock"] == "response"]
    assert (entry["children"], entry["owing"], entry["over"]) == (ids, ids, False)
    zh, en = (huiyin("show", parent, "--lang", lang).out for lang in ("zh", "en"))
    assert "成员工单" in zh
    assert "成员超时,由本单统一升级" in zh
    assert "响应" in zh[zh.index("成员超时") :]
    assert ("Children" in en, "Breaches it speaks of" in en, en.isascii()) == (True, True, False)


def test_a_child_names_its_parent(huiyin, family):
    """GRP-05."""
    parent, members, _ = family
    assert huiyin.ok("show", members[0])["incident"] == f"wo_{parent}"
    assert f"群发事件 {parent}" in huiyin("show", members[0]).out
    assert f"incident {parent}" in huiyin("show", members[0], "--lang", "en").out


def test_one_is_taken_out_and_put_in_again(huiyin, family):
    """GRP-07: foretold, then done; the child is none any more, then one again."""
    parent, members, _ = family
    out, why = members[2], ("--as", "S06", "--reason", "户内总阀关闭")
    foretold = huiyin.ok("detach-from-incident", out, *why, "--dry-run")["events"]
    assert foretold == ["work_order.detached_from_incident"]
    huiyin.ok("detach-from-incident", out, *why)
    assert huiyin.ok("show", out)["incident"] is None
    shown_when(huiyin, parent, lambda page: f"wo_{out}" not in [one["order"] for one in page["children"]])
    again = huiyin("attach-to-incident", out, "--as", "S06", "--to", parent)
    assert (again.code, f"✓ {out} 已并入群发事件" in again.out) == (0, True)
    assert huiyin.ok("show", out)["incident"] == f"wo_{parent}"


def test_the_same_key_proposes_once(huiyin):
    """INT-11: whatever has come of it since."""
    members = [received(huiyin, room="JX05-1-101") for _ in range(2)]
    said = ("propose-incident", *members, *CAUSE, "--key", "outage-5")
    assert huiyin.ok(*said, "--dry-run") == {"dry_run": True, "members": [f"wo_{one}" for one in members]}
    first = huiyin.ok(*said)
    huiyin.ok("confirm-incident", first["order"], "--as", "S06")
    shown_when(huiyin, first["order"], lambda page: len(page["children"]) == 2)
    again = huiyin.ok(*said)
    assert (again["order"], again["repeated"]) == (first["order"], True)


def test_a_member_that_could_not_be_attached_is_told_with_the_reason(huiyin):
    """GRP-05: closed between proposal and confirmation; the others are attached all the same."""
    first, gone = (received(huiyin, room="JX06-1-101") for _ in range(2))
    parent = huiyin.ok("propose-incident", first, gone, *CAUSE)["order"]
    huiyin.ok("withdraw", gone, "--as", "S06", "--by", "phone", "--reason", "来水了")
    huiyin.ok("confirm-incident", parent, "--as", "S06")
    page = shown_when(huiyin, parent, lambda page: page["children"] and page["not_attached"])
    assert page["not_attached"] == [{"order": f"wo_{gone}", "code": "order-closed"}]
    assert [one["order"] for one in page["children"]] == [f"wo_{first}"]
    assert [line.split() for line in huiyin("show", parent).out.splitlines() if "未并入" in line] == [
        [gone, "未并入", "已办结"]
    ]


def test_the_cause_is_dealt_with_and_all_owners_are_told(huiyin):
    """GRP-06: children go on with feedback; the parent's page says whom the notice reached; then it ends."""
    *members, out = [received(huiyin, room="JX08-1-101") for _ in range(3)]
    parent = proposed(huiyin, *members, out)
    huiyin.ok("confirm-incident", parent, "--as", "S06")
    shown_when(huiyin, parent, lambda page: len(page["children"]) == 3)
    notice = ("give-mass-notice", parent, "--as", "S06", "--found", "水箱浮球阀损坏,已查明", "--kind")
    early = huiyin(*notice, "result", "--text", "浮球阀已更换,供水已恢复正常")
    assert (early.code, early.error) == (1, "result-too-early")
    huiyin.ok("dispatch", parent, "--as", "S06", "--to", "S09")
    huiyin.ok("accept", parent, "--as", "S09")
    huiyin.ok("arrive", parent, "--as", "S09")
    done = ("--cause", "浮球阀损坏", "--measure", "更换浮球阀", "--result", "水箱水位正常,各户已来水")
    huiyin.ok("complete-handling", parent, "--as", "S09", *done)
    shown_when(huiyin, parent, lambda page: page["progress"].get("solved", {}).get("done") == 3)
    shown_when(huiyin, parent, lambda page: all(one["stage"] == "feedback" for one in page["children"]))
    taken_out(huiyin, out)
    assert f"huiyin give-mass-notice {parent} --as S06" in huiyin("show", parent).out
    short = huiyin(*notice, "result", "--text", "好了")
    assert (short.code, short.error) == (1, "feedback-too-short")
    given = huiyin(*notice, "result", "--text", "浮球阀已更换,供水已恢复正常")
    assert (given.code, f"✓ {parent} 已群发通知" in given.out) == (0, True)
    page = shown_when(huiyin, parent, lambda page: page["mass_notices"])
    last_word_was_said(huiyin, parent, given, notice)
    [told] = page["mass_notices"]
    reached = [one["order"] for one in told["sent"]] + told["waiting"]
    assert (sorted(reached), told["not_told"]) == ([f"wo_{one}" for one in members], [])
    counts = {"of": 3, "done": 3, "waiting": 0, "refused": 0}
    assert page["progress"] == {"attached": counts, "solved": counts}
    zh, en = (huiyin("show", parent, "--lang", lang).out for lang in ("zh", "en"))
    said = {zh: ("群发通知", "结果反馈", "共 2 户", "随本单转入反馈", "3 张中已完成 3 张")}
    said[en] = ("Mass notices", "2 owners", "solved with it", "3 of 3 orders")
    assert [part for shown, parts in said.items() for part in parts if part not in shown] == []

    shown_when(huiyin, members[0], lambda page: page["stage"] == "callback")
    late = huiyin("detach-from-incident", members[0], "--as", "S06", "--reason", "户内总阀关闭")
    assert (late.code, late.error, "(reopen)" in late.err) == (1, "solved-with-it", True)


def last_word_was_said(huiyin, parent, given, notice):
    """GRP-06, API-08: what comes next is true, and nothing is said to all again that would reach nobody."""
    en = huiyin("show", parent, "--lang", "en").out
    assert ("结果已群发" in given.out, "All owners were sent the result" in en) == (True, True)
    assert "huiyin give-mass-notice" not in given.out + huiyin("show", parent).out + en
    for kind in ("result", "progress"):
        again = huiyin(*notice, kind, "--text", "浮球阀已更换,供水已恢复正常")
        assert (again.code, again.error) == (1, "result-noticed")


def taken_out(huiyin, out):
    """GRP-07: solved with the incident, and not of its cause: back to where it stood."""
    assert huiyin.ok("detach-from-incident", out, "--as", "S06", "--reason", "户内总阀关闭")["stage"] == "intake"
    assert "回到受理环节" in huiyin("show", out).out
    assert "back to intake" in huiyin("show", out, "--lang", "en").out
    told = huiyin.ok("explain", out, "register")["clocks"][0]
    assert (told["state"], told["ended_by"]) == ("running", None)


def test_a_merge_of_cases_that_do_not_look_alike_says_so(huiyin):
    """GRP-01: a number may have been mistyped; how it is undone stands beside it."""
    leak, dark, other = (
        huiyin.received("--insist", "--text", "报修", "--category", category, "--room", room)
        for category, room in (
            ("WATER_LEAK", "JX03-1-1502"),
            ("LIGHTING", "JX01-1-0101"),
            ("WATER_LEAK", "JX03-1-1402"),
        )
    )
    told = huiyin("merge", leak, "--into", dark, "--as", "S06")
    assert (told.code, "不像同一件事" in told.out, f"huiyin unmerge {leak} --as" in told.out) == (0, True, True)
    huiyin.ok("unmerge", leak, "--as", "S06")
    told = huiyin("merge", other, "--into", leak, "--as", "S06", "--lang", "en")
    assert (told.code, "look alike" in told.out) == (0, False)


def test_two_cases_are_merged_and_parted_again(huiyin):
    """GRP-01, GRP-03, GRP-08: foretold, then done; a note to the merged number stands in the survivor."""
    survivor, case = (received(huiyin, room="JX09-1-101") for _ in range(2))
    said = ("merge", case, "--as", "S06", "--into", survivor)
    assert huiyin.ok(*said, "--dry-run")["events"][0] == "work_order.merged"
    done = huiyin(*said)
    assert (done.code, f"✓ {case} 已归并" in done.out) == (0, True)
    assert huiyin.ok("show", case)["merged_into"] == f"wo_{survivor}"
    assert f"由 {survivor} 继续办理" in huiyin("show", case).out
    assert f"已吸收 {case}" in huiyin("show", survivor).out
    assert f"{survivor} goes on with it" in huiyin("show", case, "--lang", "en").out
    third = received(huiyin, room="JX09-1-101")
    for lang, says in (("zh", f"{case} 已归并至 {survivor}"), ("en", f"{case} was merged into {survivor} itself")):
        told = huiyin("merge", third, "--as", "S06", "--into", case, "--lang", lang)
        assert (told.code, told.error, says in told.err) == (1, "survivor-merged", True)
        assert f"--into {survivor}" in told.err
    noted = huiyin.ok("note", case, "--as", "S06", "--text", "报事人再次来电")
    assert noted["order"] == f"wo_{survivor}"
    huiyin.ok("unmerge", case, "--as", "S06")
    assert huiyin.ok("show", case)["merged_into"] is None
    refused = huiyin("unmerge", case, "--as", "S06")
    assert (refused.code, refused.error) == (1, "not-merged")


def confirmations(huiyin, parent):
    """Who owes this incident his word."""
    duties = huiyin.ok("duties", "S06", "--limit", "500")["duties"]
    return [one["accountable"] for one in duties if (one["order"], one["clock"]) == (parent, "confirm_incident")]


def test_a_proposal_is_dismissed(huiyin):
    """GRP-05."""
    members = [received(huiyin, room="JX07-1-101") for _ in range(2)]
    parent = huiyin.ok("propose-incident", *members, *CAUSE)["order"]
    assert confirmations(huiyin, parent) == ["dispatch_operator"]
    number, other = parent.removeprefix("wo_"), received(huiyin, room="JX07-1-102")
    for more in ((), ("--dry-run",)):
        second = huiyin("propose-incident", members[1], other, *CAUSE, *more)
        assert (second.code, second.error, f"待确认的群发事件 {number}" in second.err) == (1, "member-proposed", True)
    assert huiyin.ok("dismiss-incident", parent, "--as", "S06", "--reason", "两户原因不同")["stage"] == "closed"
    assert "已否决" in huiyin("show", parent).out
    assert confirmations(huiyin, parent) == []
    assert huiyin.ok("show", members[0])["incident"] is None
    refused = huiyin("attach-to-incident", members[0], "--as", "S06", "--to", parent)
    assert (refused.code, refused.error) == (1, "incident-over")


def test_one_that_lost_its_children_is_ended(huiyin):
    """GRP-07, API-08: the page says how; while a child is there the refusal does."""
    members = [received(huiyin, room="JX10-1-101") for _ in range(2)]
    parent = proposed(huiyin, *members)
    huiyin.ok("confirm-incident", parent, "--as", "S06")
    shown_when(huiyin, parent, lambda page: len(page["children"]) == 2)
    end = ("dismiss-incident", parent, "--as", "S06", "--reason", "两户原因不同")
    for lang, says in (("zh", "仍有 2 张未办结的成员工单"), ("en", "still has 2 open children")):
        for more in ((), ("--dry-run",)):
            early = huiyin(*end, *more, "--lang", lang)
            assert (early.code, early.error, says in early.err) == (1, "incident-has-children", True)
    for one in members:
        huiyin.ok("detach-from-incident", one, "--as", "S06", "--reason", "户内总阀关闭")
        shown_when(huiyin, one, lambda page: page["incident"] is None)
    pages = [huiyin("show", parent, "--lang", lang).out for lang in ("zh", "en")]
    assert [f"huiyin dismiss-incident {parent} --as" in page for page in pages] == [True, True]
    done = huiyin(*end)
    assert (done.code, f"✓ {parent} 已否决群发事件" in done.out) == (0, True)
    assert "huiyin dismiss-incident" not in huiyin("show", parent).out


def test_refusals_tell_what_is_wrong_and_what_to_do(huiyin, family):
    """API-08: with a sentence, in either language; exit code 1."""
    parent, members, _ = family
    elsewhere = received(huiyin, room="JX04-1-101")
    table = {
        "unlike-incident": ("attach-to-incident", elsewhere, "--as", "S06", "--to", parent),
        "already-attached": ("attach-to-incident", members[0], "--as", "S06", "--to", parent),
        "not-attached": ("detach-from-incident", elsewhere, "--as", "S06", "--reason", "x"),
        "not-an-incident": ("attach-to-incident", elsewhere, "--as", "S06", "--to", members[0]),
        "not-of-an-incident": ("respond", parent, "--as", "S06"),
        "no-incident": ("confirm-incident", elsewhere, "--as", "S06"),
        "too-few-members": ("propose-incident", elsewhere, *CAUSE),
        "member-attached": ("propose-incident", elsewhere, members[0], *CAUSE),
        "member-is-incident": ("propose-incident", elsewhere, parent, *CAUSE),
        "forbidden": ("propose-incident", elsewhere, members[0], "--as", "S09", "--text", "停水"),
        "not-found": ("propose-incident", elsewhere, "99999999", *CAUSE),
    }
    given = [(code, [*words, "--lang", lang]) for code, words in table.items() for lang in ("zh", "en")]
    for (code, words), ran in zip(given, huiyin.many(words for _, words in given), strict=True):
        assert (ran.code, ran.error) == (1, code), words
        assert "{" not in ran.err
        assert code == "not-found" or "wo_" not in ran.err
