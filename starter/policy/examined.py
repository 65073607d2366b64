"""A settings file looked through for everything at once, each finding with its line (`huiyin policy check`)."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from domain.settings.community import CommunityFile
from domain.settings.examining import contradictions_in, examine
from starter.community_file import Placed, lapses, placed, placed_in, syntax, text_of


class Examined(NamedTuple):
    """What is wrong with a settings file, in its order; see `domain.settings.examining.Findings`."""

    refused: tuple[Placed, ...]
    contradictions: tuple[Placed, ...]
    whole: bool
    lapses: tuple[Placed, ...]  # of a file that loads: holiday data that end soon (CAL-11)


def examined(path: Path, at: datetime) -> Examined:
    """Look a settings file through at an instant; raises `BadCommunityFile` when there is no text to look at."""
    text = text_of(path)
    try:
        found = examine(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return Examined((syntax(error),), (), whole=False, lapses=())
    soon = lapses(path, found.file, at) if found.file else ()
    return Examined(placed_in(text, found.refused), placed_in(text, found.contradictions), found.whole, soon)


def examined_sound(path: Path, file: CommunityFile, at: datetime) -> Examined:
    """Look for what a file that was just read loads with: contradictions, and holiday data that end soon."""
    return Examined((), placed(path, contradictions_in(file)), whole=True, lapses=lapses(path, file, at))
