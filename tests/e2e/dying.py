"""A real worker, relay or command line that dies at points which a test has set: `dying.py FOLDER PROGRAM WORD…`.

A point is an empty file `FOLDER/PLACE.WHEN.ORDER`; whoever comes there takes the file away and is killed, as by a
power cut. So each point is met once, and a file still there tells of a point that nobody met. The functions are the
product's own: only their names in their modules are bound to what looks for a point before and after them.

Of worker and relay there is one for each namespace in WORD…, started again at once by a parent that has imported
everything and forks: a new process each time.
"""

import asyncio
import inspect
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from pathlib import Path

from stack.leash import die_with

ANY = "any"
"""Stands for the order where a test can't know its number."""
Met = Iterator[tuple[str, str]]
notices: dict[str, tuple[str, str]] = {}
"""Clock and level, and order, of each notice this process has seen."""


def of_batch(_pool, batch) -> Met:
    """A batch is each of its events: `record-responded`, `record-escalated-response-2`."""
    for event in batch.events:
        said = json.loads(event.body)["payload"]
        facts = [str(said[name]) for name in ("clock", "level") if name in said]
        yield "-".join(["record", event.type.removeprefix("work_order."), *facts]), batch.order_id


def level_of(said) -> str:
    return f"{said.get('clock')}-{said.get('level')}"


def of_notice(place: str) -> Callable[..., Met]:
    def of(_database, notice) -> Met:
        yield f"{place}-{level_of(notice.body)}", notice.order_id

    return of


def of_row(_connection, row) -> Met:
    yield f"mark_done-{level_of(row.body)}", row.order_id


def of_deed(place: str) -> Callable[..., Met]:
    def of(_pool, deed, *_: object) -> Met:
        yield f"{place}-{level_of(deed.facts)}", deed.order_id

    return of


def of_request(_desk, request) -> Met:
    yield f"act-{request.command}", request.order_id


def of_message(_folder, said) -> Met:
    notices[said["id"]] = level_of(said["facts"]), said["order"]
    yield f"write-{level_of(said['facts'])}", said["order"]


def of_sent(_pool, notice_id: str) -> Met:
    level, order = notices[notice_id]
    yield f"mark_sent-{level}", order


def of_step(place: str) -> Callable[..., Met]:
    def of(_desk, step, *_: object) -> Met:
        yield f"{place}-{step.command}", step.child

    return of


def to_owner(_folder, said) -> Met:
    yield "to_owner", said["order"]


def called(place: str) -> Callable[..., Met]:
    def of(*_: object, **__: object) -> Met:
        yield place, ANY

    return of


PLACES = {
    "worker": (
        ("activities.record", "record_decided", of_batch),
        ("activities.deliver", "write", of_message),
        ("records.outgoing", "mark_sent", of_sent),
    ),
    "starter.relay": (
        ("records.outgoing", "add_notice", of_notice("add_notice")),
        ("starter.relay", "_send", of_notice("send")),
        ("records.outgoing", "mark_done", of_row),
        ("records.deeds", "fix", of_deed("fix")),
        ("starter.deeds", "act", of_request),
        ("records.deeds", "end", of_deed("end")),
        ("starter.groups.incidents", "act", of_request),
        ("starter.groups.incidents", "tell_child", of_step("tell")),
        ("records.incidents", "end_step", of_step("end_step")),
        ("starter.owner_messages", "write", to_owner),
    ),
    "starter.cli.main": (
        ("records.intakes", "take_in", called("take_in")),
        ("records.intakes", "mark_started", called("mark_started")),
        ("starter.cli.receipt", "show_receipt", called("show_receipt")),
        ("records.actions", "open_action", called("open_action")),
        ("starter.acting", "send", called("send")),
        ("records.actions", "close_action", called("close_action")),
        ("starter.cli.answer", "show_answer", called("show_answer")),
    ),
}


def look(folder: Path, when: str, met: list[tuple[str, str]]) -> None:
    """Die if a point is set here; of two processes that come at once one takes the file."""
    for place, order in met:
        try:
            (folder / f"{place}.{when}.{order}").unlink()
        except FileNotFoundError:
            continue
        os.kill(os.getpid(), signal.SIGKILL)


def watched(work, places, folder: Path):
    """The same function, with a look for a point before it and after it."""

    @wraps(work)
    async def wait(*args, **kwargs):
        met = list(places(*args, **kwargs))
        look(folder, "before", met)
        outcome = await work(*args, **kwargs)
        look(folder, "after", met)
        return outcome

    @wraps(work)
    def call(*args, **kwargs):
        met = list(places(*args, **kwargs))
        look(folder, "before", met)
        outcome = work(*args, **kwargs)
        look(folder, "after", met)
        return outcome

    return wait if inspect.iscoroutinefunction(work) else call


def run(program: str, words: list[str]) -> int | None:
    main = import_module(program).main
    sys.argv = [program, *words]
    return asyncio.run(main()) if inspect.iscoroutinefunction(main) else main()


def child(work: Callable[[], object]) -> int:
    """Fork a process that does not outlive this one."""
    parent, told = os.getpid(), signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    pid = os.fork()
    if pid == 0:
        die_with(parent, signal.SIGKILL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, told)
        try:
            work()
        finally:
            os._exit(0)
    signal.pthread_sigmask(signal.SIG_SETMASK, told)
    return pid


def for_ever(work: Callable[[], object], namespaces: list[str]) -> None:
    """Run one process for each namespace, and each again whenever it has ended, until told to stop."""

    def begin(namespace: str) -> int:
        os.environ["HUIYIN_TEMPORAL_NAMESPACE"] = namespace
        return child(work)

    running, stopping = {begin(namespace): namespace for namespace in namespaces}, False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True
        for pid in running:
            os.kill(pid, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    while running:
        pid, _ = os.wait()
        namespace = running.pop(pid)
        if not stopping:
            running[begin(namespace)] = namespace


def main(folder: Path, program: str, words: list[str]) -> None:
    for module, name, places in PLACES[program]:
        where = import_module(module)
        setattr(where, name, watched(getattr(where, name), places, folder))
    import_module(program)
    if program == "starter.cli.main":
        run(program, words)
    else:
        for_ever(lambda: run(program, []), words)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
