"""Words of feedback and callback that stand in no other table, Chinese and English."""

from domain.words import Pair, Table

TELLERS: Table = {
    "household": Pair("业主家庭本人", "the household"),
    "other": Pair("由他人代答", "answered by somebody else"),
    "staff": Pair("员工", "staff"),
}
"""Who gave the scores of a callback (CBK-08)."""
RECOVERY_STEPS: Table = {
    "apology": Pair("道歉", "apology"),
    "visit": Pair("上门拜访", "visit"),
    "remedy": Pair("补救方案", "remedy"),
}
"""What a service recovery is made of (CBK-10)."""
