"""Loading a house ledger: read whole, compared, then written in one transaction, or not at all."""

from contextlib import suppress
from pathlib import Path

from domain.settings.community import Community
from domain.settings.house_ledger import Line, Unfit
from records import ledger
from records.ledger import Plan
from records.pool import transaction
from starter.cli.errors import Failure
from starter.desk import Desk, kept
from starter.ledger_rows import read_ledger, write_rejects
from starter.loading import buildings_of, source_of


class LedgerLoad:
    """One load of one community's ledger, and how far it is."""

    def __init__(self, desk: Desk, estate: Community) -> None:
        self.desk, self.estate = desk, estate
        self.lines: tuple[Line, ...] = ()
        self.rejected: tuple[tuple[int, Unfit], ...] = ()
        self.plan = Plan(estate.id, 0)
        self.done = 0  # residents whose keys are there

    async def run(self, path: Path, who: str, *, dry_run: bool) -> None:
        """Load a file; the same one again adds nothing. Raises `Failure` or `Refused` with nothing changed."""
        pool, ring = self.desk.pool, self.desk.ring
        read = read_ledger(path, buildings_of(self.estate))
        self.lines, self.rejected = tuple(read.lines), tuple(read.rejected)
        self.plan = await kept(ledger.compare(pool, ring, self.estate.id, self.lines, dry_run=dry_run))
        if dry_run or self.plan.empty:
            return
        source = source_of(path, who)
        sealed = await kept(ledger.seal(pool, ring, self.plan, self._tell))
        async with transaction(pool) as conn:
            await kept(ledger.write(conn, sealed, source))

    def _tell(self, done: int) -> None:
        self.done = done


def put_aside(path: Path, rejected: tuple[tuple[int, Unfit], ...], lang: str) -> None:
    """Write the rejects whole or not at all; an older file of an earlier load is replaced."""
    if not rejected and not path.exists():
        return
    half = path.with_name(path.name + ".half")
    try:
        with half.open("w", encoding="utf-8-sig", newline="") as stream:  # a spreadsheet takes it for UTF-8 by the mark
            write_rejects(stream, rejected, lang)
        half.replace(path)
    except OSError as error:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        zh = f"台账已载入,但被拒行无法写入文件({error.strerror})。"
        en = f"The ledger is loaded, but the rejects can't be written ({error.strerror})."
        remedy = ("请用 --rejects 换一个位置,再执行一次。", "Name another place with --rejects, and load again.")
        raise Failure("unwritable-file", zh, en, *remedy) from None
