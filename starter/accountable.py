"""Who answers for a duty now: the role its clock names, looked up in the roster for this very order (ESC-11)."""

from collections.abc import Iterable
from datetime import datetime

from domain.dispatch.roster import Asked, Person, roster_of, search
from domain.settings.community import CommunityFile
from domain.vocabulary import Role
from starter.actor import staff_id


class Accountable:
    """Answers for one instant; equal questions are asked of the roster once."""

    def __init__(self, file: CommunityFile, at: datetime) -> None:
        self.roster, self.at = roster_of(file), at
        self.found: dict[tuple[Role, Asked], tuple[Person, ...]] = {}

    def persons(
        self,
        role: str,
        community: str,
        *,
        team: str | None,
        first_contact: str | None,
        assignee: str | None,
        complained_of: Iterable[str],
    ) -> tuple[Person, ...]:
        """Return who answers, those on duty first; a deputy when nobody holds the role, nobody when no deputy does.

        Never whom the matter is about, whatever they hold (DSP-13).
        """
        first, holder = (one and staff_id(one) for one in (first_contact, assignee))
        asked = Asked(community, team, first, holder, self.at, frozenset(map(staff_id, complained_of)))
        question = (Role(role), asked)
        if question not in self.found:
            self.found[question] = search(*question, self.roster).persons
        return self.found[question]
