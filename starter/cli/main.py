"""One run of `huiyin`: from what was typed to the exit code, whatever goes wrong on the way (API-07)."""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import typer

from starter.cli.app import app
from starter.cli.errors import INTERRUPTED, Failure
from starter.cli.screen import Screen
from starter.cli.words import lang_of, speak, speak_frames

NAME: Final = "huiyin"
COMPLETION: Final = "_HUIYIN_COMPLETE"
"""Set by a shell that asks for what can be typed next, or for the script that lets it ask."""
BROKEN_PIPE: Final = 141
GROUPS: Final = ((), ("audit",), ("calendar",), ("policy",))
"""What holds commands and is none."""
ORDERS: Final = ("order", "orders")
"""Arguments that are asked for at a terminal."""
SELDOM: Final = 50_000
"""Objects between two collections: imports make many that live, and looking at them takes a third of a command."""


def main() -> None:
    """Run one command and leave at once: a client that lingers may crash at exit (ground.md, trap 1)."""
    gc.set_threshold(SELDOM)
    if COMPLETION in os.environ:  # typer does this only where it adds options of its own to the help
        import_module("typer.completion").completion_init()
    leave(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; whatever goes wrong is told, never thrown."""
    quiet()
    read_env_file()
    screen = Screen(lang_of(argv, os.environ), json_wanted="--json" in argv)
    try:
        return _invoked(argv, screen)
    except SystemExit:  # rich and typer end like this when nobody reads any more
        return BROKEN_PIPE
    except (KeyboardInterrupt, typer.Abort):
        screen.note("已取消", "Cancelled")
        return INTERRUPTED
    except BrokenPipeError:
        return BROKEN_PIPE
    except BaseException as error:  # noqa: BLE001 - the last place before the operator
        return _told(screen, error, argv)


def _invoked(argv: Sequence[str], screen: Screen) -> int:
    command: Any = typer.main.get_command(app)
    speak(command, screen.lang)
    args = list(argv)
    if _plain(argv) in GROUPS:  # they do nothing by themselves, and speak every language
        args = [*_plain(argv), "--help"]
    if "--help" in args:
        speak_frames(screen.lang)
    try:
        said = command.main(args=args, prog_name=NAME, standalone_mode=False)
    except typer.BadParameter as error:
        said = command.main(args=[*args, *_orders(screen, error)], prog_name=NAME, standalone_mode=False)
    return said if isinstance(said, int) else 0


def _orders(screen: Screen, error: typer.BadParameter) -> list[str]:
    """Ask at a terminal for the orders that a command lacks; whatever else went wrong goes on its way."""
    name = error.param.name if error.param and type(error).__name__ == "MissingParameter" else None
    if name not in ORDERS or not screen.asks:
        raise error
    from starter.cli.asking import asked_orders  # noqa: PLC0415 - only at a terminal

    return asked_orders(screen, several=name == ORDERS[1])


def _plain(argv: Sequence[str]) -> tuple[str, ...]:
    """Return what was typed without the choice of a language and the wish for help."""
    pairs = zip(["", *argv], argv, strict=False)
    return tuple(
        word for before, word in pairs if "--lang" not in {before, word.partition("=")[0]} and word != "--help"
    )


def _told(screen: Screen, error: BaseException, argv: Sequence[str]) -> int:
    from starter.cli.door import data_folder  # noqa: PLC0415 - only failing commands pay for it
    from starter.cli.telling import told  # noqa: PLC0415 - the same

    failure = error if isinstance(error, Failure) else told(error, data_folder(), argv[0] if argv else "")
    try:
        screen.fail(failure)
    except BrokenPipeError:
        return BROKEN_PIPE
    return failure.exit_code


def read_env_file() -> None:
    """Take settings of `.env` that are not set yet into the environment: commands and what they start read it."""
    if not Path(".env").is_file():
        return
    from dotenv import dotenv_values  # noqa: PLC0415 - seldom there

    for name, value in dotenv_values(".env").items():
        if name.startswith("HUIYIN_") and value is not None:
            os.environ.setdefault(name, value)


def quiet() -> None:
    """Let no library speak to the screen, and no sign that the terminal can't show end the command."""
    import logging  # noqa: PLC0415 - next to its only use

    logging.getLogger().addHandler(logging.NullHandler())
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def leave(code: int) -> None:
    """Flush and end the process without the interpreter's own way out."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or BROKEN_PIPE
    os._exit(code)


if __name__ == "__main__":
    main()
