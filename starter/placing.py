"""What a door adds to a form from the settings: proposal and place; nothing names a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.intake.events import Proposal
from domain.intake.proposing import UNKNOWN_PLACE, building_in, propose
from domain.permission import CLOCK_SKEW
from domain.refusals import Refused
from domain.settings.catalogue import CATCH_ALL
from domain.settings.community import CommunityFile
from domain.vocabulary import FOUND_CHANNELS
from records.alike import Spot
from starter.intake import IntakeForm


def proposal_of(settings: CommunityFile, form: IntakeForm) -> Proposal:
    """Return what the rules propose; refuses with `unknown-community`."""
    return propose(settings, form.community, form.text, form.category)


def wish_of(settings: CommunityFile, form: IntakeForm) -> Mapping[str, Any]:
    """Return the class a form asks for: where it says no severity, what is dangerous is urgent (INT-09)."""
    said = {name: getattr(form, name) for name in ("category", "kind", "severity")}
    proposal = proposal_of(settings, form)
    if form.severity is None and proposal.because != "category":
        said["severity"] = proposal.severity
    return said


def building_of(settings: CommunityFile, form: IntakeForm) -> str | None:
    """Return the building of a room, if the community knows it; what a room is called stays sealed (SEC-03, SEC-05)."""
    estate = settings.communities.get(form.community)
    return building_in(estate, form.room) if estate and form.room else None


def area_of(settings: CommunityFile, form: IntakeForm) -> str | None:
    """Return the public area, if the community lists it; any other text may hold a name and goes nowhere in clear."""
    estate = settings.communities.get(form.community)
    return form.public_area if estate and form.public_area in estate.public_areas else None


def spot_of(settings: CommunityFile, form: IntakeForm) -> Spot | None:
    """Return place and category by which the same matter is found again; none where the place is not known."""
    building, area = building_of(settings, form), area_of(settings, form)
    known = building is not None or area is not None
    return Spot(form.community, form.category or CATCH_ALL, building, area) if known else None


def flags_of(settings: CommunityFile, form: IntakeForm) -> tuple[str, ...]:
    """Return the flags of a matter; one whose place is not known is taken in and flagged (INT-20).

    A community that lists no buildings knows no room; imported rows have the addresses of another system, and flags of
    their own.
    """
    estate = settings.communities.get(form.community)
    unlisted = form.room is not None and not (estate and estate.building)
    known = building_of(settings, form) or area_of(settings, form) or unlisted or form.external_created_at
    return form.flags if known else tuple(dict.fromkeys((*form.flags, UNKNOWN_PLACE)))


def check_source(form: IntakeForm, received_at: datetime) -> None:
    """Refuse words of a group or medium without their place and time (INT-03); imported ones have their own record."""
    found = form.channel in FOUND_CHANNELS and form.external_created_at is None
    if found and (form.found_in is None or form.posted_at is None):
        raise Refused("source-missing")
    if form.posted_at is not None and form.posted_at > received_at + CLOCK_SKEW:
        raise Refused("posted-in-future")
