"""`huiyin policy check`: what in a settings file can't be kept or contradicts itself, each with its remedy (OPS-06)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from starter.cli.errors import REFUSED
from starter.cli.options import Json, Lang, argument
from starter.cli.screen import Screen, hanging, styled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from rich.text import Text

    from starter.community_file import Placed
    from starter.policy.examined import Examined

EXAMPLE: Final = "huiyin policy check new.toml"


def check(
    file: Annotated[str, argument("FILE", "要核对的小区配置(TOML)", "The settings to check (TOML).")],
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Find everything wrong with a settings file before it is in force; exit code 1 when there is anything."""
    from starter.cli.door import now  # noqa: PLC0415 - help needs none of it
    from starter.policy.examined import examined  # noqa: PLC0415 - help needs none of it

    screen, path = Screen.of(lang, json_wanted=json), Path(file).expanduser()
    found = examined(path, now())
    screen.document(_document(path, found, screen.lang))
    for one in found.refused:
        screen.show(*_told(screen, path, one, "red"))
    for one in (*found.contradictions, *found.lapses):
        screen.show(*_told(screen, path, one, "yellow"))
    screen.show(*_summary(screen, found))
    return REFUSED if found.refused or found.contradictions else 0


def _document(path: Path, found: "Examined", lang: str) -> dict[str, Any]:
    from starter.community_file import facts  # noqa: PLC0415 - help needs none of it

    return {
        "file": str(path),
        "ok": not found.refused and not found.contradictions,
        "loads": not found.refused,
        "whole": found.whole,
        "refused": [facts(one, lang) for one in found.refused],
        "contradictions": [facts(one, lang) for one in found.contradictions],
        "warnings": [facts(one, lang) for one in found.lapses],
    }


def _told(screen: Screen, path: Path, one: "Placed", style: str) -> "Iterator[RenderableType]":
    """Say one finding: where, what, and what to do."""
    from starter.community_file import others, remedy, sentence, where  # noqa: PLC0415 - help needs none of it

    place = styled(f"{where(path, one)}  {one.fault.path}", style)
    yield hanging("✗" if style == "red" else "!", place.append(f"  [{one.fault.code}]", "dim"))
    yield hanging(" ", styled(sentence(one.fault, screen.lang)))
    yield from (hanging(" ", styled(line, "dim")) for line in others(one, screen.lang))
    yield hanging("→", styled(remedy(one.fault, screen.lang)))


def _summary(screen: Screen, found: "Examined") -> "Iterator[Text]":
    """Say what it comes to."""
    from starter.words.contradictions import consequences  # noqa: PLC0415 - help needs none of it

    t, refused, more = screen.t, len(found.refused), len(found.contradictions)
    if refused:
        zh, en = f"{refused} 处错误:这份配置不会被采用。", f"Faults: {refused}. These settings would not be used."
        yield styled(t(zh, en), "bold red")
    if more:
        follows = t("、", ", ").join(consequences([one.fault.code for one in found.contradictions], screen.lang))
        zh = f"{more} 处矛盾:配置可以采用,但{follows}。"
        en = f"Contradictions: {more}. They can be used, and then {follows}."
        yield styled(t(zh, en), "bold yellow")
    if not found.whole:
        zh, en = (
            "改正后请再核对一次:有些矛盾要在没有错误时才能算出。",
            "Check again once mended: some contradictions show only then.",
        )
        yield styled(t(zh, en), "dim")
    if not refused and not more:
        yield styled(t("✓ 没有错误,也没有矛盾", "✓ no fault and no contradiction"), "green")
