"""Every row of a foreign file becomes one intake or one named rejection (INT-22, INT-24)."""

import csv
import io
import tomllib
from collections import Counter
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.settings.reading import read
from starter.importing import Reject, read_rows
from starter.intake import IntakeForm

EXAMPLES = Path(__file__).parents[2] / "examples"
HOUSING = Path(__file__).parents[1] / "data" / "sf311_housing.csv"
DOCUMENT = tomllib.loads((EXAMPLES / "community.toml").read_text())
SETTINGS = read(DOCUMENT)
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
with HOUSING.open(newline="") as opened:
    SAMPLE = next(csv.DictReader(opened))


def imported(*rows, now=NOW, settings=SETTINGS):
    """What becomes of sample rows with some cells changed."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(SAMPLE))
    writer.writeheader()
    writer.writerows({**SAMPLE, "status_notes": "", **row} for row in rows)
    return list(read_rows(io.BytesIO(text.getvalue().encode()), settings, now))


def one(now=NOW, settings=SETTINGS, **cells):
    (found,) = imported(cells, now=now, settings=settings)
    return found


@pytest.fixture(scope="module")
def whole():
    return list(read_rows(HOUSING, SETTINGS, NOW))


def test_every_row_of_the_public_file_is_taken_or_refused_by_name(whole):
    """INT-22: 849 = 847 + 2; 103 preventive, 50 to check for scope."""
    rejects = [row for row in whole if isinstance(row, Reject)]
    forms = [row for row in whole if isinstance(row, IntakeForm)]
    assert (len(whole), len(forms), len(rejects)) == (849, 847, 2)
    assert {(row.reason, row.key, row.column) for row in rejects} == {
        ("test_row", "803306", "status_notes"),
        ("test_row", "1978020", "status_notes"),
    }
    flags = Counter(flag for form in forms for flag in form.flags)
    assert (flags["preventive"], flags["check_scope"], flags["zone_assumed"]) == (103, 50, 847)
    assert (flags["needs_operator"], flags["possible_duplicate"]) == (4, 8)


def test_each_row_has_a_key_of_its_own_and_no_person(whole):
    """INT-11, INT-22: a second import meets the same keys; the file has no reporter."""
    forms = [row for row in whole if isinstance(row, IntakeForm)]
    assert len({form.idempotency_key for form in forms}) == 847
    assert {form.community for form in forms} == {"sf-housing"}
    assert all(form.reporter_name is None and form.reporter_phone is None for form in forms)
    assert Counter(form.category for form in forms) == {
        "GLAZING": 303,
        "GENERAL_REPAIR": 244,
        "STAFF_ATTITUDE": 120,
        "DRAIN_BLOCKED": 100,
        "NOISE": 50,
        "PRAISE": 30,
    }


def test_twice_is_the_same_as_once(whole):
    """INT-22, INT-11: the same bytes give the same forms, so the door sees repetitions, not new content."""
    assert list(read_rows(HOUSING, SETTINGS, NOW + timedelta(days=3))) == whole


def test_line_numbers_are_physical_lines(whole):
    """INT-22: two notes hold line breaks, yet a reject names the line an editor shows."""
    lines = HOUSING.read_text().splitlines()
    for row in whole:
        if isinstance(row, Reject):
            assert lines[row.line - 1].startswith(f"{row.key},")


def lines(path):
    return set(path.read_bytes().splitlines())


def test_the_demo_file_is_sixty_real_rows_of_every_grade():
    """OPS-01: repairs only, none refused and none for the operators to class."""
    forms = list(read_rows(EXAMPLES / "sf311_demo.csv", SETTINGS, NOW))
    grades = {(form.text.split(" ")[0], form.severity, "preventive" in form.flags) for form in forms}
    assert len(forms) == len({form.external_id for form in forms}) == 60
    assert len(grades) == 8
    assert lines(EXAMPLES / "sf311_demo.csv") <= lines(HOUSING), "real records are not touched"
    assert all("needs_operator" not in form.flags for form in forms)
    assert any(form.address == "Not associated with a specific address" for form in forms)


def test_a_row_becomes_an_intake():
    """INT-22, INT-24: original instant kept, clocks from the import, zone taken from the settings."""
    form = one(status_notes=" resolved:  twice ")
    assert form.model_dump(exclude_defaults=True) == {
        "community": "sf-housing",
        "channel": "phone",
        "text": "Glazier – Routine (SFHA Requests): 54 HARBOR RD, SAN FRANCISCO, CA, 94124",
        "category": "GLAZING",
        "kind": "repair",
        "severity": "ordinary",
        "address": "54 HARBOR RD, SAN FRANCISCO, CA, 94124",
        "external_id": "241450",
        "external_created_at": datetime(2008, 7, 2, 22, 8, 46, tzinfo=UTC),
        "external_note": "resolved:  twice",
        "area": "Hunters Point",
        "lat": 37.73157,
        "long": -122.3774,
        "flags": ("zone_assumed",),
        "idempotency_key": "sf311:241450",
    }


MAPPED = [
    ("SFHA Requests", "Glazier", "Glazier - Emergency", "GLAZING", "repair", "urgent", ()),
    ("SFHA Requests", "Glazier", "Glazier - Urgent", "GLAZING", "repair", "major", ()),
    ("SFHA Requests", "Laborer", "Laborer - Preventive", "GENERAL_REPAIR", "repair", "ordinary", ("preventive",)),
    (" SFHA  Requests ", "Laborer", "Laborer  -  Routine", "GENERAL_REPAIR", "repair", "ordinary", ()),
    ("Sewer Issues", "Flooding", "On_property", "DRAIN_BLOCKED", "repair", "major", ()),
    ("Noise Report", "traffic", "whatever", "NOISE", "complaint", "ordinary", ("check_scope",)),
    ("MUNI Feedback", "MUNI  -", "Commendation of a driver", "PRAISE", "praise", "ordinary", ()),
    ("MUNI Feedback", "MUNI -", "", "STAFF_ATTITUDE", "complaint", "major", ()),
    ("MUNI Feedback", "MUNI -", "Something", "GENERAL_REPAIR", "repair", "ordinary", ("needs_operator",)),
    ("Graffiti", "Wall", "", "GENERAL_REPAIR", "repair", "ordinary", ("needs_operator",)),
    ("", "", "", "GENERAL_REPAIR", "repair", "ordinary", ("needs_operator",)),
]


@pytest.mark.parametrize(("category", "kind", "descriptor", "to", "is_kind", "severity", "flags"), MAPPED)
def test_the_first_line_of_the_mapping_that_fits_decides(category, kind, descriptor, to, is_kind, severity, flags):
    """INT-22: equal, equal, begins with; an empty descriptor fits only an empty one; blanks collapse; else unknown."""
    form = one(category=category, complaint_type=kind, descriptor=descriptor)
    assert (form.category, form.kind.value, form.severity.value) == (to, is_kind, severity)
    assert form.flags == (*flags, "zone_assumed")
    assert form.text


TIMES = [
    ("2016-07-01 08:00:00+00:00", "2016-07-01T15:00:00", ()),
    ("2016-12-01 08:00:00+00:00", "2016-12-01T16:00:00", ()),
    ("2016-12-01 08:00:00", "2016-12-01T16:00:00", ()),
    ("2016-03-13 02:30:00+00:00", "2016-03-13T10:30:00", ("time_not_existing",)),
    ("2016-11-06 01:30:00+00:00", "2016-11-06T08:30:00", ("time_existing_twice",)),
    ("2016-11-06 02:00:00+00:00", "2016-11-06T10:00:00", ()),
]


@pytest.mark.parametrize(("written", "instant", "flags"), TIMES)
def test_times_are_local_whatever_offset_they_carry(written, instant, flags):
    """INT-24, CAL-10: 02:30 of the skipped hour is 03:30 PDT; of an hour run twice the first is meant."""
    form = one(created_date=written, closed_date="")
    assert form.external_created_at == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert form.flags == ("zone_assumed", *flags)


AGES = [
    (timedelta(), True),
    (timedelta(hours=24), True),
    (timedelta(hours=24, seconds=1), False),
    (timedelta(seconds=-1), False),
]


@pytest.mark.parametrize(("age", "kept"), AGES, ids=str)
def test_the_original_instant_counts_as_reception_for_a_day(age, kept):
    """INT-13, INT-24: with a reason; older ones count from the import, future ones too."""
    created = datetime(2016, 7, 1, 15, tzinfo=UTC)
    form = one(now=created + age, created_date="2016-07-01 08:00:00+00:00")
    assert (form.received_at == created, form.back_dated_because is not None) == (kept, kept)


FLAGS = [
    ({"status_notes": "Case is invalid, see file"}, "needs_operator"),
    ({"status_notes": "CASE IS INVALID\nsee file"}, "needs_operator"),
    ({"status_notes": "dupe sr"}, "possible_duplicate"),
    ({"status_notes": "cancel DUP SR"}, "possible_duplicate"),
    ({"status_notes": "issue never addressed, see new RS# 1"}, "possible_duplicate"),
    ({"status_notes": "Please see new SR#6460617"}, "possible_duplicate"),
    ({"closed_date": "2008-07-02 15:08:45+00:00"}, "time_order"),
    ({"source": "Fax"}, "needs_operator"),
    ({"source": ""}, "needs_operator"),
]


@pytest.mark.parametrize(("cells", "flag"), FLAGS, ids=lambda one: str(one)[:50])
def test_doubtful_rows_are_taken_and_flagged(cells, flag):
    """INT-22: never refused for what the source says of them."""
    assert flag in one(**cells).flags


@pytest.mark.parametrize("note", ["dup-up of the wall", "this is not the case is invalid", "duplex flat"])
def test_false_friends_are_not_flagged(note):
    """INT-22: `dup-up` (1744296) is no duplicate."""
    assert one(status_notes=note).flags == ("zone_assumed",)


CHANNELS = [("Phone", "phone"), ("Web", "web"), ("Mobile/Open311", "open311"), ("Twitter", "social"), ("Fax", "web")]


@pytest.mark.parametrize(("source", "channel"), CHANNELS)
def test_the_source_is_the_channel(source, channel):
    """INT-01."""
    assert one(source=source).channel.value == channel


AREAS = [
    ({"neighborhood": "Mission"}, "Mission"),
    ({"neighborhood": " "}, "10"),
    ({"neighborhood": "", "supervisor_district": ""}, "BAYVIEW"),
    ({"neighborhood": "", "supervisor_district": "", "police_district": ""}, None),
]


@pytest.mark.parametrize(("cells", "area"), AREAS)
def test_the_first_area_that_is_not_empty_is_taken(cells, area):
    """INT-20."""
    assert one(**cells).area == area


@pytest.mark.parametrize("pair", [("0.0", "0.0"), ("", ""), ("nan", "nan"), ("inf", "1"), ("91", "0"), ("x", "1")])
def test_a_position_that_is_none_is_left_out(pair):
    """INT-20: a matter without a place is taken all the same."""
    form = one(latitude=pair[0], longitude=pair[1])
    assert (form.lat, form.long) == (None, None)


def test_the_address_of_a_photo_is_kept():
    """INT-19: it is not fetched."""
    assert one(media_url="http://mobile311.sfgov.org/media/1.jpg").media == ("http://mobile311.sfgov.org/media/1.jpg",)


REFUSED = [
    ({"status_notes": "test only"}, "status_notes", "test_row"),
    ({"status_notes": " TEST "}, "status_notes", "test_row"),
    ({"unique_key": ""}, "unique_key", "no_key"),
    ({"unique_key": "  "}, "unique_key", "no_key"),
    ({"created_date": ""}, "created_date", "no_time"),
    ({"created_date": "yesterday"}, "created_date", "no_time"),
    ({"created_date": "9999-12-31 23:59:59"}, "created_date", "no_time"),
    ({"unique_key": "=1+1"}, "unique_key", "not_acceptable"),
    ({"unique_key": "9" * 200}, "unique_key", "too_long"),
    ({"status_notes": "x" * 4001}, "status_notes", "too_long"),
    ({"incident_address": "x" * 201}, "incident_address", "too_long"),
    ({"descriptor": "x" * 5000}, "descriptor", "too_long"),
    ({"media_url": "a\x00b"}, "media_url", "nul_byte"),
]


@pytest.mark.parametrize(("cells", "column", "reason"), REFUSED, ids=lambda one: str(one)[:40])
def test_a_row_is_refused_with_column_and_reason(cells, column, reason):
    """INT-22: line, column and reason; both languages."""
    found = one(**cells)
    assert isinstance(found, Reject)
    assert (found.line, found.column, found.reason) == (2, column, reason)
    assert found.zh
    assert found.en


@pytest.mark.parametrize("note", ["tested the window", "no test", "testing"])
def test_only_the_whole_note_makes_a_test_row(note):
    """INT-22."""
    assert isinstance(one(status_notes=note), IntakeForm)


def test_the_settings_decide_not_the_program():
    """INT-22: mapping, rules and key are read from `[import.sf311]`."""
    document = deepcopy(DOCUMENT)
    source = document["import"]["sf311"]
    source |= {"key": "city:{unique_key}", "mapping": [], "reject": [], "unknown": {**source["unknown"], "to": "NOISE"}}
    form = one(settings=read(document), status_notes="test")
    assert (form.idempotency_key, form.category, form.flags[0]) == ("city:241450", "NOISE", "needs_operator")
