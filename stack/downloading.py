"""The SDK's own download of the Temporal CLI, kept in our cache under its server's version."""

import asyncio
import contextlib
import shutil
import tempfile
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from stack.settings import Settings
from stack.words import Tell

Way = tuple[Path | None, tuple[str, str]]
"""The program, or why there is none, in both languages."""
STALLED_AFTER = 20.0
"""Seconds without one more byte: a slow line may take its time, a silent one may not hold up the start."""


async def download(settings: Settings, tell: Tell) -> Way:
    """Try the download; it fails at once without internet."""
    if not settings.download:
        return None, ("下载已关闭（HUIYIN_TEMPORAL_DOWNLOAD=0）", "downloading is off (HUIYIN_TEMPORAL_DOWNLOAD=0)")
    tell("download-try")
    try:
        settings.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=settings.cache, prefix=".download-") as folder:
            return kept(await downloaded(Path(folder)), settings.cache), ("", "")
    except (RuntimeError, OSError, TimeoutError) as error:
        reason = (str(error) or "timeout").split("\n")[0][:200]
        tell("download-no", reason=reason)
        return None, (f"下载失败（{reason}）", f"the download failed ({reason})")


async def downloaded(folder: Path) -> Path:
    """Get the program. The SDK downloads only by starting a dev server, which is stopped at once."""
    running = asyncio.create_task(WorkflowEnvironment.start_local(download_dest_dir=str(folder)))
    try:
        await patiently(running, folder)
    except BaseException:
        running.cancel()
        with contextlib.suppress(BaseException):
            await running
        raise
    await running.result().shutdown()
    return heaviest(folder)


async def patiently(running: "asyncio.Task[WorkflowEnvironment]", folder: Path) -> None:
    """Wait for as long as bytes keep coming."""
    size = -1
    while not running.done():
        await asyncio.wait([running], timeout=STALLED_AFTER)
        if not running.done() and size == (size := weight(folder)):
            raise TimeoutError
    await running


def heaviest(folder: Path) -> Path:
    """Pick the program from what the SDK left in the folder."""
    return max(folder.iterdir(), key=lambda file: file.stat().st_size)


def weight(folder: Path) -> int:
    """Count the bytes that have arrived."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def kept(program: Path, cache: Path) -> Path:
    """Move it to `temporal-cli-<the SDK's name for it>`: in one step, so a part is never taken for the whole."""
    place = cache / f"temporal-cli-{program.name.removeprefix('temporal-')}"
    program.chmod(0o755)
    shutil.move(program, place)
    return place
