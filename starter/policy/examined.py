"""A settings file looked through for everything at once, each finding with its line (`huiyin policy check`)."""

import tomllib
from pathlib import Path
from typing import NamedTuple

from domain.settings.examining import examine
from starter.community_file import Placed, placed_in, syntax, text_of


class Examined(NamedTuple):
    """What is wrong with a settings file, in its order; see `domain.settings.examining.Findings`."""

    refused: tuple[Placed, ...]
    contradictions: tuple[Placed, ...]
    whole: bool


def examined(path: Path) -> Examined:
    """Look a settings file through; raises `BadCommunityFile` when there is no text to look at."""
    text = text_of(path)
    try:
        found = examine(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return Examined((syntax(error),), (), whole=False)
    return Examined(placed_in(text, found.refused), placed_in(text, found.contradictions), found.whole)
