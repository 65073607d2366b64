"""Figures: what was measured, its unit, the bar it is held to, and how they are shown."""

import json
import operator
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).parents[1]
LATEST = ROOT / "bench" / "latest.json"
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: written by `make bench` -->", "<!-- end of figures -->"
SIGNS = {"≤": operator.le, "≥": operator.ge}
MARKS = {True: "met", False: "**not met**", None: ""}


@dataclass(frozen=True)
class Figure:
    """One figure. `bar` is a sign and a number, such as `≤ 0.1`."""

    subject: str
    name: str
    value: float
    unit: str
    bar: str | None = None

    @property
    def met(self) -> bool | None:
        """Return whether the bar is met; none when there is none."""
        if self.bar is None:
            return None
        sign, limit = self.bar.split()
        return bool(SIGNS[sign](self.value, float(limit)))


def percentile(values: Sequence[float], part: int) -> float:
    """Return a percentile; of a single value that value."""
    return values[0] if len(values) == 1 else quantiles(values, n=100, method="inclusive")[part - 1]


def spread(subject: str, name: str, values: Sequence[float], bar: str | None = None) -> list[Figure]:
    """Return p50 and p99 of durations in seconds, shown in milliseconds; the bar is on p99, in milliseconds."""
    return [
        Figure(subject, f"{name}, p50", percentile(values, 50) * 1000, "ms"),
        Figure(subject, f"{name}, p99", percentile(values, 99) * 1000, "ms", bar),
    ]


def middle(values: Iterable[float]) -> float:
    """Return the median."""
    return median(values)


def mode(*, sandbox: bool) -> str:
    """Name a kind of worker."""
    return "sandboxed" if sandbox else "not sandboxed"


def shown(value: float) -> str:
    """Write a value with as many digits as it is worth."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three digits


def table(figures: Sequence[Figure]) -> str:
    """Write figures as a table in Markdown, each subject once."""
    lines = ["| subject | what | figure | bar | |", "|---|---|---|---|---|"]
    before = ""
    for figure in figures:
        subject = figure.subject if figure.subject != before else ""
        before = figure.subject
        cells = (subject, figure.name, f"{shown(figure.value)} {figure.unit}", figure.bar or "", MARKS[figure.met])
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def keep(figures: Sequence[Figure], about: dict[str, Any], only: Iterable[str] = (), file: Path = LATEST) -> None:
    """Write a run to a file; of some subjects alone: in the place of what the last whole run said of them."""
    rows = [{**asdict(figure), "met": figure.met} for figure in figures]
    if only and file.exists():
        again = ", ".join(about[key] for key in ("date", "command")) + f", load {about['load_at_the_start']}"
        about = json.loads(file.read_text(encoding="utf-8")) | {f"{' '.join(only)} measured again": again}
        rows = _instead(about.pop("figures"), rows)
    file.write_text(json.dumps({**about, "figures": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _instead(rows: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put new rows where the rows of their subjects stood; at the end when there were none."""
    subjects = {row["subject"] for row in new}
    place = next((at for at, row in enumerate(rows) if row["subject"] in subjects), len(rows))
    rest = [[row for row in part if row["subject"] not in subjects] for part in (rows[:place], rows[place:])]
    return [*rest[0], *new, *rest[1]]


def write_docs(file: Path = LATEST, page: Path = PAGE) -> None:
    """Put the latest run between the two marks of the page, so that no figure is typed by hand."""
    run = json.loads(file.read_text(encoding="utf-8"))
    figures = [Figure(**{name: row[name] for name in Figure.__dataclass_fields__}) for row in run.pop("figures")]
    about = "\n".join(f"- {name.replace('_', ' ')}: {value}" for name, value in run.items())
    head, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    page.write_text(f"{head}{BEGIN}\n\n{about}\n\n{table(figures)}\n\n{END}{tail}", encoding="utf-8")
