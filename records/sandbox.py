"""The sandbox channel: a folder with a file for each message, for tests and trials (API-09)."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write(folder: Path, told: Mapping[str, Any]) -> None:
    """Write one message whole or not at all, named by its id, so that a repeat overwrites its like."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{told['id']}.json"
    half = place.with_suffix(f".{os.getpid()}.half")
    half.write_text(json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    half.replace(place)
