"""The form of a matter as a door hears it, personal words included; it never enters a workflow."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from domain.vocabulary import Channel, Kind, Severity

MAX_TEXT = 4000
"""Longest text of a complaint, in characters (specs/http_api.md section 6)."""

NO_NUL = r"^[^\x00]*$"
Words = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT, strip_whitespace=True, pattern=NO_NUL)]
ShortWords = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=NO_NUL)]

Group = Literal["elderly_alone", "elderly", "disabled", "infant_family", "seriously_ill"]


LATER = frozenset(
    {"remedy", "public_area", "groups", "found_in", "posted_by", "posted_at", "answered", "complained_of", "repeats"}
)
"""Fields younger than 0.2: left out of a fingerprint where they say nothing, so that older keys are known."""


class IntakeForm(BaseModel):
    """One matter: who says what, where, by which channel, and when the words reached us."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: str
    channel: Channel
    text: Words
    category: str | None = None  # proposed; none = the community's catch-all, decided at Classify
    remedy: Words | None = None  # what the reporter wants done (INT-08)
    kind: Kind | None = None  # none = the category's
    severity: Severity | None = None  # none = the category's policy
    reporter_name: ShortWords | None = None
    reporter_phone: ShortWords | None = None
    address: ShortWords | None = None
    room: ShortWords | None = None  # JX03-1-1502; its building part goes to the process, the room never
    public_area: ShortWords | None = None  # one the community lists; else free text (INT-20)
    groups: tuple[Group, ...] = ()  # of the household, as it is heard (INT-10); never in a history
    complained_of: tuple[str, ...] = ()  # staff whom the matter is about, by number (DSP-13)
    found_in: ShortWords | None = None  # words of a group or medium: where they stand (INT-03)
    posted_by: ShortWords | None = None  # their author as shown; none = unknown
    posted_at: AwareDatetime | None = None
    received_at: AwareDatetime | None = None  # none = now (INT-13)
    back_dated_because: ShortWords | None = None
    answered: bool = False  # in the very conversation: at the instant of reception
    contacted_at: AwareDatetime | None = None  # live channels: when the owner was answered (CLK-07)
    recorder: str | None = None  # staff member who typed it (INT-02)
    external_id: str | None = None
    external_created_at: datetime | None = None
    external_note: Annotated[str, StringConstraints(max_length=MAX_TEXT)] | None = None
    area: str | None = None
    lat: float | None = None
    long: float | None = None
    media: tuple[str, ...] = ()
    repeats: ShortWords | None = None  # wo_… of a closed order, named by the reporter (CBK-09)
    flags: tuple[str, ...] = ()  # glossary section 11, for example needs_operator
    idempotency_key: Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._:~-]+$")]
    test: bool = Field(default=False, description="left out of every figure")

    def said(self) -> dict[str, Any]:
        """Return what the form says, without its key and without fields of later versions that say nothing."""
        silent = {name for name in LATER if not getattr(self, name)}
        return self.model_dump(mode="json", exclude={"idempotency_key", *silent})

    def heard(self, received_at: datetime) -> Self:
        """Return the form with the instant of the answer, when that was given in the conversation itself."""
        return self.model_copy(update={"contacted_at": received_at}) if self.answered else self
