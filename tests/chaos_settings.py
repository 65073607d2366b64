"""The settings of a chaos run: the sample community with limits of seconds, so that alarms fire while parts die."""

import re
from pathlib import Path

from house import roomy

from starter.opening import sample_community

LIMIT, STEP = 20, 6
"""Seconds: of every limit, and between two levels of a ladder."""
SAID_BY_A_PERSON = {"plan_date", "window_end"}
CLOCKS, NOTICES = "# ---------------------------------------------------------------- clocks", "[notices]"


def quick_community(place: Path) -> Path:
    """Write the sample community with the same clocks, each of 20 s, and levels 6 s apart, always open."""
    text = roomy(sample_community().read_text(encoding="utf-8"))
    before, _, rest = text.partition(CLOCKS)
    clocks, _, after = rest.partition(NOTICES)
    clocks = re.sub(r'limit = "(\w+)"', lambda m: m[0] if m[1] in SAID_BY_A_PERSON else f'limit = "{LIMIT}s"', clocks)
    clocks = re.sub(r'calendar = "\w+"', 'calendar = "always"', clocks)
    # the driver plays the assignee; it would not know of an order that a rule hands to somebody else
    clocks = clocks.replace("notify_and_reassign", "notify")
    clocks = re.sub(r'level = (\d), after = "\w+", (.*), ack_within = "\w+"', _quick_level, clocks)
    after = re.sub(r"(?m)^staff_quiet_hours = .*\n", "", after)  # a run is judged by day and by night alike
    place.write_text(before + CLOCKS + clocks + NOTICES + after, encoding="utf-8")
    return place


def _quick_level(found: re.Match[str]) -> str:
    """Level 1 must be acknowledged before the next is planned, so that some levels fire early; the others need not."""
    level = int(found[1])
    patience = STEP - 2 if level == 1 else STEP + 3
    return f'level = {level}, after = "{(level - 1) * STEP}s", {found[2]}, ack_within = "{patience}s"'
