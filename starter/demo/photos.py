"""Photos of invented work, drawn when they are wanted: one from before it, one from after it (HND-02)."""

from functools import cache
from io import BytesIO


@cache
def drawn(colour: str) -> bytes:
    """Return a small photo of one colour."""
    from PIL import Image  # noqa: PLC0415 - wanted by the demonstration alone

    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()


def before_and_after() -> dict[str, tuple[bytes, ...]]:
    """Return both, as a completion says them."""
    return {"before": (drawn("saddlebrown"),), "after": (drawn("white"),)}
