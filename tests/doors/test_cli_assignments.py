"""Several assignments in one order as they are typed, shown and owed (HND-13)."""

import pytest
from typed import DONE

TOLD = {
    "zh": ("增派", "第 1 项 · S10", "已了结", "第 2 项 · S13", "进行中", "第 1 项之后", "派工完成", "已断电挂牌"),
    "en": (
        "assignment added",
        "no. 1 · S10",
        "ended",
        "no. 2 · S13",
        "under way",
        "after no. 1",
        "assignment completed",
    ),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pieces_are_given_owed_and_ended(huiyin, lang):
    """HND-13: whose duty it is, what is open, in either language."""
    order = huiyin.received()
    for name, *said in (("respond",), ("clarify", "--text", "今天修好"), ("register",), ("dispatch", "--to", "S09")):
        huiyin.ok(name, order, "--as", "S06", *said)
    huiyin.ok("accept", order, "--as", "S09")
    huiyin.ok("arrive", order, "--as", "S09")
    piece = ("add-assignment", order, "--as", "S06", "--to", "S10", "--text", "断电挂牌")
    assert huiyin(*piece).error == "other-trade"
    told = huiyin(*piece, "--other-trade", HUIYIN_LANG=lang).out
    assert f"huiyin complete-assignment {order} --as S10 --number 1 --text" in told
    huiyin.ok("add-assignment", order, "--as", "S06", "--to", "S13", "--text", "送电", "--after", "1", "--other-trade")
    owed = huiyin.ok("duties", "S10")["duties"]
    assert any(one["clock"] == "assignment" and one["order"].endswith(order) for one in owed)
    huiyin.ok("complete-assignment", order, "--as", "S10", "--number", "1", "--text", "已断电挂牌")
    refused = huiyin("complete-handling", order, "--as", "S09", *DONE, HUIYIN_LANG=lang)
    assert (refused.code, "2" in refused.err) == (1, True)
    told = huiyin("show", order, "--words", "--as", "S06", HUIYIN_LANG=lang, COLUMNS="200").out
    assert [part for part in TOLD[lang] if part not in told] == []
    assert (
        huiyin("cancel-assignment", order, "--as", "S06", "--number", "3", "--reason", "x").error
        == "no-such-assignment"
    )
    huiyin.ok("cancel-assignment", order, "--as", "S06", "--number", "2", "--reason", "由电工一并送电")
    assert huiyin.ok("complete-handling", order, "--as", "S09", *DONE)["stage"] == "feedback"
    assert huiyin("audit", "replay", order).code == 0
