"""From the text of a settings file to checked settings, or to the full list of what is wrong with it (OPS-06)."""

import tomllib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from domain.settings.community import CommunityFile
from domain.settings.faults import BadCommunity, Fault
from domain.settings.shape import mended, shape_faults
from domain.settings.soundness import faults_of


def parse(text: str) -> CommunityFile:
    """Read the settings from TOML text; raises `tomllib.TOMLDecodeError` or `BadCommunity`."""
    return read(tomllib.loads(text))


def read(document: Mapping[str, Any]) -> CommunityFile:
    """Take a parsed document as settings, or raise `BadCommunity` with every fault of shape and of sense."""
    try:
        file = CommunityFile.model_validate(document)
    except ValidationError as error:
        raise BadCommunity((*shape_faults(error), *faults_behind(document, error))) from None
    faults = faults_of(file)
    if faults:
        raise BadCommunity(faults)
    return file


def faults_behind(document: Mapping[str, Any], error: ValidationError) -> tuple[Fault, ...]:
    """Find the faults of sense behind faults of shape, where those can be set aside."""
    try:
        return faults_of(CommunityFile.model_validate(mended(document, error)))
    except ValidationError:
        return ()
