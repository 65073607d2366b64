"""The way from the command line to a desk: where the servers are, who acts, which order and community are meant."""

import os
import re
import signal
import unicodedata
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from domain.dispatch.roster import roles_of, roster_of
from domain.refusals import Refused
from domain.settings.community import CommunityFile
from domain.vocabulary import Role
from starter.actor import SELF, Actor, staff_id, usr
from starter.cli.errors import Failure, not_running, short, usage
from starter.cli.screen import Screen, styled

if TYPE_CHECKING:
    from records.read import OrderFile
    from starter.desk import Desk
    from starter.opening import DoorSettings

OWNER = frozenset({"owner", "业主"})
ORDER = re.compile(r"(?:wo_)?([0-9]{1,18})")


def now() -> datetime:
    """Return the instant at which a command was typed."""
    return datetime.now(UTC)


def data_folder() -> Path:
    """Return the data folder of this installation."""
    from stack.folder import default_data  # noqa: PLC0415 - help needs none of the stack

    return default_data(os.environ)


def settings_of(data: Path | None = None) -> "DoorSettings":
    """Read HUIYIN_* and `.env`; addresses that are not told are those of the ground that runs here."""
    from stack.folder import read_ground  # noqa: PLC0415 - help needs none of the stack
    from starter.opening import DoorSettings  # noqa: PLC0415 - brings the engine's SDK with it

    told = DoorSettings()
    folder = (data or (told.data if "data" in told.model_fields_set else data_folder())).expanduser()
    ground = read_ground(folder)
    found: dict[str, object] = {"data": folder}
    if ground is not None:
        there = {"database_url": ground.dsn, "temporal_address": ground.temporal_address}
        missing = {name: value for name, value in there.items() if getattr(told, name) is None}
        named = {"temporal_namespace": ground.namespace} if "temporal_address" in missing else {}
        found |= missing | named
    return told.model_copy(update=found)


def running() -> "DoorSettings":
    """Return the settings of a ground that runs; exit code 3 and `huiyin up` when none does."""
    settings = settings_of()
    if settings.database_url is None:
        raise not_running()
    return settings


@asynccontextmanager
async def opened(*, pool_size: int | None = None) -> AsyncIterator["Desk"]:
    """Open a desk for the length of a block; exit code 3 and `huiyin up` when nothing runs."""
    from starter.opening import open_desk  # noqa: PLC0415 - brings the engine's SDK with it

    settings = running()
    async with open_desk(settings.model_copy(update={"pool_size": pool_size or settings.pool_size})) as desk:
        yield desk


def plain(typed: str) -> str:
    """Return what was typed with an input method's wide letters and digits as plain ones."""
    return unicodedata.normalize("NFKC", typed).strip()


def order_id(typed: str) -> str:
    """Return the id of an order from what was typed: `10000001` or `wo_10000001`."""
    found = ORDER.fullmatch(plain(typed))
    if found is None:
        raise Refused("not-found", order=short(typed))
    return f"wo_{found[1]}"


async def order_file(desk: "Desk", order: str, communities: Sequence[str] | None = None) -> "OrderFile":
    """Read an order; refuses with `not-found` also when it belongs to other communities than these."""
    from records import read as reading  # noqa: PLC0415 - help needs none of it
    from records.errors import RecordsAway, RecordsRefused  # noqa: PLC0415 - the same

    try:
        return await reading.order(desk.pool, order, list(communities or desk.settings.communities))
    except RecordsAway:
        raise Refused("records-away") from None
    except RecordsRefused as refusal:
        raise Refused(refusal.code, order=order) from None


async def write_refusal(desk: "Desk", actor: Actor, what: str, order: str, code: str) -> None:
    """Write down what was refused before the order's own door could (SEC-01, privacy_audit B1)."""
    from records import audit as chains  # noqa: PLC0415 - help needs none of it

    at, firm = now(), desk.settings.firm.id
    told = {"role": actor.roles[0].value, "channel": "cli", "cause": "command"}
    fact = chains.Fact("action.refused", at, actor.id, {**told, "command": what, "order": order, "code": code})
    await chains.append(desk.pool, chains.chain_of(chains.REFUSALS, firm, at), fact)


def number(order: str) -> str:
    """Return an order's number as operators say it."""
    return order.removeprefix("wo_")


# ---- who


