"""What is said of feedback that is on its way as a message."""

from domain.settings.community import CommunityFile
from domain.words import word
from records.read import OrderRow
from starter.cli import door
from starter.cli.screen import Screen, styled
from starter.cli.times import shown
from starter.telling_owner import Queued
from starter.words.glossary import CHANNELS


def show_queued(screen: Screen, file: CommunityFile, row: OrderRow, queued: Queued, *, dry_run: bool) -> int:
    """Say by which channels a message goes, from when, and that the clock runs on until it arrives (FBK-04, FBK-05)."""
    ways = {"channels": list(queued.channels), "not_before": queued.not_before}
    screen.document({"order": row.order_id, "dry_run": dry_run, "message": queued.message_id, **ways})
    now, t = door.now(), screen.t
    names = " → ".join(word(CHANNELS, one, screen.lang) for one in queued.channels)
    done = (
        t("可以发送(未作改动):", "could be sent (nothing changed): ")
        if dry_run
        else t("反馈待发:", "feedback queued: ")
    )
    held = shown(queued.not_before, door.zone_of(file, row.community), now, screen.lang)
    when = t(f" · {held} 起发送", f" · from {held} on") if queued.not_before > now else ""
    screen.show(styled(f"✓ {door.number(row.order_id)} {done}{names}{when}", "bold green"))
    waits = t("  送达后才计为反馈;在此之前计时照常进行。", "  It counts once it has arrived; clocks run on.")
    screen.show(styled(waits, "dim"))
    return 0
