"""An import on its way: rows read as they come, a few taken in at once, each of them an order or a named reject."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from domain.refusals import Refused
from domain.vocabulary import Role
from records.read import order_of_external
from starter.actor import Actor
from starter.cli import door
from starter.cli.errors import INTERRUPTED, Failure, short, usage
from starter.cli.telling import refused
from starter.client import receive_matter, weighed
from starter.importing import Reject, UnreadableImport, read_rows, write_reject, write_reject_header
from starter.intake import IntakeForm
from starter.words.system import reason

if TYPE_CHECKING:
    from starter.desk import Desk

AT_ONCE: Final = 8
"""So many rows are on their way at the same time; more only wait for the disk."""
STOPS: Final = frozenset({"records-away", "key-file-exposed", "key-file-unreadable", "kek-unknown"})
"""Refusals that say nothing about a row: the import ends, and the same command goes on where it stopped."""
IMPORTER: Final = Actor("system", (Role.INTEGRATION,))
"""Always the same one: keys belong to persons, and a second import may be somebody else's."""


class Import:
    """One import on its way: rows are read as they come, a few are taken in at once."""

    def __init__(self, desk: "Desk", source: Path, *, dry_run: bool) -> None:
        self.desk, self.source, self.dry_run = desk, source, dry_run
        self.new = self.repeated = self.unstarted = 0
        self.rejected: list[Reject] = []
        self.stopped: Exception | None = None
        self.under_way: set[asyncio.Task[None]] = set()

    @property
    def rows(self) -> int:
        """Rows that are done with."""
        return self.new + self.repeated + len(self.rejected)

    async def run(self) -> int:
        """Take every row in; Ctrl-C lets those under way finish."""
        try:
            await self._feed()
        except asyncio.CancelledError:
            await asyncio.gather(*self.under_way, return_exceptions=True)
            return INTERRUPTED
        if self.stopped is not None:
            raise self.stopped
        return 0

    async def _feed(self) -> None:
        gate = asyncio.Semaphore(AT_ONCE)
        for row in rows_of(self.source, self.desk):
            if isinstance(row, Reject):
                self.rejected.append(row)
                continue
            await gate.acquire()
            if self.stopped is not None:
                break
            task = asyncio.create_task(self._one(row, gate))
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)
        await asyncio.gather(*self.under_way)

    async def _one(self, form: IntakeForm, gate: asyncio.Semaphore) -> None:
        try:
            await (self._look(form) if self.dry_run else self._take(form))
        except Refused as refusal:
            if refusal.code in STOPS:
                self.stopped = self.stopped or refusal
            else:
                self.rejected.append(reject_of(form, refusal))
        except Exception as error:  # noqa: BLE001 - it ends the import, in `run`
            self.stopped = self.stopped or error
        finally:
            gate.release()

    async def _take(self, form: IntakeForm) -> None:
        receipt = await receive_matter(self.desk, form, IMPORTER)
        self._count(repeated=receipt.repeated)
        self.unstarted += not receipt.started

    async def _look(self, form: IntakeForm) -> None:
        """Check a row as taking it in would."""
        weighed(self.desk.settings, form, IMPORTER, door.now())
        known = form.external_id and await order_of_external(self.desk.pool, form.community, form.external_id)
        self._count(repeated=known is not None)

    def _count(self, *, repeated: bool) -> None:
        self.repeated += repeated
        self.new += not repeated


def rows_of(source: Path, desk: "Desk") -> Iterator[IntakeForm | Reject]:
    """Read the rows; a file that is no import at all ends with exit code 2."""
    try:
        yield from read_rows(source, desk.settings, door.now())
    except UnreadableImport as error:
        remedy = ("请核对文件与小区配置中的 [import]。", "Check the file and [import] in the settings.")
        raise usage(
            f"import-{error.code.replace('_', '-')}", f"无法导入:{error.zh}。", f"No import: {error.en}.", *remedy
        ) from None


def reject_of(form: IntakeForm, refusal: Refused) -> Reject:
    """Name the row that the door refused."""
    told = refused(refusal.code, refusal.facts)
    return Reject(0, "", refusal.code, told.zh, told.en, short(form.external_id or ""))


def write_rejects(path: Path, rejected: list[Reject]) -> None:
    """Write the rejects whole or not at all, in the order of the file."""
    if not rejected and not path.exists():
        return
    half = path.with_name(path.name + ".half")
    try:
        with half.open("w", encoding="utf-8", newline="") as stream:
            write_reject_header(stream)
            for one in sorted(rejected):
                write_reject(stream, one)
        half.replace(path)
    except OSError as error:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        why = reason(error)
        zh, en = f"被拒行无法写入文件({why.zh})。", f"The rejects can't be written ({why.en})."
        raise Failure(
            "unwritable-file", zh, en, "请用 --rejects 换一个位置。", "Name another place with --rejects."
        ) from None
