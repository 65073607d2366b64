"""Two languages in one declaration: help texts hold both, and the reader's is chosen when the command line starts."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

SEPARATOR: Final = "\x1f"
LANGS: Final = ("zh", "en")
PANELS: Final = {"Arguments": "参数", "Options": "选项", "Commands": "命令", "Error": "错误"}


def both(zh: str, en: str) -> str:
    """Join one text in Chinese and English; `chosen` takes it apart again."""
    return f"{zh}{SEPARATOR}{en}"


def chosen(text: str, lang: str) -> str:
    """Return the half of a joined text that the reader understands."""
    zh, separator, en = text.partition(SEPARATOR)
    return en if separator and lang == "en" else zh


def lang_of(argv: Sequence[str], environ: Mapping[str, str]) -> str:
    """Find the reader's language before anything is parsed: `--lang`, else `HUIYIN_LANG`, else Chinese."""
    said = environ.get("HUIYIN_LANG", "")
    for before, word in zip(["", *argv], argv, strict=False):
        if before == "--lang":
            said = word
        elif word.startswith("--lang="):
            said = word.partition("=")[2]
    return said if said in LANGS else "zh"


def speak(command: Any, lang: str) -> None:
    """Choose the language of every help text of a command and of those below it."""
    for name in ("help", "short_help", "epilog", "rich_help_panel"):
        text = getattr(command, name, None)
        if isinstance(text, str):
            setattr(command, name, chosen(text, lang))
    for param in command.params:
        param.help = chosen(getattr(param, "help", None) or "", lang)
        if param.param_type_name == "argument":  # its name says what it is; typer would add <str>
            param.display_type_rich = _no_type
    shown = command.get_help_option(command.context_class(command))
    shown.metavar = " "  # it takes none; typer would show the type of its parameter
    shown.help = "显示帮助" if lang == "zh" else "Show this help."
    for below in getattr(command, "commands", {}).values():
        speak(below, lang)


def _no_type(ctx: object) -> None:
    """Show no type: what typer asks an argument for when it lays out its help."""
    del ctx


def speak_frames(lang: str) -> None:
    """Choose the language of typer's own frames around the help."""
    if lang != "zh":
        return
    from typer import rich_utils  # noqa: PLC0415 - rich is slow to import, and only the help needs it

    for title, word in PANELS.items():
        setattr(rich_utils, f"{title.upper()}_PANEL_TITLE".replace("ERROR_", "ERRORS_"), word)
    rich_utils.DEFAULT_STRING = "[默认:{}]"
    rich_utils.ENVVAR_STRING = "[环境变量:{}]"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"
