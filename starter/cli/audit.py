"""`huiyin audit`: the history of an order as the engine holds it, and whether today's code decides the same again."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from domain.words import word
from starter.cli.errors import REFUSED, Failure, short, usage
from starter.cli.options import Json, Lang, Order, argument, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen, harmless, one_line, styled
from starter.words.closing import UNANSWERED
from starter.words.system import reason

if TYPE_CHECKING:
    from starter.replay import Verdict


def history(
    order: Order,
    out: Annotated[
        Text, option("--out", "FILE", "写入文件,默认标准输出", "Write to a file; default: standard output.")
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Give out the history of an order as the engine holds it."""
    return asyncio.run(_history(Screen.of(lang, json_wanted=json), order, Path(out) if out else None))


async def _history(screen: Screen, typed: str, out: Path | None) -> int:
    """Write the history of each run; of an order that was continued as new the oldest run comes first."""
    from starter.cli import door  # noqa: PLC0415 - help needs none of it
    from starter.replay import runs  # noqa: PLC0415 - the same

    async with door.opened() as desk:
        order = door.order_id(typed)
        await door.order_file(desk, order)
        found = await runs(desk, order)
    written = [history.to_json() for history in found]
    text = written[0] if len(written) == 1 else "[" + ",\n".join(written) + "]"
    if out is None:
        sys.stdout.write(text + "\n")
        return 0
    _write(out, text)
    events = sum(len(history.events) for history in found)
    screen.document({"order": order, "runs": len(found), "events": events, "file": str(out)})
    screen.show(styled(screen.t(f"✓ 已写入 {out}({events} 个事件)", f"✓ {events} events written to {out}")))
    return 0


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        why = reason(error)
        zh, en = f"无法写入文件({why.zh})。", f"The file can't be written ({why.en})."
        raise Failure(
            "unwritable-file", zh, en, "请换一个位置。", "Name another place.", facts={"why": why.en}
        ) from None


def replay(
    target: Annotated[
        Text, argument("ORDER|FILE", "单号,或 audit history 写出的文件", "An order, or a saved history.")
    ] = None,
    everything: Annotated[bool, option("--all", None, "全部工单", "Every order.")] = False,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Replay one order, every order, or a saved history."""
    screen = Screen.of(lang, json_wanted=json)
    if (target is None) is not everything:
        zh, en = "请给出单号或文件,或用 --all。", "Name an order or a file, or use --all."
        raise usage("usage", zh, en, "例如:huiyin audit replay 10000001", "For example: huiyin audit replay 10000001")
    return asyncio.run(_replay(screen, target))


async def _replay(screen: Screen, target: str | None) -> int:
    equal = checked = lacking = 0
    async for verdict in _verdicts(target):
        checked, equal = checked + 1, equal + (not verdict.differences)
        lacking += bool(verdict.unanswered)
        _show(screen, verdict)
    good = equal == checked and not lacking
    line = screen.t(f"{checked} 份历史,{equal} 份一致", f"{checked} histories, {equal} equal")
    line += screen.t(f";没有回音的 {lacking} 份", f"; {lacking} without an answer")
    screen.show(styled(line, "green" if good else "bold red"))
    return 0 if good else REFUSED


async def _verdicts(target: str | None) -> "AsyncIterator[Verdict]":
    from starter.cli import door  # noqa: PLC0415 - help needs none of it
    from starter.replay import replay_all, replay_file, replay_order  # noqa: PLC0415 - the same

    if target is not None and (path := saved(target)):
        yield await replay_file(path)
        return
    async with door.opened() as desk:
        if target is not None:
            yield await replay_order(desk, door.order_id(target))
            return
        async for verdict in replay_all(desk):
            yield verdict


def saved(target: str) -> Path | None:
    """Return the saved history that is meant, one that is there or is typed like a file; None when it is an order.

    Refuses with `unreadable-file`.
    """
    path = Path(target)
    if not ("/" in target or target.endswith(".json") or path.is_file()):
        return None
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        why = reason(error)
    zh, en = f"无法读取文件 {path}({why.zh})。", f"The file {path} can't be read ({why.en})."
    remedy = ("请核对路径;要重放一张工单,请写单号。", "Check the path; to replay an order, type its number.")
    raise usage("unreadable-file", zh, en, *remedy, file=target)


def _show(screen: Screen, verdict: "Verdict") -> None:
    told = {"name": verdict.name, "ok": verdict.ok, "events": verdict.events, "differences": list(verdict.differences)}
    told["unanswered"] = list(verdict.unanswered)
    screen.document(told)
    if verdict.ok:
        line = screen.t(
            f"✓ {short(verdict.name)} 一致({verdict.events} 个事件)",
            f"✓ {short(verdict.name)} equal ({verdict.events} events)",
        )
        screen.show(styled(line))
        return
    if verdict.differences:
        screen.show(styled(screen.t(f"✗ {short(verdict.name)} 有差异", f"✗ {short(verdict.name)} differs"), "bold red"))
        lines = (_said(one, verdict.name, screen.lang) for one in verdict.differences)
        screen.show(*(styled(f"    {one_line(harmless(line))}", "red") for line in lines))
    if verdict.unanswered:
        said = screen.t("、", ", ").join(word(UNANSWERED, code, screen.lang) for code in verdict.unanswered)
        line = screen.t(f"✗ {short(verdict.name)} 没有回音:{said}", f"✗ {short(verdict.name)} lacks its answer: {said}")
        screen.show(styled(line, "bold red"))


def _said(difference: str, order: str, lang: str) -> str:
    """Say a refusal's code in words; every other difference is told as it is."""
    from starter.cli.telling import known  # noqa: PLC0415 - help needs none of it

    failure = known(difference, {"order": order})
    return f"{failure.message(lang)} {failure.remedy(lang)} [{difference}]" if failure else difference
