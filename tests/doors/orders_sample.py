"""Orders lived by the rules alone, for what doors show of them: no server, the clock times of the stories."""

from datetime import datetime
from functools import cache
from io import BytesIO, TextIOWrapper
from zoneinfo import ZoneInfo

from rich.console import Console

from domain.commands import Envelope, read
from domain.decide import decide, tick
from domain.intake.reception import Reception, receive
from domain.settings.catalogue import resolve
from domain.settings.community import CommunityFile
from starter.cli.screen import Screen
from starter.community_file import load
from starter.opening import sample_community

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORDS = {"id": "txt_1", "digest": "d1"}
ROLES = {
    "S06": ("dispatch_operator",),
    "S09": ("engineer",),
    "S08": ("engineering_lead",),
    "S02": ("service_manager",),
    "S22": ("callback_officer",),
}
WAY = (("respond", "S06"), ("register", "S06"), ("dispatch", "S06"), ("accept", "S09"))
"""From reception to handling."""
SAID = {
    "dispatch": {"team": "engineering", "assignee": "usr_S09"},
    "record_callback": {"resolved": False, "attitude": 4, "timeliness": 4, "quality": 4},
    "give_feedback": {"kind": "result", "by": "phone", "found": WORDS, "words": WORDS},
    "complete_handling": {"words": WORDS, "before": ["0" * 64], "after": ["1" * 64]},
}


@cache
def sample() -> CommunityFile:
    return load(sample_community()).model_copy(update={"demands": ()})  # these lives are about what doors tell


def at(text: str) -> datetime:
    """Read `2026-10-01 23:50` or `10-01 23:50` (2026), in Shanghai unless an offset is written."""
    instant = datetime.fromisoformat(text if text[4] == "-" else f"2026-{text}")
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)


class Lived:
    """One order: commands at clock times, and what follows from them."""

    def __init__(self, received: str, file: CommunityFile | None = None, community: str = "jinxiu", **wish) -> None:
        instant = at(received)
        said = {"category": "WATER_LEAK", **wish}
        pinned = resolve(file or sample(), community=community, on=instant.date(), **said)
        same = {name: getattr(pinned, name) for name in ("kind", "category", "severity")}
        known = {"actor": "usr_S06", "role": "dispatch_operator", "request_id": "req", "reporter": "sub_1"}
        case = {"order_id": "wo_10000001", "community": community, "channel": "phone", "received_at": instant}
        self.order, _ = receive(Reception(**case, **same, **known, words=WORDS, terms=pinned), instant)

    def act(self, now: str, command: str, who: str, **said) -> "Lived":
        envelope = Envelope(
            command=command,
            actor=f"usr_{who}",
            roles=ROLES[who],
            channel="phone",
            request_id="req",
            key="",
            payload=said or SAID.get(command, {}),
        )
        self.order, _ = decide(self.order, read(envelope), at(now))
        return self

    def accepted(self, *minutes: str) -> "Lived":
        """Go on to handling, a step at each of four clock times."""
        for now, (command, who) in zip(minutes, WAY, strict=True):
            self.act(now, command, who)
        return self

    def tick(self, now: str) -> "Lived":
        self.order, _ = tick(self.order, at(now))
        return self

    def clock(self, name: str):
        """Return the latest clock of a name."""
        return [clock for clock in self.order.clocks if clock.name == name][-1]


def screen_of(lang: str, columns: int = 80, encoding: str = "utf-8") -> Screen:
    """A screen of a width."""
    screen = Screen(lang, json_wanted=False)
    file = TextIOWrapper(BytesIO(), encoding)
    screen.console = Console(file=file, width=columns, highlight=False, color_system=None)
    return screen


def shown(screen: Screen, *lines) -> str:
    """What these lines look like there, without what pads them."""
    with screen.console.capture() as capture:
        screen.show(*lines)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())
