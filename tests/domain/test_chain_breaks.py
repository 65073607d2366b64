"""A chain that is not what was written is known by the first place that differs (AUD-04, privacy_audit B1)."""

import pytest

from domain.audit import Break, canonical, first_break, genesis, link

CHAIN = "refusals:jinxiu:2026-03-01"


def chained(*said, chain=CHAIN, first=1, named=CHAIN):
    """The links of a chain: one event for each of these."""
    head, links = genesis(chain), []
    for seq, one in enumerate(said, first):
        body = canonical({"order_id": named, "seq": seq, "type": "x", "payload": {"said": one}})
        head = link(head, body)
        links.append((seq, body, head))
    return links


def spaced(links):
    """The same with a body that says the same in other bytes, everything behind it chained anew."""
    _, body, _ = links[0]
    loose = body.replace(b'":', b'": ')
    return [(1, loose, link(genesis(CHAIN), loose))]


def chained_without(name):
    """A first event that lacks a part."""
    whole = {"order_id": CHAIN, "seq": 1, "type": "x", "payload": {}}
    body = canonical({part: value for part, value in whole.items() if part != name})
    return [(1, body, link(genesis(CHAIN), body))]


WHOLE = chained("a", "b", "c", "d")
# fmt: off
BROKEN = [
    ("changed", [*WHOLE[:2], (3, WHOLE[2][1].replace(b"c", b"x"), WHOLE[2][2]), WHOLE[3]], Break(3, "event-changed")),
    ("hash changed", [*WHOLE[:2], (3, WHOLE[2][1], b"\0" * 32), WHOLE[3]], Break(3, "event-changed")),
    ("taken out", [*WHOLE[:1], *WHOLE[2:]], Break(2, "event-missing")),
    ("beginning taken out", WHOLE[1:], Break(1, "event-missing")),
    ("swapped", [WHOLE[0], (2, *WHOLE[2][1:]), (3, *WHOLE[1][1:]), WHOLE[3]], Break(2, "event-changed")),
    ("rewritten, behind it not", [*WHOLE[:1], chained("a", "x")[1], *WHOLE[2:]], Break(3, "event-changed")),
    ("of another chain", chained("a", chain=CHAIN, named="refusals:other:2026-03-01"), Break(1, "event-elsewhere")),
    ("of another place", chained("a", first=2), Break(1, "event-missing")),
    ("not canonical", spaced(WHOLE), Break(1, "event-elsewhere")),
    ("no event at all", [(1, b"[]", link(genesis(CHAIN), b"[]"))], Break(1, "event-elsewhere")),
    ("no payload", chained_without("payload"), Break(1, "event-elsewhere")),
    ("no JSON", [(1, b"?", link(genesis(CHAIN), b"?"))], Break(1, "event-elsewhere")),
]
# fmt: on


@pytest.mark.parametrize(("links", "found"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN])
def test_the_first_place_that_differs_is_named(links, found):
    """AUD-04: a byte changed, an event taken out, put elsewhere or written anew."""
    assert first_break(CHAIN, links) == found


@pytest.mark.parametrize("links", [[], WHOLE, WHOLE[:2]])
def test_a_chain_that_was_not_touched_is_whole(links):
    """AUD-04; an end that was cut off shows only in what it told of."""
    assert first_break(CHAIN, links) is None
