"""`huiyin policy diff`: what a settings file changes, in words: for new orders, and for all at once (CLK-31)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from domain.comparing import needs_new_version
from starter.cli_options import Json, Lang, argument
from starter.cli_screen import Screen, hanging, styled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from domain.community import CommunityFile
    from domain.comparing import Change
    from starter.policy_told import Teller

EXAMPLE: Final = "huiyin policy diff old.toml new.toml"


def diff(
    old: Annotated[str, argument("OLD", "现行配置(TOML)", "The settings in force (TOML).")],
    new: Annotated[str, argument("NEW", "新配置(TOML)", "The new settings (TOML).")],
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Say what changes from one settings file to another; a file with a fault is refused, with its line."""
    from domain.comparing import compare  # noqa: PLC0415 - help needs none of it
    from starter.community_file import load  # noqa: PLC0415 - the same
    from starter.policy_told import Teller  # noqa: PLC0415 - the same

    screen = Screen.of(lang, json_wanted=json)
    before, after = (load(Path(name).expanduser()) for name in (old, new))
    changes, teller = compare(before, after), Teller(before, after, screen.lang)
    screen.document(_document(before, after, changes, teller))
    if not screen.json:
        screen.show(*_lines(screen, before, after, changes, teller))
    return 0


def _document(before: "CommunityFile", after: "CommunityFile", changes: "Sequence[Change]", teller: "Teller") -> Any:
    return {
        "old": before.version,
        "new": after.version,
        "same": not changes,
        "version_to_be_raised": needs_new_version(before, after, changes),
        "new_orders": [_facts(one, teller) for one in changes if one.for_new_orders],
        "at_once": [_facts(one, teller) for one in changes if not one.for_new_orders],
    }


def _facts(change: "Change", teller: "Teller") -> dict[str, Any]:
    return {
        "about": change.about,
        "names": [list(name) for name in change.names],
        "key": change.key or None,
        "before": change.before,
        "after": change.after,
        "only": [circle._asdict() for circle in change.where],
        "message": teller.said(change),
    }


def _lines(
    screen: Screen, before: "CommunityFile", after: "CommunityFile", changes: "Sequence[Change]", teller: "Teller"
) -> "Iterator[RenderableType]":
    t = screen.t
    yield styled(t(f"版本 {before.version} → {after.version}", f"version {before.version} → {after.version}"), "bold")
    fresh = [one for one in changes if one.for_new_orders]
    if fresh:
        yield styled(t("新工单(在办工单仍按受理时的规则):", "New orders (those under way keep their terms):"), "bold")
        yield from (hanging("•", styled(teller.said(one))) for one in fresh)
    else:
        yield styled(t("新工单:没有任何变化", "New orders: nothing changes"), "green")
    at_once = [one for one in changes if not one.for_new_orders]
    if at_once:
        yield styled(t("立即生效,在办工单也一样:", "At once, for orders under way as well:"), "bold")
        yield from (hanging("•", styled(teller.said(one))) for one in at_once)
    elif not fresh:
        yield styled(t("两份配置的规则完全相同", "Both files rule the same"), "green")
    if needs_new_version(before, after, changes):
        zh, en = (
            "版本号相同:请给新配置写一个新的 version。",
            "Both bear one version: write a new one into the new file.",
        )
        yield hanging("!", styled(t(zh, en), "yellow"))
