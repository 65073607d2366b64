"""What a settings file says about taking matters in: `[intake]` (INT-09, INT-13, INT-18)."""

from pydantic import Field

from domain.settings.arrangements import Written


class IntakeRules(Written):
    """Rules of reception; lengths of time stay text here and are read by `domain.settings.soundness`."""

    back_dating: str = "24h"  # so far the recorder may set `received_at` back (INT-13)
    urge_count: int = Field(3, ge=2)  # the so manieth urge within the window fires level 1 (INT-18)
    urge_window: str = "24h"
    urgent_words: tuple[str, ...] = ()  # words of an owner that make a matter urgent (INT-09)
