"""Lines of the house ledger: what is read, what is refused, and what does not fit to another line."""

import pytest

from domain.settings.house_ledger import Line, Resident, Unfit, fitting, line_of, person_of

BUILDINGS = {"JX02", "JX03"}
WHO = {"room": "JX03-1-1502", "name": "样例住户一"}

READ = [  # said, field, as it is read
    ({"room": "ｊｘ03 1 1502"}, "room", "JX03-1-1502"),
    ({"room": "jx02-1-0101"}, "room", "JX02-1-0101"),
    ({"contact_hours": "18:00-20:00"}, "contact_hours", "18:00-20:00"),
    ({"contact_hours": "9:00至11:30"}, "contact_hours", "09:00-11:30"),
    ({"contact_hours": "9：00～24:00"}, "contact_hours", "09:00-24:00"),
    ({"groups": ["disabled", "elderly", "disabled"]}, "groups", ("disabled", "elderly")),
    ({"phone": "+86 138 0000 1001"}, "phone", "+86 138 0000 1001"),
    ({"phone": "021-5555 0101"}, "phone", "021-5555 0101"),
]
REFUSED = [  # said, field, reason
    ({"room": ""}, "room", "no_room"),
    ({"room": "JX03"}, "room", "no_room"),
    ({"room": "JX99-1-0101"}, "room", "unknown_building"),
    ({"room": "JX03-" + "1" * 40}, "room", "too_long"),
    ({"name": "样" * 61}, "name", "too_long"),
    ({"name": "", "groups": ["elderly"]}, "name", "nobody_named"),
    ({"phone": "abc"}, "phone", "bad_phone"),
    ({"phone": "1380000100113800001002138000010031380"}, "phone", "bad_phone"),
    ({"relation": "landlord"}, "relation", "unknown_relation"),
    ({"groups": ["elderly", "lonely"]}, "groups", "unknown_groups"),
    ({"age_group": "old"}, "age_group", "unknown_age_group"),
    ({"language": "latin"}, "language", "unknown_language"),
    ({"preferred_channel": "open311"}, "preferred_channel", "unknown_preferred_channel"),
    ({"contact_hours": "20:00-18:00"}, "contact_hours", "bad_hours"),
    ({"contact_hours": "18:00"}, "contact_hours", "bad_hours"),
    ({"contact_hours": "18:00-24:30"}, "contact_hours", "bad_hours"),
]


@pytest.mark.parametrize(("said", "field", "read"), READ)
def test_a_line_is_read(said, field, read):
    """INT-10, FBK-02, FBK-05: the room in its one spelling, groups once each, hours as a span."""
    line = line_of(2, {**WHO, **said}, BUILDINGS)
    assert getattr(line if field == "room" else line.resident, field) == read


@pytest.mark.parametrize(("said", "field", "reason"), REFUSED)
def test_a_line_is_refused_by_field_and_reason(said, field, reason):
    with pytest.raises(Unfit) as caught:
        line_of(2, {**WHO, **said}, BUILDINGS)
    assert (caught.value.field, caught.value.reason) == (field, reason)


def test_a_room_alone_is_an_empty_one():
    assert line_of(2, {"room": "JX03-1-1502"}, BUILDINGS) == Line(2, "JX03-1-1502", "", None)


def test_a_community_without_buildings_takes_every_room():
    assert line_of(2, {"room": "12A", "phone": "13800001001"}, set()).room == "12A"


def lines(*rows):
    """Rows of household, room and name."""
    return [Line(at, room, household, Resident(name=name) if name else None) for at, (household, room, name) in rows]


FITTING = [  # rows, (number, reason) of those that do not fit
    ([("H1", "A-1", "x"), ("H1", "A-1", "y"), ("H2", "A-2", "x")], []),
    ([("H1", "", "y"), ("H1", "A-1", "x")], []),
    ([("", "A-1", "x"), ("", "A-1", "x")], [(1, "resident_twice")]),
    ([("", "A-1", ""), ("", "A-1", "")], [(1, "room_twice")]),
    ([("H1", "A-1", "x"), ("H2", "A-1", "y")], [(1, "room_twice")]),
    ([("H1", "A-1", "x"), ("H1", "A-2", "y")], [(1, "household_twice")]),
    ([("H1", "A-1", "x"), ("H9", "", "y")], [(1, "unknown_household")]),
]


@pytest.mark.parametrize(("rows", "expected"), FITTING)
def test_lines_fit_to_each_other_or_are_named(rows, expected):
    """A room has one household, a household one room, and each person stands in it once."""
    rejected = []
    fit = list(fitting(lines(*enumerate(rows)), rejected))
    assert [(at, unfit.reason) for at, unfit in rejected] == expected
    assert {one.number for one in fit} == set(range(len(rows))) - {at for at, _ in expected}


def test_a_household_stands_for_its_room():
    [mother, _] = fitting(lines((0, ("H1", "", "y")), (1, ("H1", "A-1", "x"))), [])
    assert mother.room == "A-1"


def test_somebody_is_known_by_name_for_numbers_change():
    """A line with another number is the same person; without a name the number is all there is."""
    first, second = (Resident(name="样例", phone=phone) for phone in ("13800001001", "13800001002"))
    assert person_of(first) == person_of(second)
    assert person_of(Resident(phone="138 0000 1001")) == person_of(Resident(phone="138-0000-1001"))
