"""Photos and recordings without what devices write into them: where, when, by which camera (INT-19).

What can't be cleaned for certain is refused, so the known types are few: JPEG, PNG, WebP; MP3, M4A, WAV, AMR.
"""

import warnings
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from starter.stripping_sound import stripped_sound

PHOTOS = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
READ = ("JPEG", "PNG", "WEBP")
"""What is opened; a JPEG of several pictures then calls itself MPO, and its first one is kept."""
MOST_PIXELS = 120_000_000
"""Of a picture: above what telephones make, below what fills the memory."""
ORIENTATION = 0x0112
NEEDED = ("icc_profile", "transparency")
"""All that is kept beside the pixels: without it colours and clear places would change."""


class Stripped(NamedTuple):
    """A file of a known type that tells nothing beside what is seen or heard in it."""

    media_type: str
    content: bytes


def stripped(content: bytes) -> Stripped | None:
    """Return a file without what was written beside its picture or sound; None for any other type, or a damaged one."""
    sound = stripped_sound(content)
    return Stripped(*sound) if sound else _photo(content)


def _photo(content: bytes) -> Stripped | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is asked below
        try:
            with Image.open(BytesIO(content), formats=READ) as image:
                if image.width * image.height > MOST_PIXELS:
                    return None
                return Stripped(PHOTOS[str(image.format)], _redrawn(image))
        except (UnidentifiedImageError, Image.DecompressionBombError):
            return None
        except (OSError, ValueError, SyntaxError, EOFError):  # Pillow's words for a damaged file
            return None


def _redrawn(image: Image.Image) -> bytes:
    """Write the picture anew, turned as it was held; a JPEG that lies right keeps its quality to the bit."""
    image.load()
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    turned = image.getexif().get(ORIENTATION, 1) != 1
    upright = ImageOps.exif_transpose(image) if turned else image
    upright.info = {name: value for name, value in image.info.items() if name in NEEDED}
    how = {"quality": "keep" if image.format == "JPEG" and not turned else 95} if kind == "JPEG" else {}
    more = {"lossless": True} if kind == "WEBP" and upright.mode in {"RGBA", "P"} else how
    written = BytesIO()
    upright.save(written, format=kind, icc_profile=upright.info.get("icc_profile"), **more)
    return written.getvalue()
