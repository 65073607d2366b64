"""`huiyin policy`: settings tried on past orders before they are in force, and the house's own past to try them on."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from starter.cli import input as cli_input
from starter.cli.errors import Failure
from starter.cli.options import CommunityId, Json, Lang, argument, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen, styled
from starter.words.system import reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from domain.simulation.past_orders import PastOrder
    from starter.desk import Desk

EXAMPLE: Final = "huiyin policy simulate new.toml --orders past.csv"
EXPORT: Final = "huiyin policy orders --out past.csv"
STEP: Final = 100
"""Orders between two signs of progress."""
PAGE: Final = 500
"""Orders read from the record at once."""


def simulate(
    file: Annotated[str, argument("FILE", "要试算的小区配置(TOML)", "The settings to try (TOML).")],
    orders: Annotated[
        Text,
        option("--orders", "CSV", "往日工单;各列见 docs/policies.md", "Past orders; columns: docs/policies.md."),
    ] = None,
    acknowledged: Annotated[
        bool,
        option(
            "--acknowledged/--nobody-acknowledges",
            None,
            "各级按时确认 或 无人确认",
            "Each level acknowledged in time, or none.",
        ),
    ] = True,
    against: Annotated[Text, option("--against", "FILE", "与另一份配置对照", "Compare with these settings.")] = None,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Hold past orders to the terms of a settings file; count what would have been late, and whom it would disturb."""
    screen = Screen.of(lang, json_wanted=json)
    cli_input.required(orders, "--orders", EXAMPLE)
    from domain.simulation.past_terms import Shelf  # noqa: PLC0415 - help needs none of it
    from domain.simulation.simulating import simulate  # noqa: PLC0415 - help needs none of it
    from starter.cli.policy_table import Side, show  # noqa: PLC0415 - the same
    from starter.community_file import load  # noqa: PLC0415 - the same
    from starter.past_orders import Settings, read_past_orders  # noqa: PLC0415 - the same

    files = [(name, load(Path(name))) for name in (file, against) if name is not None]
    tried = [Settings(name, settings, Shelf(settings)) for name, settings in files]
    past = read_past_orders(Path(orders or ""), tried)
    with _progress(screen, len(past) * len(tried)) as passed:
        found = [simulate(one.shelf, _counted(past, passed), acknowledged=acknowledged) for one in tried]
    sides = [Side(one.name, one.file.version, of) for one, of in zip(tried, found, strict=True)]
    show(screen, sides, acknowledged=acknowledged)
    return 0


@contextmanager
def _progress(screen: Screen, count: int) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how far it is, beside the result."""
    if screen.json or not screen.aside.is_terminal:
        yield lambda _many: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 - rich is slow

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=screen.aside, transient=True) as progress:
        task = progress.add_task(screen.t("试算", "Simulating"), total=count)
        yield lambda many: progress.advance(task, many)


def _counted(orders: "Iterable[PastOrder]", passed: Callable[[int], None]) -> "Iterator[PastOrder]":
    """Yield orders and say after every hundred how far it is."""
    for number, order in enumerate(orders, start=1):
        yield order
        if number % STEP == 0:
            passed(STEP)


def export(
    out: Annotated[Text, option("--out", "FILE", "写入何处(CSV)", "Where to write them (CSV).")] = None,
    community: CommunityId = None,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Write the orders of this house as past orders: classes and instants, no personal data."""
    screen = Screen.of(lang, json_wanted=json)
    cli_input.required(out, "--out", EXPORT)
    return asyncio.run(_export(screen, Path(out or ""), community))


async def _export(screen: Screen, out: Path, community: str | None) -> int:
    from starter.cli import door  # noqa: PLC0415 - help needs none of it

    async with door.opened() as desk:
        communities = list(desk.settings.communities)
        if community is not None and community not in communities:
            raise door.no_such("unknown-community", "没有这个小区。", "There is no such community.", communities)
        wanted = communities if community is None else [community]
        many = await _written(desk, out, wanted)
    screen.document({"orders": many, "file": str(out)})
    screen.show(styled(screen.t(f"✓ 已写入 {out}({many} 张工单)", f"✓ {many} orders written to {out}")))
    return 0


async def _written(desk: "Desk", out: Path, communities: list[str]) -> int:
    """Write the file whole or not at all; answer how many orders it holds."""
    from starter.past_export import write_header, write_past_orders  # noqa: PLC0415 - help needs none of it

    half, many = out.with_name(out.name + ".half"), 0
    try:
        with half.open("w", encoding="utf-8", newline="") as stream:
            write_header(stream)
            async for orders in _pages(desk, communities):
                write_past_orders(stream, orders)
                many += len(orders)
        half.replace(out)
    except OSError as error:
        why = reason(error)
        zh, en = f"无法写入文件({why.zh})。", f"The file can't be written ({why.en})."
        raise Failure("unwritable-file", zh, en, "请用 --out 换一个位置。", "Name another place with --out.") from None
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
    return many


async def _pages(desk: "Desk", communities: list[str]) -> "AsyncIterator[list[PastOrder]]":
    """Read the record page by page; what is still open is known up to the record's own time."""
    from domain.simulation.past_orders import TOLD_TYPES  # noqa: PLC0415 - help needs none of it
    from records import past  # noqa: PLC0415 - the same
    from starter.desk import house_time, kept  # noqa: PLC0415 - the same
    from starter.past_export import past_orders_of  # noqa: PLC0415 - the same

    now, after = await house_time(desk), ""
    while page := await kept(past.page(desk.pool, communities, TOLD_TYPES, after=after, size=PAGE)):
        if not page.orders:
            return
        yield past_orders_of(page, now)
        after = page.orders[-1].order_id
