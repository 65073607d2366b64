"""How names and numbers of persons are compared and how they are shown."""

import re
import unicodedata
from typing import Final

_MOBILE: Final = re.compile(r"1\d{10}")
_SERVICE: Final = re.compile(r"[48]00\d{7}")
_SHORT: Final = 7
MASKED: Final = "•••"


def normalise_phone(written: str) -> str:
    """Return one form for all spellings of a number: digits, `+` kept for countries other than China."""
    plain = unicodedata.normalize("NFKC", written).strip()
    digits = re.sub(r"\D", "", plain)
    if plain.startswith("+"):
        return _at_home(digits)
    if digits.startswith("00"):
        return _at_home(digits[2:])
    return digits[2:] if re.fullmatch(r"861\d{10}", digits) else digits


def _at_home(international: str) -> str:
    """Drop China's 86; a fixed line gets back the 0 of its area code."""
    if not international.startswith("86"):
        return f"+{international}"
    number = international[2:]
    direct = _MOBILE.fullmatch(number) or _SERVICE.fullmatch(number) or number.startswith("0")
    return number if direct else f"0{number}"


def mask_phone(number: str) -> str:
    """Show 138****5678; of a short number only the last two digits."""
    plain = normalise_phone(number)
    return f"{plain[:3]}****{plain[-4:]}" if len(plain) > _SHORT else f"****{plain[-2:]}"


def mask_name(name: str) -> str:
    """Show the first character and two stars, whatever the length: 王**."""
    return f"{name.strip()[:1]}**"


def mask_contact(field: str, words: str | None) -> str | None:
    """Mask a contact: 王**, 138****5678, the building of a room, nothing of an address (SEC-03)."""
    if words is None:
        return None
    match field:
        case "name":
            return mask_name(words)
        case "phone":
            return mask_phone(words)
        case "room":
            return f"{words.split('-')[0]}-•••" if "-" in words else MASKED
    return MASKED
