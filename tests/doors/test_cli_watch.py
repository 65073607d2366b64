"""The live board: countdowns right to the second, frames that fit, a terminal that is left as it was."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from records.migrate import migrate
from records.read import OrderRow
from stack import postgres
from stack.settings import Settings, default_cache
from stack.words import teller
from starter.cli.orders import Wanted
from starter.cli.screen import ESCAPES, Screen
from starter.cli.table import overdue
from starter.cli.times import ticking
from starter.cli.watch import Board, News, frame
from starter.community_file import load
from starter.opening import sample_community

HUIYIN = Path(sys.executable).with_name("huiyin")
ROOT = Path(__file__).parents[2]

NOW = datetime(2026, 3, 1, 2, 10, 30, tzinfo=UTC)
WITHIN = 60
HOME = "\x1b[H"
CLEAN = "\x1b[?25h\x1b[?1049l"
"""The cursor is shown, the terminal's own screen is back."""
ROOMY = 400
"""Lines of a terminal that holds every order of the house."""


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "00:00", "00:00"),
        (0.4, "00:01", "00:01"),  # zero is shown at the due instant, never before
        (1, "00:01", "00:01"),
        (59, "00:59", "00:59"),
        (60, "01:00", "01:00"),
        (899, "14:59", "14:59"),
        (3599, "59:59", "59:59"),
        (3599.5, "1 时 00 分", "1 h 00 min"),
        (3600, "1 时 00 分", "1 h 00 min"),
        (86399, "23 时 59 分", "23 h 59 min"),
        (2 * 86400 + 3 * 3600, "2 天 3 时", "2 d 3 h"),
        (-0.4, "已超时 0 秒", "0 s over"),
        (-59, "已超时 59 秒", "59 s over"),
        (-60, "已超时 1 分 00 秒", "1 min 00 s over"),
        (-192, "已超时 3 分 12 秒", "3 min 12 s over"),
        (-3599, "已超时 59 分 59 秒", "59 min 59 s over"),
        (-3600, "已超时 1 时 00 分", "1 h 00 min over"),
    ],
)
def test_a_countdown_is_right_to_the_second(seconds, zh, en):
    due = NOW + timedelta(seconds=seconds)
    assert (ticking(due, NOW, "zh"), ticking(due, NOW, "en")) == (zh, en)


def row(number: int, due_in: float | None, **facts) -> OrderRow:
    """An order with as long words as there are."""
    usual = dict.fromkeys(OrderRow.__dataclass_fields__) | {
        "order_id": f"wo_1000{number:04}",
        "seq": 7,
        "community": "jinxiu",
        "stage": "registration",
        "category": "DEVELOPER_LEGACY",
        "severity": "ordinary",
        "received_at": NOW,
        "assignee": "usr_S09",
        "next_due_clock": "rectify",
        "next_due_at": None if due_in is None else NOW + timedelta(seconds=due_in),
        "level": 0,
    }
    return OrderRow(**{**usual, **facts})


ROWS = [
    row(1, -700, level=2, severity="urgent", next_due_clock="result_feedback"),
    row(2, -12 * 3600 - 59 * 60, community="yangguang", assignee="usr_S01"),
    row(3, 899, next_due_clock="next_update"),
    row(4, 900, next_due_clock="sign_off"),
    *[row(number, 23 * 3600, assignee=None) for number in range(5, 60)],
    row(60, None, level=1),
]


def drawn(lang: str, columns: int, lines: int, rows=ROWS, *, styles: bool = False, trouble: str | None = None) -> str:
    """One live frame as a terminal of this size gets it."""
    screen = Screen(lang, json_wanted=False)
    screen.console = Console(
        width=columns, height=lines, highlight=False, force_terminal=styles, color_system="standard" if styles else None
    )
    board = Board(screen, load(sample_community()), Wanted(["jinxiu", "yangguang"], None, None), every=2)
    with screen.console.capture() as capture:
        screen.console.print(frame(board, News(rows, NOW, trouble), NOW, lines, live=True))
    return capture.get()


@pytest.mark.parametrize("trouble", [None, "records-away", "sqlstate-42501"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (100, 30), (110, 30), (120, 40)])
def test_a_frame_fills_the_terminal_and_no_more(columns, lines, lang, trouble):
    told = drawn(lang, columns, lines, trouble=trouble).splitlines()
    assert max(cell_len(line.rstrip()) for line in told) <= columns
    assert (len(told), sum("1000" in line for line in told[:-1])) == (lines, lines - 4)
    for one, line in zip(ROWS, told[3:-1], strict=False):
        assert ticking(one.next_due_at, NOW, lang) in line, "a countdown is never cut"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [40, 50, 60, 72])
