"""Stored forms, byte for byte: histories hold them for ever, so a change here is a change of evidence (B1, PA-11)."""

import json
from datetime import UTC, datetime

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_sample import OPERATOR, WORDS, Case, at, envelope, reception, refolded, small_terms, terms

from domain.audit import canonical, digest, genesis, instant_text, link, read_instant
from domain.commands import Envelope
from domain.intake.reception import Reception
from domain.order import WorkOrder
from domain.terms import Terms

VECTORS = [
    (
        (
            b'{"actor":"staff:7","at":"2026-03-01T02:00:00.000000Z","order_id":"wo_01",'
            b'"payload":{"category":"plumbing","stage":"receive"},"seq":1,"type":"work_order.received"}'
        ),
        "82457bddca94a0e8e99447131b2fa9c83df854d7a0abb040b32062ca334a933a",
    ),
    (
        (
            b'{"actor":"staff:7","at":"2026-03-01T02:04:30.000000Z","order_id":"wo_01",'
            b'"payload":{"stage":"register"},"seq":2,"type":"work_order.registered"}'
        ),
        "27a4a79ee9fb1d20162c8d3d259d6a3010db6b8cd629c9b90abd4b144a98bf1b",
    ),
]

INSTANTS = [
    ("07-08 10:00", "2026-07-08T02:00:00.000000Z"),
    ("2026-01-01 00:00:00.000001", "2025-12-31T16:00:00.000001Z"),
    ("2026-03-07T10:00:00-08:00", "2026-03-07T18:00:00.000000Z"),
    ("2026-07-08T02:00:00.5+00:00", "2026-07-08T02:00:00.500000Z"),
]

TERMS_DIGEST = "9825b879d91cdf39785105068a5e3cc48a55629282ca2e26e60b8fb6c4e73e1f"
TERMS = (
    '{"v":1,"policy":"major","version":"2026.1","category":"WATER_LEAK","kind":"repair","severity":"major",'
    '"calendars":[["always","v1","Asia/Shanghai",[],[],null]],'
    '"ladders":[["fast",0,[[0,"duty_supervisor",300,"notify"],[900,"service_manager",null,"notify"]]]],'
    '"clocks":[["response","15m",0,0,"dispatch_operator","never",[50,80],"policy"]],"pauses":[],'
    '"pause_total_cap_s":null,"pause_calendar":null,"plan_required":false,"reopen_days":30,'
    f'"digest":"{TERMS_DIGEST}"}}'
)
RECEPTION = (
    '{"v":1,"order_id":"wo_01","community":"jinxiu","kind":"repair","category":"WATER_LEAK","severity":"major",'
    '"channel":"phone","received_at":"2026-07-08T10:00:00+08:00","contacted_at":"2026-07-08T10:02:00+08:00",'
    '"first_contact":null,"actor":"usr_S06","role":"dispatch_operator","request_id":"req_1","reporter":"sub_R02",'
    '"recorder":"usr_S06","building":"JX03","words":{"id":"txt_0","digest":"d0"},"external_id":null,"flags":[],'
    f'"terms":{TERMS}}}'
)
ENVELOPE = (
    '{"v":1,"command":"respond","actor":"usr_S06","roles":["dispatch_operator"],"channel":"phone",'
    '"request_id":"req_2","key":"key_2","expected_version":3,"stated_at":"2026-07-08T10:05:00+08:00",'
    '"payload":{"words":{"id":"txt_1","digest":"d1"}}}'
)
BODIES = [
    (
        '{"actor":"usr_S06","at":"2026-07-08T02:00:00.000000Z","order_id":"wo_01","payload":{"building":"JX03",'
        '"category":"WATER_LEAK","cause":"command","channel":"phone","community":"jinxiu","kind":"repair",'
        '"policy":"major","policy_version":"2026.1","recorder":"usr_S06","reporter":"sub_R02",'
        '"role":"dispatch_operator","run_id":"run_1","severity":"major",'
        f'"terms_digest":"{TERMS_DIGEST}","words":{{"digest":"d0","id":"txt_0"}}}},'
        '"recorded_at":"2026-07-08T02:15:00.000001Z","request_id":"req_1","seq":1,"type":"work_order.received"}'
    ),
    (
        '{"actor":"usr_S06","at":"2026-07-08T02:00:00.000000Z","order_id":"wo_01","payload":'
        '{"accountable":"dispatch_operator","budget_microseconds":900000000,"calendar":"always",'
        '"calendar_version":"v1","cause":"rule","channel":"phone","clock":"response",'
        '"due_at":"2026-07-08T02:15:00.000000Z","generation":1,"ladder":"fast","limit":"15m",'
        '"role":"dispatch_operator","run_id":"run_1","source":"policy",'
        f'"terms_digest":"{TERMS_DIGEST}","turn":1}},'
        '"recorded_at":"2026-07-08T02:15:00.000001Z","request_id":"req_1","seq":2,"type":"work_order.clock_started"}'
    ),
    (
        '{"actor":"system","at":"2026-07-08T02:15:00.000000Z","order_id":"wo_01","payload":{"action":"notify",'
        '"addressee":"duty_supervisor","cause":"timer","channel":"engine","clock":"response","generation":1,'
        '"late_entry":true,"level":1,"role":"rule","run_id":"run_1","turn":1},'
        '"recorded_at":"2026-07-08T02:15:00.000001Z","seq":6,"type":"work_order.escalated"}'
    ),
]

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(["漏水🔧", "𠮷\U0001f6b0", "é"])
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def second_opinion(value):
    """RFC 8785 of values without fractions, by hand: keys in order of their UTF-16 units, shortest escapes."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{second_opinion(key)}:{second_opinion(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(second_opinion, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def test_the_chain_has_the_bytes_of_the_specification():
    """B1, PA-11: h0, h1 and h2 of order wo_01, and the canonical bytes between them."""
    head = genesis("wo_01")
    assert head.hex() == "3bc1251b7fbec05598041b980520ba8e9b9305c25ef7a2731149ebb5962ef8a6"
    for body, expected in VECTORS:
        assert body == canonical(json.loads(body))
        head = link(head, body)
        assert expected == head.hex()


@pytest.mark.parametrize(("local", "stored"), INSTANTS)
def test_an_instant_is_utc_with_six_decimals(local, stored):
    """B1: `Z` and 6 decimals, whatever zone it was said in."""
    assert stored == instant_text(at(local))
    assert at(local) == read_instant(stored)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(TEXT, JSON, max_size=6))
def test_canonical_bytes_agree_with_a_second_opinion(value):
    """PA-11: RFC 8785 of random events, with Chinese and surrogate pairs, equals PyPI's and one written by hand."""
    assert rfc8785.dumps(value) == canonical(value) == second_opinion(value).encode()


