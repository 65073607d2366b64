"""`huiyin audit replay` where it can say nothing: exit code 3, and no verdict; `verify` of the chains beside orders."""

import json

import pytest

from starter.chain_check import Checked, Flaw
from starter.cli.audit_verify import FLAWS, _show
from starter.cli.screen import Screen


def test_no_verdict_without_the_engine(huiyin):
    """AUD-01, API-08: the one document is the failure."""
    huiyin.received()
    ran = huiyin("audit", "replay", "--all", "--json", HUIYIN_TEMPORAL_ADDRESS="127.0.0.1:1")
    assert (ran.code, ran.error) == (3, "engine-away")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_chains_beside_the_orders_are_verified(huiyin, lang):
    """AUD-04, API-07: refusals are there; each chain is a document, and the last line says whether all are whole."""
    assert huiyin("accept", huiyin.received(), "--as", "S09").code == 1
    told = huiyin("audit", "verify", HUIYIN_LANG=lang)
    assert (told.code, {"zh": "全部完整", "en": "all whole"}[lang] in told.out) == (0, True)
    documents = [json.loads(line) for line in huiyin("audit", "verify", "--json").out.splitlines()]
    assert {one["chain"].split(":")[0] for one in documents} >= {"refusals"}
    assert all(one["ok"] and one["events"] and not one["flaws"] for one in documents)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_flaw_of_a_chain_is_told_with_its_place(capsys, monkeypatch, lang):
    """AUD-04, API-08: chain, number, what is wrong in words, its code; and the notice, where it is about one."""
    monkeypatch.setenv("COLUMNS", "120")
    screen = Screen.of(lang, json_wanted=False)
    _show(screen, Checked("notices:jinxiu:2026-03-01", 9, tuple(Flaw(code, 3, "ntc_1") for code in FLAWS)))
    _show(screen, Checked("reads:jinxiu:2026-03-01", 9, ()))
    head, *told = capsys.readouterr().out.splitlines()
    assert head == "✗ notices:jinxiu:2026-03-01"
    assert len(told) == len(FLAWS)
    for line, code in zip(told, FLAWS, strict=True):
        assert all(part in line for part in ("3", FLAWS[code].said(lang), "(ntc_1)", f"[{code}]")), line
