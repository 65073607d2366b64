"""Words within what a command says: taken out at the door, put back as references once they are sealed."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from domain.payloads import Payload, Words

UNSAID = {"id": "txt", "digest": ""}
"""Stands where words belong until they are sealed."""


def taken_out(kind: type[Payload], said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what is said without its words, and the words by their place: `reason`, `materials.0.words`."""
    form, texts = copy.deepcopy(dict(said)), {}
    for place, holder, name in list(_places(kind, form, "")):
        texts[place] = str(holder[name])
        holder[name] = dict(UNSAID)
    return form, texts


def put_back(said: Mapping[str, Any], words: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what is said with references in the places of its words."""
    form: dict[str, Any] = copy.deepcopy(dict(said))
    for place, reference in words.items():
        *way, name = place.split(".")
        holder: Any = form
        for part in way:
            holder = holder[int(part) if isinstance(holder, list) else part]
        holder[name] = dict(reference)
    return form


def _places(kind: type[Payload], said: dict[str, Any], above: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield each place of words that were said: its name, and where it stands."""
    for name, info in kind.model_fields.items():
        value = said.get(name)
        if value is None:
            continue
        parts = get_args(info.annotation)
        if Words in (info.annotation, *parts):
            yield f"{above}{name}", said, name
        elif parts and _is_payload(parts[0]) and isinstance(value, list):
            for number, item in enumerate(value):
                if isinstance(item, dict):
                    yield from _places(parts[0], item, f"{above}{name}.{number}.")


def _is_payload(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Payload)
