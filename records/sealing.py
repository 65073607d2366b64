"""Words on their way into the record: sealed row by row before any statement is sent."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from records.subjects import Subject
from records.vault import open_words, seal_words

TEXTS: Final = "pii_text"
CONTACTS: Final = "pii_contact"


class Reference(NamedTuple):
    """What may leave this room of a text: its row, and the salted digest that proves its words."""

    id: str
    digest: str


class Row(NamedTuple):
    """One sealed row of `pii_text` or `pii_contact`."""

    id: str
    field: str
    sealed: bytes
    digest: str


def seal_all(owner: Subject, words: Mapping[str, str], *, community: str, table: str) -> tuple[Row, ...]:
    """Seal words, named by field, each into a row of its own."""
    return tuple(_seal(owner, field, said, community=community, table=table) for field, said in words.items())


def _seal(owner: Subject, field: str, words: str, *, community: str, table: str) -> Row:
    row_id = f"{'txt' if table == TEXTS else 'con'}_{secrets.token_hex(10)}"
    sealed = seal_words(owner.dek, words, community=community, table=table, row_id=row_id, subject_id=owner.subject_id)
    return Row(row_id, field, sealed.sealed, sealed.digest)


def references(rows: Iterable[Row]) -> dict[str, Reference]:
    """Name the sealed texts by field, as commands and start inputs may hold them."""
    return {row.field: Reference(row.id, row.digest) for row in rows}


def text_arguments(rows: Iterable[Row]) -> dict[str, list[Any]]:
    """Write rows of texts as the arrays that the queries expect."""
    found = list(rows)
    return {
        "text_ids": [row.id for row in found],
        "text_fields": [row.field for row in found],
        "text_seals": [row.sealed for row in found],
        "text_digests": [row.digest for row in found],
    }


def contact_arguments(rows: Iterable[Row]) -> dict[str, list[Any]]:
    """Write rows of contacts as the arrays that the queries expect."""
    found = list(rows)
    return {
        "contact_ids": [row.id for row in found],
        "contact_fields": [row.field for row in found],
        "contact_seals": [row.sealed for row in found],
    }


def unseal(owner: Subject, sealed: bytes, *, community: str, table: str, row_id: str) -> str:
    """Read the words of one row."""
    return open_words(
        owner.dek, sealed, community=community, table=table, row_id=row_id, subject_id=owner.subject_id
    ).words