def test_a_narrow_terminal_has_fewer_columns_and_whole_numbers(columns, lang):
    told = drawn(lang, columns, 16).splitlines()
    assert max(cell_len(line.rstrip()) for line in told) <= columns
    for one, line in zip(ROWS, told[3:-1], strict=False):
        assert line.startswith(one.order_id.removeprefix("wo_"))
        assert ticking(one.next_due_at, NOW, lang) in line, "a countdown is never cut"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 120])
def test_no_word_is_cut_where_terminals_usually_end(columns, lang):
    """Columns of less weight give way before the name of a matter is cut."""
    held = {"clock": "rectify", "suspended": True, "provisional": False, "breached": False}
    first = {"clock": "response", "suspended": False, "provisional": False, "breached": True}
    said = {"next_due_clock": "response", "duties": [first, held], "severity": "urgent", "level": 3}
    rows = [row(1, -60_000, category="GENERAL_REPAIR", stage="handling", **said), *ROWS[1:5]]
    told = drawn(lang, columns, 24, rows)
    assert "…" not in told
    assert {"zh": "开发遗留与配套", "en": "Developer legacy"}[lang] in told


@pytest.mark.parametrize("rows", [[], ROWS[:1], ROWS[:19], ROWS[:20]])
def test_the_foot_stands_on_the_last_line(rows):
    told = drawn("zh", 80, 24, rows).splitlines()
    assert (len(told), told[-1].startswith("Ctrl-C 退出 · ")) == (24, True)


def test_what_is_overdue_is_red_and_what_falls_due_soon_yellow():
    told = drawn("zh", 120, 40, styles=True)
    colour = {"已超时 11 分 40 秒": "1;31", "14:59": "33", "23 时 00 分": "0"}
    for words, code in colour.items():
        line = next(line for line in told.splitlines() if words in line)
        before = ESCAPES.findall(line[: line.index(words)])
        assert before[-1] == f"\x1b[{code}m", (words, line)


def test_a_due_that_stands_still_or_may_still_move_says_so():
    """CLK-20, CAL-11: in the due itself; a clock behind it that stands still is told beside the stage."""
    held = {"clock": "rectify", "suspended": True, "provisional": True, "breached": False}
    first = {"clock": "arrive", "suspended": False, "provisional": False, "breached": False}
    rows = [
        row(1, 23 * 3600, duties=[held]),
        row(2, 3600, next_due_clock="arrive", duties=[first, held]),
        row(3, 3600, next_due_clock="arrive", duties=[first]),
    ]
    for lang, marks, stage in (("zh", "暂停 暂定", "登记 暂停"), ("en", "paused provisional", "registration paused")):
        for columns in (80, 120):
            told = drawn(lang, columns, 12, rows).splitlines()[3:6]
            assert [marks in line for line in told] == [True, False, False]
            assert [stage in line for line in told] == [False, True, False]
            assert max(cell_len(line.rstrip()) for line in told) <= columns


def test_the_head_counts_and_names_the_hour_of_the_community():
    head = drawn("zh", 80, 24).splitlines()[0]
    assert head.split() == ["全部小区", "10:10:30", "UTC+8", "未结", "60", "·", "超时", "3", "·", "升级", "2"]
    assert [overdue(one, NOW) for one in (row(1, 0), row(1, -0.1), row(1, None))] == [False, True, False]


@pytest.mark.parametrize(("lang", "since"), [("zh", "10:10:30 起没有新消息"), ("en", "No news since 10:10:30")])
def test_the_board_says_since_when_it_has_no_news(lang, since):
    assert since in drawn(lang, 80, 24, trouble="records-away").splitlines()[1]
    assert drawn(lang, 80, 24).splitlines()[1].strip() == ""


# ---- in a real terminal


class Terminal:
    """A terminal in which the board runs, and what has come out of it."""

    def __init__(self, screen: int, running: "subprocess.Popen[bytes]") -> None:
        self.screen, self.running, self.raw = screen, running, ""

    @property
    def frames(self) -> list[str]:
        """What every frame showed; the last one may not be whole."""
        return [ESCAPES.sub("", one) for one in self.raw.split(HOME)[1:]]

    def until(self, seen, what: str):
        """Read on until something is seen in the frames, and return it."""
        deadline = time.monotonic() + WITHIN
        while not (found := seen(self.frames)):
            assert time.monotonic() < deadline, f"never came: {what}\n{self.frames[-1:]}"
            self.read()
        return found

    def read(self) -> bool:
        """Take what came out, if anything does within a while; whether there may be more."""
        if select.select([self.screen], [], [], 1.0)[0]:
            with suppress(OSError):
                piece = os.read(self.screen, 1 << 16)
                self.raw += piece.decode(errors="ignore")
                return bool(piece)
            return False
        return self.running.poll() is None

    def interrupted(self, sign: int | None = None) -> int:
        """Press Ctrl-C, or send a signal, and return the exit code."""
        if sign is None:
            os.write(self.screen, b"\x03")
        else:
            self.running.send_signal(sign)
        while self.read():
            pass
        return self.running.wait(WITHIN)


