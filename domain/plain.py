"""What somebody typed, as it is searched for words of the settings: one width, one case, no word pulled apart."""

import re
import unicodedata
from typing import Final

HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CLAUSE_ENDS: Final = ",;:!?。、\n"
"""Marks, after NFKC, behind which another clause begins: 水管在漏,电工没来 names no 漏电."""
PULLED_APART: Final = re.compile(f"(?<=[{HAN}])[\\W_]+(?=[{HAN}])")
WITHIN_A_CLAUSE: Final = re.compile(f"(?<=[{HAN}])(?:[^\\w{CLAUSE_ENDS}]|_)+(?=[{HAN}])")


def plain(text: str, *, clauses: bool = False) -> str:
    """Return a text in one width and case, without blanks and punctuation between two Chinese signs.

    `clauses`: marks that end a clause stay, so that the end of one and the beginning of the next make no word.
    """
    even = unicodedata.normalize("NFKC", text).casefold()
    return (WITHIN_A_CLAUSE if clauses else PULLED_APART).sub("", even)
