"""`huiyin receive` shows what may be the same matter; the reporter joins it or insists (INT-12)."""

MATTER = ("receive", "--as", "S06", "--community", "jinxiu", "--category", "NOISE", "--room", "JX02-1-101")


def test_a_possible_duplicate_is_told_joined_or_insisted_on(huiyin):
    """INT-12, GRP-01: told before and beside the number; joined with --joins; not looked for with --insist."""
    first = huiyin.ok(*MATTER, "--text", "楼上半夜装修,吵得睡不着")["order"].removeprefix("wo_")
    words = ("--text", "楼上半夜还在装修,太吵了")
    planned = huiyin.ok(*MATTER, *words, "--dry-run")["possible_duplicates"]
    assert [(one["order_id"], one["likeness"] > 50) for one in planned] == [(f"wo_{first}", True)]
    told = huiyin(*MATTER, *words, "--key", "noise-2")
    assert (told.code, "疑似重复" in told.out, f"--into {first}" in told.out) == (0, True, True)
    again = huiyin.ok(*MATTER, *words, "--key", "noise-2")
    assert (again["repeated"], [one["order_id"] for one in again["possible_duplicates"]]) == (True, [f"wo_{first}"])
    english = huiyin(*MATTER, *words, "--lang", "en")
    assert "May be the same matter" in english.out
    assert huiyin.ok(*MATTER, "--text", "dogs barking")["possible_duplicates"] == []
    assert huiyin.ok(*MATTER, "--text", "另一户:楼下唱歌", "--insist")["possible_duplicates"] == []
    joined = huiyin.ok(*MATTER, *words, "--joins", first)
    assert joined["joined"] == f"wo_{first}"
    assert huiyin.ok("show", joined["order"])["merged_into"] == f"wo_{first}"
    unknown = huiyin(*MATTER, *words, "--joins", "99999999")
    assert (unknown.code, unknown.error) == (1, "not-found")
    refused = huiyin.ok(*MATTER, *words, "--joins", joined["order"])
    assert (refused["joined"], refused["not_joined"]) == (None, "survivor-merged")