@contextmanager
def terminal(env, *words: str, lines: int = ROOMY):
    """The board in a terminal of its own, for the length of a block."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, 80, 0, 0))
    env = {**env, "TERM": "xterm-256color"}
    argv = ("setsid", "--ctty", HUIYIN, "watch", *words)
    running = subprocess.Popen(argv, stdin=theirs, stdout=theirs, stderr=theirs, env=env, cwd=ROOT)
    os.close(theirs)
    try:
        yield Terminal(ours, running)
    finally:
        running.kill()
        running.wait(WITHIN)
        os.close(ours)


def countdowns(frames: list[str], order: str) -> list[int]:
    """The seconds left of an order, frame by frame, each told once."""
    found = [re.search(rf"{order} .* (\d\d):(\d\d) ", one) for one in frames]
    left = [int(one[1]) * 60 + int(one[2]) for one in found if one]
    return [one for place, one in enumerate(left) if place == 0 or one != left[place - 1]]


def test_the_board_lives_in_a_terminal(huiyin):
    first = huiyin.received()
    with terminal(huiyin.env, "--community", "jinxiu", "--every", "1") as board:
        board.until(lambda frames: first in "".join(frames), "the order received before")
        second = huiyin.received("--text", "又漏水")
        board.until(lambda frames: second in "".join(frames), "the order received since")
        left = board.until(lambda frames: (n := countdowns(frames, second))[3:] and n, "a countdown")
        assert left[:4] == [left[0] - n for n in range(4)]
        assert board.interrupted() == 0
        assert board.raw.rstrip().endswith(CLEAN)
        assert "Traceback" not in board.raw


def test_a_terminated_board_leaves_the_terminal_clean(huiyin):
    with terminal(huiyin.env) as board:
        board.until(len, "a frame")
        assert board.interrupted(signal.SIGTERM) == 0
        assert board.raw.rstrip().endswith(CLEAN)


async def test_the_board_outlives_its_database(huiyin, tmp_path):
    """Another database than the house's, for it goes away."""
    for folder in ("logs", "data"):
        (tmp_path / folder).mkdir(mode=0o700)
    settings = Settings(data=tmp_path, cache=default_cache({}))
    server = await postgres.start(settings, teller(lambda _: None, "zh"))
    try:
        migrate(server.dsn)
        env = {**huiyin.env, "HUIYIN_DATABASE_URL": server.dsn, "HUIYIN_DATA": str(tmp_path)}
        with terminal(env, "--every", "1", lines=24) as board:
            board.until(lambda frames: "没有符合条件的工单" in "".join(frames), "the empty board")
            await postgres.stop(server.child)
            board.until(lambda frames: "起没有新消息" in frames[-1], "word that the database is away")
            server = await postgres.start(settings, teller(lambda _: None, "zh"))
            board.until(lambda frames: "Ctrl-C" in frames[-1] and "没有新消息" not in frames[-1], "news again")
            assert board.interrupted() == 0
            assert "Traceback" not in board.raw
    finally:
        await postgres.stop(server.child)


# ---- for programs and readers


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_help_has_an_example_and_fits(huiyin, lang):
    ran = huiyin("watch", "--help", "--lang", lang)
    assert (ran.code, "huiyin watch --community jinxiu" in ran.out) == (0, True)
    assert max(cell_len(line.rstrip()) for line in ran.out.splitlines()) <= 80


def test_one_frame_where_there_is_no_terminal(huiyin):
    order = huiyin.received()
    ran = huiyin("watch", "--community", "jinxiu")
    assert (ran.code, ran.err, order in ran.out, "\x1b" in ran.out, "Ctrl-C" in ran.out) == (0, "", True, False, False)


def test_a_program_gets_rows_and_the_time_of_the_server(huiyin):
    order = huiyin.received()
    told = huiyin.ok("watch", "--stage", "intake", "--community", "jinxiu")  # others have imported hundreds
    assert {one["stage"] for one in told["orders"]} == {"intake"}
    assert f"wo_{order}" in {one["order"] for one in told["orders"]}
    assert told["open"] == len(told["orders"]) >= told["overdue"]
    assert abs(datetime.fromisoformat(told["server_time"]) - datetime.now(UTC)) < timedelta(minutes=1)


def test_what_the_settings_do_not_know_is_refused(huiyin):
    assert huiyin("watch", "--community", "nowhere").error == "unknown-community"
    assert (huiyin("watch", "--every", "0").code, huiyin("watch", "--stage", "nowhere").code) == (2, 2)
