"""Telephone numbers as people write them: mobiles, fixed lines, countries, extensions."""

import re
import unicodedata

DIGITS = re.compile(
    r"""
    1[3-9]\d{9}                  # a mobile
    | 0\d{9,11}                  # a fixed line with its area
    | [2-9]\d{6,7}               # one without
    | [48]00\d{7}                # of a firm
    | \d{4,6}                    # of a service, or within the house
    | 86(?:1[3-9]\d{9}|\d{9,11}) # with the country, its sign left out
    | 1?[2-9]\d{9}               # of North America
    | (?:\+|00)\d{7,15}          # with any country
    """,
    re.VERBOSE,
)
"""The digits of a number, those of its extension apart: one too few or too many is nobody's."""
NUMBER = re.compile(r"(\+?[0-9(][0-9 ()-]*)(?:(?:转|分机|ext\.?|x|#) *[0-9]{1,6})?", re.IGNORECASE)


def is_telephone(said: str) -> bool:
    """Tell whether one number is written here that can be called: `138 0000 1001`, `+86 21 5555 0101`, `…转8001`."""
    found = NUMBER.fullmatch(unicodedata.normalize("NFKC", said).strip())
    return found is not None and DIGITS.fullmatch(re.sub(r"[ ()-]", "", found[1])) is not None
