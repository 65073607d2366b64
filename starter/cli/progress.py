"""How far a long piece of work is, on a terminal, beside its result."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starter.cli.screen import Screen

if TYPE_CHECKING:
    from rich.progress import Progress


class Shown:
    """Shows what `said` returns, again and again, for the length of a block; nothing where nobody looks."""

    def __init__(self, screen: Screen, said: Callable[[], str]) -> None:
        self.screen, self.said = screen, said
        self.progress: Progress | None = None
        self.ticking: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        """Begin to show how far the work is, if somebody looks."""
        if self.screen.json or not self.screen.aside.is_terminal:
            return
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - rich is slow

        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        self.progress = Progress(*columns, console=self.screen.aside, transient=True)
        self.progress.start()
        self.ticking = asyncio.create_task(self._tick(self.progress.add_task(self.said())))

    def __exit__(self, *_: object) -> None:
        """Leave nothing of it on the screen."""
        if self.ticking is not None:
            self.ticking.cancel()
        if self.progress is not None:
            self.progress.stop()

    async def _tick(self, task: Any) -> None:
        while self.progress is not None:
            self.progress.update(task, description=self.said())
            await asyncio.sleep(0.1)
