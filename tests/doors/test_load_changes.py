"""What a load changes, in words of both languages down to the single value; no server (OPS-06)."""

import json
from datetime import UTC, datetime

import pytest
from orders_sample import screen_of, shown

from domain.settings.changes import changes
from domain.settings.community import CommunityFile
from domain.settings.reading import parse
from records.settings_versions import Version
from starter.cli.load_changes import TABLES, changed_lines
from starter.loading import Loading
from starter.opening import sample_community
from starter.settings_in_force import body_of

SAMPLE = sample_community().read_text(encoding="utf-8")
BEFORE = body_of(parse(SAMPLE)).decode()
HANDLING = 'handling = { limit = "3wd", calendar = "office", ladder = "slow" }\nfeedback'

SAID = [
    (
        ('reopen_clock_rule = "fresh"', 'reopen_clock_rule = "continue"'),
        "重开后计时 重新计时 → 接着计时",
        "clocks of a reopening begin anew → go on",
    ),
    (
        (HANDLING, HANDLING.replace("3wd", "2wd")),
        "ordinary 一般:处理 时限 3 个工作日 → 2 个工作日",
        "ordinary: handling limit 3 working days → 2 working days",
    ),
    (
        ('after = "60m", to = "project_manager"', 'after = "45m", to = "project_manager"'),
        "第 3 级 超时后 1 时 → 45 分",
        "level 3 after the breach 1 h → 45 min",
    ),
    (
        ("2026-09-20, 2026-10-10]", "2026-09-20, 2026-10-11]"),
        "调休上班日 增加 2026-10-11;去掉 2026-10-10",
        "make-up workdays added 2026-10-11; removed 2026-10-10",
    ),
    (("to = 2026-09-27", "to = 2026-09-28"), "中秋节 至 2026-09-27 → 2026-09-28", "Mid-Autumn Festival until"),
    (
        ('mass_incident = { count = 5, window = "2h"', 'mass_incident = { count = 5, window = "3h"'),
        "群发事件:时窗 2 时 → 3 时",
        "incident: window 2 h → 3 h",
    ),
    (('phone = "13800000013"', 'phone = "13800000113"'), "电话有变", "phone changed"),
]


@pytest.mark.parametrize(("change", "zh", "en"), SAID)
def test_a_changed_value_is_said_in_words(change, zh, en):
    """OPS-06: where it stands and what becomes of it; of a person's number only that it changed."""
    assert change[0] in SAMPLE
    after = parse(SAMPLE.replace(*change, 1))
    version = Version(1, "digest", "roster", "community.toml", "usr_S01", datetime(2026, 1, 1, tzinfo=UTC), BEFORE)
    told = Loading(after, version, changes(json.loads(BEFORE), json.loads(body_of(after))), (), version)
    for lang, words in (("zh", zh), ("en", en)):
        screen = screen_of(lang, 200)
        page = shown(screen, *changed_lines(told, screen))
        assert words in page
        assert "13800000113" not in page


def test_every_table_has_its_name():
    """OPS-06: no page names a table by its key."""
    tables = {field.alias or name for name, field in CommunityFile.model_fields.items()}
    assert tables - set(TABLES) == {"resident"}, "residents stand in the ledger"
