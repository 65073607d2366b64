"""Telephone numbers as people write them: mobiles, fixed lines, countries, extensions."""

import re
import unicodedata

FEWEST, MOST = 4, 20
"""Digits of a number, those of its extension apart."""
NUMBER = re.compile(r"(\+?[0-9(][0-9 ()-]*)(?:(?:转|分机|ext\.?|x|#) *[0-9]{1,6})?", re.IGNORECASE)


def is_telephone(said: str) -> bool:
    """Tell whether one number is written here that can be called: `138 0000 1001`, `+86 21 5555 0101`, `…转8001`."""
    found = NUMBER.fullmatch(unicodedata.normalize("NFKC", said).strip())
    return found is not None and FEWEST <= sum(sign.isdigit() for sign in found[1]) <= MOST