@settings(max_examples=30, deadline=None)
@given(TEXT, st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive by contract
def test_events_with_any_words_are_canonical(text, received_at):
    """PA-11, B1: ids of any script survive sealing and reading."""
    case = Case(received_at.isoformat(), pinned=small_terms(), building=text, external_id=text)
    for body in case.bodies():
        assert rfc8785.dumps(json.loads(body)) == body
    assert refolded(case.bodies(), case.order.shelf).building == text


def test_terms_have_a_pinned_form_and_digest():
    """Design 4a.3, B1: rows by position; the digest leaves itself out and travels with the terms."""
    pinned = small_terms()
    assert pinned.model_dump_json() == TERMS
    assert pinned.digest == TERMS_DIGEST == digest({k: v for k, v in json.loads(TERMS).items() if k != "digest"})
    assert Terms.model_validate_json(TERMS) == pinned


def test_a_reception_has_a_pinned_form():
    """Design 4a.12: the start input of a work order, as the intake keeps it."""
    received = reception(at("07-08 10:00"), small_terms(), contacted_at=at("07-08 10:02"))
    assert received.model_dump_json() == RECEPTION
    assert Reception.model_validate_json(RECEPTION) == received


def test_an_envelope_has_a_pinned_form_and_digest():
    """Design 4a.12: fixed from the first commit; the digest names what is asked and by whom, not the request."""
    said = envelope("respond", OPERATOR, {"words": WORDS}, expected_version=3, stated_at=at("07-08 10:05"))
    assert said.model_dump_json() == ENVELOPE
    assert Envelope.model_validate_json(ENVELOPE) == said
    assert said.content_digest() == "5ea48886fbe48633e5655a026d4296f8a57b94c2f3e7f9d9aa480a765f11b6d6"
    bare = envelope("note", OPERATOR)
    assert bare.content_digest() == "d694410b845873c1ba1c360f157b55130045aae63bdb7321e59a308011d0c721"
    again = bare.model_copy(update={"request_id": "req_9", "key": "key_9", "roles": ()})
    assert again.content_digest() == bare.content_digest()


def test_events_have_pinned_bytes():
    """B1, AUD-05: role, channel and cause always; recorded_at only when another; nothing null; integers."""
    case = Case("07-08 10:00", now="2026-07-08 10:15:00.000001", pinned=small_terms())
    bodies = [body.decode() for body in case.bodies()]
    assert [bodies[0], bodies[1], bodies[-1]] == BODIES


def test_a_fact_recorded_at_once_has_one_instant():
    """B1: recorded_at is left out when equal to at."""
    stored = [json.loads(body) for body in Case("07-08 10:00", pinned=small_terms()).bodies()]
    assert ["recorded_at" not in one for one in stored] == [True, True]


def test_an_order_survives_its_journey_into_the_next_run():
    """Design 4a.9, CLK-35: the state as JSON and back is the same state, to the microsecond."""
    case = Case("2026-07-08 10:00:00.123457", now="07-08 10:40", pinned=terms())
    case.act("2026-07-08 10:41:00.000003", "respond", OPERATOR)
    assert WorkOrder.model_validate_json(case.order.model_dump_json()) == case.order
