"""Everything that is wrong with a settings file, at once: what loading refuses, and what contradicts itself."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from domain.settings.community import CommunityFile
from domain.settings.contradictions import contradictions_of
from domain.settings.faults import Fault
from domain.settings.gathering import gathered
from domain.settings.limit_contradictions import counted_contradictions
from domain.settings.reading import faults_behind
from domain.settings.shape import shape_faults
from domain.settings.soundness import faults_of


class Findings(NamedTuple):
    """All that is wrong with a document."""

    refused: tuple[Fault, ...]  # for these it is refused when it is loaded
    contradictions: tuple[Fault, ...]  # it loads with these, and some order will find nobody, or no end
    whole: bool  # False: faults hide whether there is more
    file: CommunityFile | None = None  # the settings, where nothing is refused


def examine(document: Mapping[str, Any]) -> Findings:
    """Look for everything at once: what loading refuses, and what it lets pass though it contradicts itself.

    Contradictions are looked for where every key can be read; those of time where nothing is refused, for only then it
    can be counted.
    """
    try:
        file = CommunityFile.model_validate(document)
    except ValidationError as error:
        return Findings((*shape_faults(error), *faults_behind(document, error)), (), whole=False)
    refused = faults_of(file)
    found = gathered(contradictions_of(file)) if refused else contradictions_in(file)
    return Findings(refused, found, whole=not refused, file=None if refused else file)


def contradictions_in(file: CommunityFile) -> tuple[Fault, ...]:
    """List all that contradicts itself in settings of which nothing is refused, those of one cause as one."""
    return gathered((*contradictions_of(file), *counted_contradictions(file)))
