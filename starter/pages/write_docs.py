"""`make docs`: the pages that are written from the rules, and the picture in the README."""

import sys
from pathlib import Path

from starter.pages.stages_page import page, picture

ROOT = Path(__file__).parents[2]
BEGIN, END = "<!-- written by make docs: begin -->\n", "<!-- end -->\n"


def with_picture(readme: str) -> str:
    """Return the README with today's picture between its two marks; raises ValueError where they are missing."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"README.md lacks the marks {BEGIN.strip()} and {END.strip()}")
    return f"{before}{BEGIN}```\n{picture()}\n```\n{END}{after}"


def written() -> dict[Path, str]:
    """Return every file `make docs` writes, and what it holds today."""
    readme = ROOT / "README.md"
    return {ROOT / "docs" / "stages.md": page(), readme: with_picture(readme.read_text(encoding="utf-8"))}


def main() -> None:
    """Write what has changed, and name it."""
    for path, text in written().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"written: {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
