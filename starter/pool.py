"""The pool of a team, out of which its people take orders themselves (抢单, DSP-05), and who may take what (DSP-10)."""

from datetime import datetime, timedelta
from typing import Final

from domain.dispatch.choosing import Proposal
from domain.refusals import Refused
from domain.settings.catalogue import team_of
from domain.settings.staffing import TeamEntry
from domain.timekeeping.limits import seconds
from records import offers
from records.read import OrderRow
from starter.actor import usr
from starter.desk import Desk, kept
from starter.proposal import proposal_for

POOL: Final = "grab_pool"
TEN_MINUTES: Final = "10m"


def is_pool(team: TeamEntry) -> bool:
    """Tell whether the people of a team take their orders themselves."""
    return team.dispatch_mode == POOL


def patience(team: TeamEntry) -> timedelta:
    """Return how long an order waits in a pool before an operator assigns it."""
    return timedelta(seconds=seconds(team.grab_timeout or TEN_MINUTES))


def pool_categories(desk: Desk) -> list[str]:
    """Name the categories that go to a pool anywhere."""
    pools = {one.id for one in desk.settings.team if is_pool(one)}
    instead = {
        own for estate in desk.settings.community for own, other in estate.instead.teams.items() if other in pools
    }
    return [one.code for one in desk.settings.category if one.team in pools | instead]


def check_pool(team: TeamEntry, order_id: str, since: datetime | None, at: datetime) -> None:
    """Refuse to let the house choose while the people of a pool may still take an order themselves."""
    if is_pool(team) and since is not None and at < since + patience(team):
        minutes = patience(team) // timedelta(minutes=1)
        raise Refused("in-pool", team=team.id, minutes=minutes, order=order_id.removeprefix("wo_"), command="dispatch")


async def grabbed_for(desk: Desk, row: OrderRow, staff: str, at: datetime) -> str:
    """Return the team for which somebody may take an order: of a pool he is in, or that it was offered to him for.

    Refuses with `not-in-pool`; whether somebody was faster the order itself says.
    """
    team = team_of(desk.settings, row.category, row.community)
    why = "no_pool"
    if not is_pool(desk.settings.teams[team]):
        had = await kept(offers.team_for(desk.pool, row.order_id, row.generation, usr(staff)))
        team = had or ""
    if team:
        proposal = await kept(proposal_for(desk, row, at, team))
        if staff in {one.staff for one in proposal.candidates}:
            return team
        why = _why(proposal, staff)
    raise Refused("not-in-pool", why=why, order=row.order_id.removeprefix("wo_"), command="grab")


def _why(proposal: Proposal, staff: str) -> str:
    return next((str(one.why) for one in proposal.excluded if one.staff == staff), "not_of_team")
