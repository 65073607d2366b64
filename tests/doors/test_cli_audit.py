"""`huiyin audit replay` where it can say nothing: exit code 3, and no verdict."""


def test_no_verdict_without_the_engine(huiyin):
    """AUD-01, API-08: the one document is the failure."""
    huiyin.received()
    ran = huiyin("audit", "replay", "--all", "--json", HUIYIN_TEMPORAL_ADDRESS="127.0.0.1:1")
    assert (ran.code, ran.error) == (3, "engine-away")
