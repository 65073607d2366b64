"""Photos of invented work, drawn when they are wanted: one from before it, one from after it (HND-02)."""

from io import BytesIO
from itertools import count

NUMBER = count()
"""Of all photos that are drawn: no two are alike, for work that is done again is shown by new ones."""


def drawn(red: int) -> bytes:
    """Return a small photo of one colour that no other has."""
    from PIL import Image  # noqa: PLC0415 - wanted by the demonstration alone

    out = BytesIO()
    Image.new("RGB", (64, 48), (red, *divmod(next(NUMBER) % 65536, 256))).save(out, "PNG")
    return out.getvalue()


def before_and_after() -> dict[str, tuple[bytes, ...]]:
    """Return both, as a completion says them."""
    return {"before": (drawn(80),), "after": (drawn(240),)}
