"""What a case costs on disk: rows and indexes in PostgreSQL, its write-ahead log, and history in Temporal."""

from bench.figures import Figure, middle
from bench.life import STEPS, DoorLife, many
from bench.place import Place
from workflows.contract import workflow_id

SUBJECT = "storage of a case"
WARM = 20
AT_ONCE = 8
TABLES = """
select c.relname as name, pg_total_relation_size(c.oid) as bytes
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname = 'public'
"""
LOG = "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as bytes"


async def measure(place: Place) -> list[Figure]:
    """Live cases by the real door, from reception to close, and see what grew; the sandbox makes no difference here."""
    count = place.size(200, 20)
    life = DoorLife(place.desk)
    async with place.worker(sandbox=False):
        await place.sql("checkpoint")
        await many(lambda _: _lived(life), WARM, AT_ONCE)  # pages touched first after a checkpoint are logged whole
        tables, log = await _tables(place), await _log(place)
        orders = await many(lambda _: _lived(life), count, AT_ONCE)
        grown = {name: size - tables.get(name, 0) for name, size in (await _tables(place)).items()}
        logged = await _log(place) - log
        histories = [await _history(place, order_id) for order_id in orders[:10]]
    figures = [Figure(SUBJECT, "PostgreSQL, tables and indexes", sum(grown.values()) / count / 1024, "KiB")]
    for name, size in sorted(grown.items(), key=lambda pair: -pair[1])[:4]:
        figures.append(Figure(SUBJECT, f"of it `{name}`", size / count / 1024, "KiB"))
    return [
        *figures,
        Figure(SUBJECT, "PostgreSQL, write-ahead log", logged / count / 1024, "KiB"),
        Figure(SUBJECT, "Temporal, history", middle(size for _, size in histories) / 1024, "KiB"),
        Figure(SUBJECT, "Temporal, history", middle(length for length, _ in histories), "events"),
    ]


async def _lived(life: DoorLife) -> str:
    order_id = await life.start()
    for step in range(len(STEPS)):
        await life.give(order_id, step)
    return order_id


async def _tables(place: Place) -> dict[str, int]:
    return {row["name"]: row["bytes"] for row in await place.sql(TABLES)}


async def _log(place: Place) -> int:
    [row] = await place.sql(LOG)
    return int(row["bytes"])


async def _history(place: Place, order_id: str) -> tuple[int, int]:
    """Return events and bytes of an order's history."""
    told = await place.desk.engine.get_workflow_handle(workflow_id(order_id)).describe()
    info = told.raw_description.workflow_execution_info
    return info.history_length, info.history_size_bytes
