"""What the commands of reception say beyond their envelope (glossary, section 4)."""

from typing import Literal

from domain.payload import Payload, Words
from domain.vocabulary import Channel

Skipped = Literal["safety", "unreachable"]
"""Why a demand may be dispatched before it was restated (INT-07)."""
Granted = Literal["yes", "no", "partly"]
"""Whether the owner got the remedy that he asked for (INT-08)."""


class Clarify(Payload):
    """The demand was restated and the reporter said yes; or that was skipped, for a cause and a reason (INT-07).

    Either `words`, the demand as it was restated, or `skipped` with `reason`. The envelope's `stated_at` is when he
    said yes.
    """

    words: Words | None = None
    by: Channel | None = None  # the way by which he said yes
    skipped: Skipped | None = None
    reason: Words | None = None
