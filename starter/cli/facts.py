"""A row of the list as a program gets it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from records.read import OrderRow

SHOWN = (
    *("community", "stage", "version", "generation", "kind", "category", "severity", "channel", "building"),
    *(
        "received_at",
        "first_contact",
        "team",
        "assignee",
        "receiver",
        "next_due_clock",
        "next_due_at",
        "breaches",
        "level",
        "urges",
    ),
    "duties",
    "special",
    *(
        "incident",
        "merged_into",
        "repeat_of",
        "closed_at",
        "close_reason",
        "external_id",
        "external_created_at",
        "flags",
    ),
)
"""Columns of a row that a program gets."""


def row_facts(row: "OrderRow") -> dict[str, Any]:
    """Return a row as a program gets it, in codes."""
    return {"order": row.order_id, "started": row.seq > 0, **{name: getattr(row, name) for name in SHOWN}}
