"""`huiyin attachments`: the photos and recordings of an order, and one of them as a file (INT-19)."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from starter.cli.errors import Failure, short, usage
from starter.cli.options import Json, Lang, Order, Who, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen, styled
from starter.cli.times import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.attachments import Kept
    from records.read import OrderFile
    from starter.actor import Actor
    from starter.desk import Desk

EXAMPLE = "huiyin attachments 10000001 --save 3fa9 --to 水渍.jpg --as S09"
MEGABYTE = 1_000_000
BRIEF = 12
"""So many signs of a digest are shown; the first few are enough to name one."""


def attachments(
    order: Order,
    save: Annotated[Text, option("--save", "DIGEST", "导出哪一个(摘要的开头)", "Which one, by how it begins.")] = None,
    to: Annotated[Text, option("--to", "FILE", "写入哪个新文件", "The new file to write it to.")] = None,
    who: Who = None,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """List the attachments of an order, or write one to a file; that reading is on record."""
    screen = Screen.of(lang, json_wanted=json)
    if (save is None) != (to is None):
        zh, en = "--save 与 --to 须一起使用。", "--save and --to go together."
        raise usage("usage", zh, en, f"例如:{EXAMPLE}", f"For example: {EXAMPLE}")
    return asyncio.run(_attachments(screen, order, save, to, who))


async def _attachments(screen: Screen, typed: str, save: str | None, to: str | None, who: str | None) -> int:
    from records import attachments as kept_files  # noqa: PLC0415 - help needs none of it
    from starter.cli import door  # noqa: PLC0415 - the same
    from starter.desk import kept  # noqa: PLC0415 - the same

    async with door.opened() as desk:
        order = door.order_id(typed)
        reader = door.actor_of(door.asked_staff(who, screen), desk.settings) if save is not None else None
        communities = list(door.communities_of(reader, desk.settings)) if reader else None
        file = await door.order_file(desk, order, communities)
        found = await kept(kept_files.listed(desk.pool, order))
        if reader is None or save is None or to is None:
            return _list(screen, desk, file, found)
        one = _meant(found, save)
        content = await _open(desk, file, reader, one)
    _write(Path(to), content)
    screen.document({"order": order, "digest": one.digest, "file": to, "size": one.size})
    screen.note(f"✓ 已导出到 {to};这次查阅已留痕", f"✓ written to {to}; this reading is on record")
    return 0


def _list(screen: Screen, desk: "Desk", file: "OrderFile", found: "Sequence[Kept]") -> int:
    from starter.cli import door  # noqa: PLC0415 - help needs none of it
    from starter.cli.page import grid_of  # noqa: PLC0415 - the same
    from starter.telling.handling import uses_of  # noqa: PLC0415 - the same

    uses = uses_of(file.events, screen.lang)
    screen.document({"order": file.row.order_id, "attachments": [{**one._asdict()} for one in found]})
    if screen.json:
        return 0
    if not found:
        screen.show(styled(screen.t("没有附件。", "No attachments.")))
        return 0
    zone, now, grid = door.zone_of(desk.settings, file.row.community), door.now(), grid_of(5)
    for one in found:
        at = shown(one.created_at, zone, now, screen.lang)
        parts = (one.digest[:BRIEF], one.media_type, size(one.size), at, uses.get(one.digest, ""))
        grid.add_row(*map(styled, parts))
    screen.show(grid)
    return 0


def size(count: int) -> str:
    """Say how large a file is."""
    return f"{count / MEGABYTE:.1f} MB" if count >= MEGABYTE else f"{max(count // 1000, 1)} kB"


def _meant(found: "Sequence[Kept]", typed: str) -> "Kept":
    """Return the only attachment whose digest begins like this."""
    fitting = [one for one in found if one.digest.startswith(typed.strip().lower())]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(one.digest[:BRIEF] for one in found) or "-"
    zh, en = f"没有唯一以「{short(typed)}」开头的附件。", f"Not exactly one attachment begins with {short(typed)}."
    raise usage("unknown-choice", zh, en, f"可选:{known}。", f"Choose from: {known}.", option="--save", allowed=known)


async def _open(desk: "Desk", file: "OrderFile", reader: "Actor", one: "Kept") -> bytes:
    """Open one file; that it was read is written in the same transaction (privacy_audit B1)."""
    from records import attachments as kept_files  # noqa: PLC0415 - help needs none of it
    from records import audit as chains  # noqa: PLC0415 - the same
    from records.pool import transaction  # noqa: PLC0415 - the same
    from starter.cli.file import reading_of  # noqa: PLC0415 - the same
    from starter.desk import kept  # noqa: PLC0415 - the same

    async def work() -> bytes:
        now, row = datetime.now(UTC), file.row
        fact = reading_of(reader, row.order_id, now, {"scope": "attachment", "digest": one.digest})
        async with transaction(desk.pool) as conn:
            await chains.append(conn, chains.chain_of(chains.READS, row.community, now), fact)
            return (await kept_files.opened(conn, desk.ring, row.order_id, one.digest)).content

    return await kept(work())


def _write(path: Path, content: bytes) -> None:
    """Write a new private file whole; an existing one is never overwritten."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except FileExistsError:
        raise Failure(
            "file-exists",
            "--to 的文件已存在,未作改动。",
            "The file of --to exists already; nothing was written.",
            "请换一个文件名。",
            "Choose another name.",
        ) from None
    except OSError:
        raise unwritable() from None


def unwritable() -> Failure:
    """Say that a file can't be written there."""
    return usage(
        "file-unwritable", "--to 的文件无法写入。", "--to can't be written.", "请换一处。", "Choose another place."
    )


def read_files(paths: "Sequence[str]", option_name: str, most: int) -> list[bytes]:
    """Read the files typed, never more of one than could be kept; names what can't be read by its number."""
    return [_read(number, Path(path), option_name, most) for number, path in enumerate(paths, 1)]


def _read(number: int, path: Path, option_name: str, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError:
        zh, en = f"{option_name} 的第 {number} 个文件无法读取。", f"{option_name}: file no. {number} can't be read."
        raise usage(
            "file-unreadable", zh, en, "请核对路径与权限。", "Check its path and rights.", option=option_name
        ) from None
