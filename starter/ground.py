"""`huiyin up` and `down`: the ground and the processes of one machine, as a person at a screen sees them.

A failure is a `stack.errors.StackError`; the command line shows it with `complain`. Nothing here ends the process.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from records.errors import RecordsRefused
from stack import children, errors, folder
from stack.children import Child
from stack.ground import Ground, RunningGround, from_environment, start
from stack.settings import Settings

Migrate = Callable[[str], None]
Look = Callable[[Ground], Awaitable[Sequence[str]]]
"""Looks at what the servers hold, once the schema is there; raises what forbids to go on, returns what must be said."""
NOT_NOW = 3
"""Exit code: the ground cannot do this now (the doors use the same one when a server is away)."""
STOP_WITHIN = 90.0  # seconds for `down`: workers finish their tasks, PostgreSQL writes its last checkpoint
TEXTS = {
    "title": ("回音已启动 · {data}", "Huiyin is up · {data}"),
    "at": ("：", ": "),
    "postgres": ("PostgreSQL 数据库", "PostgreSQL"),
    "temporal": ("Temporal 流程引擎", "Temporal"),
    "node": ("Temporal 节点", "Temporal node"),
    "worker": ("工作进程", "worker"),
    "relay": ("转送进程", "relay"),
    "skipping": ("时间快进：开（仅供演示）", "time skipping: on (for demonstrations only)"),
    "next": (
        "另开一个终端：huiyin status 查看状态 · huiyin --help 查看命令 · huiyin down 或 Ctrl-C 停止",
        "In another terminal: `huiyin status` · `huiyin --help` · stop with `huiyin down` or Ctrl-C",
    ),
    "migrating": ("更新数据库结构 …", "Bringing the database schema up to date …"),
    "ended": (
        "{at}（{zone}）{name} 意外结束（{why}），{pause:.0f} 秒后重新启动；日志 {log}",
        "{at} ({zone}) {name} ended ({why}), to be started again in {pause:.0f} s; its log: {log}",
    ),
    "stopping": ("正在停止 …", "Stopping …"),
    "stopped": ("已全部停止，数据保留在 {data}", "All is stopped; the data stays in {data}"),
    "nothing": ("{data} 没有正在运行的回音", "Nothing runs in {data}"),
}


def say(lang: str, key: str, **facts: object) -> str:
    """Find one sentence in the language of the person at the screen."""
    return TEXTS[key][0 if lang == "zh" else 1].format(**facts)


async def nothing_to_say(_ground: Ground) -> Sequence[str]:
    """Find everything as it should be."""
    return ()


async def up(
    data: Path,
    workers: int,
    *,
    migrate: Migrate,
    zone: ZoneInfo,
    look: Look = nothing_to_say,
    worker: Sequence[str] = (sys.executable, "-m", "worker"),
    relay: Sequence[str] = (sys.executable, "-m", "starter.relay"),
    time_skipping: bool = False,
    cluster: bool = False,
    lang: str = "zh",
    console: Console | None = None,
) -> int:
    """Start everything, stay until SIGTERM or SIGINT, stop everything; the exit code. `zone`: of the times it says."""
    console = console or Console()
    settings = from_environment(os.environ, data=data, time_skipping=time_skipping, cluster=cluster)
    programs = {f"worker-{n}": worker for n in range(1, workers + 1)} | {"relay": relay}
    work = asyncio.create_task(run(settings, programs, (migrate, look), lang, console, zone))
    loop = asyncio.get_running_loop()
    for word in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(word, halt, work, console, lang)
    try:
        await work
    except asyncio.CancelledError:
        console.print(say(lang, "stopped", data=data), soft_wrap=True)
    finally:
        for word in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.remove_signal_handler(word)
    return 0


def halt(work: "asyncio.Task[None]", console: Console, lang: str) -> None:
    """Cancel once: a second Ctrl-C must not break the clean stop that the first one began."""
    if not work.cancelling():
        console.print(say(lang, "stopping"))
        work.cancel()


async def run(
    settings: Settings,
    programs: Mapping[str, Sequence[str]],
    prepare: tuple[Migrate, Look],
    lang: str,
    console: Console,
    zone: ZoneInfo,
) -> None:
    """Bring up servers, schema and processes and keep them until cancelled."""
    plain = partial(console.print, soft_wrap=True, markup=False, highlight=False)
    running = await start(settings, plain, lang=lang, zone=zone)
    async with running as ground:
        plain(say(lang, "migrating"))
        migrate, look = prepare
        await bring_schema(migrate, ground.dsn)
        told = await look(ground)
        living: dict[str, Child] = {}
        try:
            await keep_all(running, programs, living, told, lang, console, zone)
        finally:
            await children.stop_all(living.values(), within=28)


async def bring_schema(migrate: Migrate, dsn: str) -> None:
    """Run the migrations; whatever they complain of becomes one sentence, unless it has one of its own."""
    try:
        await asyncio.to_thread(migrate, dsn)
    except (errors.StackError, RecordsRefused):
        raise
    except Exception as error:
        raise errors.migration_failed(str(error).split("\n")[0] or type(error).__name__) from error


async def keep_all(
    running: RunningGround,
    programs: Mapping[str, Sequence[str]],
    living: dict[str, Child],
    told: Sequence[str],
    lang: str,
    console: Console,
    zone: ZoneInfo,
) -> None:
    """Start the processes, show the page and what must be said once, then keep servers and processes running."""
    env = environment(running.ground)
    log_of = partial(log_path, running.ground.data)
    places = sorted(programs)  # relay, worker-1, worker-2 …

    def ended(name: str, why: str, pause: float) -> None:
        when = {"at": f"{datetime.now(zone):%Y-%m-%d %H:%M:%S}", "zone": zone.key}
        line = say(lang, "ended", **when, name=label(name, lang), why=why, pause=pause, log=log_of(name))
        console.print(line, soft_wrap=True, markup=False, highlight=False)

    async def one(name: str) -> Child:
        own = {**env, **metrics(env, places.index(name))}
        living[name] = await children.launch(name, programs[name], log=log_of(name), env=own, cwd=Path.cwd())
        return living[name]

    first = {name: await one(name) for name in programs}
    show_page(running.ground, first, lang, console)
    for line in told:
        console.print(line, soft_wrap=True, markup=False, highlight=False, style="bold red")
    async with asyncio.TaskGroup() as group:
        group.create_task(running.keep(ended))
        for name, child in first.items():
            group.create_task(children.supervise(partial(one, name), child=child, ended=partial(ended, name)))


def environment(ground: Ground) -> dict[str, str]:
    """Tell the processes where the ground is."""
    return {
        **os.environ,
        "HUIYIN_DATA": str(ground.data),
        "HUIYIN_DATABASE_URL": ground.dsn,
        "HUIYIN_TEMPORAL_ADDRESS": ground.temporal_address,
        "HUIYIN_TEMPORAL_NAMESPACE": ground.namespace,
    }


def metrics(env: Mapping[str, str], number: int) -> dict[str, str]:
    """Give each process a metrics port of its own: the relay the one that was set, each worker the next."""
    host, colon, port = env.get("HUIYIN_METRICS_ADDRESS", "").rpartition(":")
    return {"HUIYIN_METRICS_ADDRESS": f"{host}{colon}{int(port) + number}"} if port.isdigit() else {}


def log_path(data: Path, name: str) -> Path:
    """Give each process a file beside those of the servers."""
    return data / "logs" / f"{name}.log"


def label(name: str, lang: str) -> str:
    """Name a part in words, its number behind: the same on the page and in what is said later."""
    kind, _, number = name.partition("-")
    return " ".join(filter(None, (say(lang, "node" if kind == "temporal" and number else kind), number)))


def show_page(ground: Ground, living: Mapping[str, Child], lang: str, console: Console) -> None:
    """Show the one page of `up`: what runs where, its log below it, what to type next. Paths are never broken."""
    plain = partial(console.print, soft_wrap=True, markup=False, highlight=False)
    plain(say(lang, "title", data=ground.data))
    there = {"postgres": ground.dsn.rpartition("@")[2], "temporal": f"{ground.temporal_address} / {ground.namespace}"}
    pids = {name: pid for name, pid in ground.pids.items() if name not in there}
    pids |= {name: child.pid for name, child in living.items()}
    logs = {**ground.logs, **{name: child.log for name, child in living.items()}}
    for name, where in (there | {name: f"pid {pid}" for name, pid in pids.items()}).items():
        plain(f"  {label(name, lang)}{say(lang, 'at')}{where}")
        if name in logs:
            plain(f"    {logs[name]}")
    if ground.time_skipping:
        plain(say(lang, "skipping"))
    plain(say(lang, "next"))


def down(data: Path, *, lang: str = "zh", console: Console | None = None, within: float = STOP_WITHIN) -> int:
    """Ask the running `up` to stop and wait until it has; nothing running is fine too."""
    console, data = console or Console(), data.expanduser().absolute()
    holder = folder.read_holder(data)
    if holder is None:
        console.print(say(lang, "nothing", data=data), soft_wrap=True)
        return 0
    console.print(say(lang, "stopping"))
    with contextlib.suppress(ProcessLookupError):
        os.kill(holder.pid, signal.SIGTERM)
    deadline = time.monotonic() + within
    while folder.alive(holder):
        if time.monotonic() > deadline:
            raise errors.stop_timeout(holder.pid, within)
        time.sleep(0.05)
    console.print(say(lang, "stopped", data=data), soft_wrap=True)
    return 0


def complain(
    error: errors.StackError, *, lang: str = "zh", as_json: bool = False, console: Console | None = None
) -> int:
    """Show a failure of the ground as a sentence and a remedy; the exit code."""
    console = console or Console(stderr=True)
    facts = {"code": error.code, "sentence": error.zh if lang == "zh" else error.en}
    facts["remedy"] = error.remedy_zh if lang == "zh" else error.remedy_en
    text = (
        json.dumps(facts, ensure_ascii=False) if as_json else f"{facts['sentence']}\n→ {facts['remedy']} [{error.code}]"
    )
    console.print(text, soft_wrap=True, markup=False, highlight=False)
    return NOT_NOW