def asked_staff(said: str | None, screen: Screen) -> str:
    """Return who acts: as typed, else HUIYIN_STAFF, else asked for."""
    who = said or os.environ.get("HUIYIN_STAFF") or ""
    if not who.strip() and screen.asks:
        who = ask(screen, "您的员工编号(例如 S06)", "Your staff id (for example S06)")
    if not who.strip():
        raise usage(
            "staff-missing",
            "缺少操作人。",
            "It is not said who acts.",
            "请加 --as 员工编号(例如 --as S06),或设置 HUIYIN_STAFF。",
            "Add --as with a staff id (--as S06), or set HUIYIN_STAFF.",
        )
    return who.strip()


def actor_of(who: str, file: CommunityFile, owner: str = SELF) -> Actor:
    """Return the person who acts, with the roles the roster gives him; refuses with `unknown-staff`."""
    if who in OWNER:
        return Actor(owner, (Role.RESIDENT,))
    staff = member(who, file)
    return Actor(usr(staff), roles_of(staff, roster_of(file)))


def member(typed: str, file: CommunityFile) -> str:
    """Return the roster's id of a member of staff: S09, s09 and usr_S09 are the same."""
    staff = staff_id(plain(typed))
    known = next((one for one in file.members if one.lower() == staff.lower()), None)
    if known is None:
        raise Refused("unknown-staff", staff=short(staff))
    return known


def communities_of(actor: Actor, file: CommunityFile) -> Sequence[str]:
    """Return the communities a person serves; the owner's own order tells his (SEC-02)."""
    if not actor.id.startswith("usr_"):
        return list(file.communities)
    return file.members[staff_id(actor.id)].communities


def zone_of(file: CommunityFile, community: str) -> ZoneInfo:
    """Return the zone in which a community reads its clocks."""
    estate = file.communities.get(community)
    return ZoneInfo(estate.zone if estate else file.firm.default_zone)


# ---- questions at a terminal


def ask(screen: Screen, zh: str, en: str, default: str = "", choices: Sequence[str] = ()) -> str:
    """Ask one question; Enter keeps the default, Tab completes one of the choices."""
    shown = f" [{default}]" if default else ""
    completing(choices)
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # asyncio's own waits for a loop that waits for us
    try:
        return input(f"{screen.t(zh, en)}{shown}{screen.t(':', ': ')}").strip() or default  # Tab redraws it whole
    except EOFError:  # Ctrl-D: nobody answers any more
        raise KeyboardInterrupt from None
    finally:
        signal.signal(signal.SIGINT, before)


def completing(choices: Sequence[str]) -> None:
    """Let Tab complete what is typed next to one of these, however it is cased; none ends that."""
    try:
        import readline  # noqa: PLC0415 - not everywhere, and only questions need it
    except ImportError:
        return

    def match(typed: str, number: int) -> str | None:
        fitting = [one for one in choices if one.lower().startswith(typed.lower())]
        return fitting[number] if number < len(fitting) else None

    readline.set_completer(match)
    readline.set_completer_delims("")
    other = "libedit" in (readline.__doc__ or "")  # the same library by another hand, with its own words
    readline.parse_and_bind("bind ^I rl_complete" if other else "tab: complete")


def pick(screen: Screen, zh: str, en: str, choices: dict[str, str], default: str | None = None) -> str | None:
    """Let somebody choose by number, code or name, again until it is one of them; Enter keeps the default."""
    from rich.columns import Columns  # noqa: PLC0415 - rich is slow to import

    codes = list(choices)
    shown = [f"{place:>2} {code} {choices[code]}" for place, code in enumerate(codes, start=1)]
    screen.show(Columns([styled(line, "dim") for line in shown], padding=(0, 2), column_first=True))
    proposal = f"{choices[default]} {default}" if default else ""
    while said := ask(
        screen, f"{zh}(编号、代码或名称)", f"{en} (number, code or name)", proposal, (*codes, *choices.values())
    ):
        if default and said == proposal:
            return default
        if said.isdecimal() and 0 < int(said) <= len(codes):
            return codes[int(said) - 1]
        found = next((code for code in codes if said.lower() in {code.lower(), choices[code].lower()}), None)
        if found is not None:
            return found
        screen.show(styled(screen.t(f"没有「{short(said)}」这一项。", f"There is no {short(said)}."), "yellow"))
    return None


def no_such(code: str, zh: str, en: str, allowed: Sequence[str]) -> Failure:
    """Refuse a name that the settings do not know."""
    named = ", ".join(allowed)
    return Failure(code, zh, en, f"可选:{named}。", f"Known: {named}.", facts={"allowed": named})
