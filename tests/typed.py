"""What operators type in many tests."""

from pathlib import Path

DATA = Path(__file__).parent / "data"
PHOTOS = ("--before", str(DATA / "before.jpg"), "--after", str(DATA / "after.jpg"))
"""Of the work, from before and after it (HND-02)."""
SAID = ("--cause", "密封圈老化", "--measure", "更换密封圈", "--result", "更换角阀密封圈,试水不漏")
DONE = (*SAID, *PHOTOS)
"""Of a work that is complete (HND-11)."""
PARTS = ("--part", "角阀", "--supplier", "城东五金")
"""Which part is waited for, and from whom (HND-04)."""
