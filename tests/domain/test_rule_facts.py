"""The pages written from the rules are those of today, and what they read from the source is what really happens."""

import pytest
from rules_sample import PLUMBER, act, at, brought_to
from test_rules_stages import STATES, TABLE, said_of

from domain import events as e
from domain.commands import CommandName
from domain.evolve import evolve
from domain.lifecycle import RULEBOOK
from domain.refusals import Refused
from domain.vocabulary import Cause, ClockName, Role, Stage
from starter.pages.rule_facts import drops, edges, makes, starts, stops
from starter.pages.stages_page import page, picture, who
from starter.pages.write_docs import BEGIN, with_picture, written

NOW = at("07-08 10:10")


@pytest.mark.parametrize("path", written(), ids=lambda path: path.name)
def test_what_is_written_equals_the_rules(path):
    """The README's picture and docs/stages.md: `make docs` after a change of the rules."""
    assert path.read_text(encoding="utf-8") == written()[path], "run `make docs`, and read what it changed"


def test_a_picture_that_is_old_is_seen():
    """A test that could not fail would keep nothing equal."""
    readme = f"# title\n{BEGIN}old\n<!-- end -->\nafter\n"
    assert with_picture(readme) != readme
    assert with_picture(readme) == with_picture(with_picture(readme))
    assert with_picture(readme).endswith("<!-- end -->\nafter\n")
    with pytest.raises(ValueError, match="lacks the marks"):
        with_picture("# title\n")


def test_nothing_is_left_out():
    """Every stage, command, clock, and every role that may give a command."""
    told = page()
    assert all(f"`{name}` " in told for name in (*CommandName, *ClockName))
    headings = [line.rpartition(" ")[2] for line in told.splitlines() if line.startswith("## ")]
    assert headings[: len(Stage)] == [stage.value for stage in Stage]
    assert all(f" {stage}" in picture() for stage in Stage)


def test_who_names_each_role_once():
    """Groups stand for their roles, and no role of a command is lost or added."""
    assert who(RULEBOOK[CommandName.ACCEPT].who) == "经办人 assignee"
    assert who(RULEBOOK[CommandName.NAME_ARREARS_CAUSE].who) == "经理 managers, 楼栋管家 building steward"
    assert who(frozenset(Role)) == "各角色 everybody"


CELLS = [(state, command, actor) for command, (actor, _) in TABLE.items() for state in STATES]


def test_commands_do_what_is_read_from_their_source():
    """Whatever the handlers really decide in every state of the table of stages: events, moves and clocks."""
    cases, done = {state: brought_to(state).order for state in STATES}, set()
    for state, command, actor in CELLS:
        order, (name, said) = cases[state], said_of(command)
        try:
            _, events = act(order, NOW, name, actor or order.assignee or PLUMBER, said)
        except Refused:
            continue
        done.add(name)
        hold(order, CommandName(name), events)
    assert len(done) > 25, "the table has become too narrow to prove anything"


def hold(order, name, events):
    """Hold the events of one command against what was read from the source of its handler."""
    kinds = makes(name)
    ways = {(edge.kind, edge.leaves, edge.to) for edge in edges() if edge.command == name}
    begun = {one.clock for kind in kinds for one in starts(kind)}
    ended = begun | {one.clock for kind in kinds for find in (stops, drops) for one in find(kind)}
    for event in events:
        after = evolve(order, event, NOW)
        match event:
            case e.ClockStarted():
                assert event.clock in begun, name
            case e.ClockStopped():
                assert event.clock in ended, name
            case _ if event.author.cause is not Cause.TIMER:
                assert type(event) in kinds, name
        assert after.stage is order.stage or (type(event), order.stage, after.stage) in ways
        order = after
