"""What a settings file says about imports: how the columns of a foreign file become the fields of an intake."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from domain.settings.arrangements import Written
from domain.vocabulary import Channel, Kind, Severity


class SourceColumns(Written):
    """The foreign column of each field."""

    external_id: str
    external_created_at: str
    external_updated_at: str | None = None
    external_note: str
    external_queue: str | None = None
    address_text: str
    lat: str
    long: str
    media: str
    category: str = "category"
    type: str = "complaint_type"
    descriptor: str = "descriptor"
    channel: str = "source"


class UnknownRow(Written):
    """What becomes of a row no mapping fits, or of a source without a channel."""

    to: str
    kind: Kind
    severity: Severity
    channel: Channel
    flag: str


class MappingEntry(Written):
    """One line of the mapping: a key that is not written fits any value; an empty descriptor fits only an empty one."""

    category: str | None = None
    type: str | None = None
    descriptor: str | None = None  # the beginning of the value
    to: str
    kind: Kind
    severity: Severity
    flag: str | None = None
    responsibility: Literal["to_be_split", "developer", "owner", "property", "contractor", "third_party"] | None = None


class RejectRule(Written):
    """A row that is refused: its column matches the whole pattern, or can't be read as a time."""

    column: str
    pattern: str | None = None
    unreadable: bool = False
    reason: str


class FlagRule(Written):
    """A row that is taken and flagged: its column matches the whole pattern, or lies before another column."""

    column: str
    pattern: str | None = None
    before: str | None = None
    flag: str


class ImportSource(Written):
    """One foreign file format (INT-22, INT-24)."""

    name: str
    community: str
    zone: str
    offset_in_file: Literal["ignored"]
    time_not_existing: Literal["shift_forward"]
    time_existing_twice: Literal["first"]
    key: str = Field(pattern=r"\{unique_key\}")
    blanks: Literal["collapse"]
    columns: SourceColumns
    area_from: tuple[str, ...]
    position_unknown: tuple[float, float]
    channel: Mapping[str, Channel]
    unknown: UnknownRow
    mapping: tuple[MappingEntry, ...]
    reject: tuple[RejectRule, ...] = ()
    flag: tuple[FlagRule, ...] = ()
