"""Lengths of time in words: limits as the settings write them, open time exactly or to the minute, days."""

from datetime import timedelta

from domain.timekeeping.limits import Unit, parse

MICROSECONDS = 1_000_000


def limit_words(limit: str, lang: str) -> str:
    """Say a limit as it is written in the settings."""
    read = parse(limit)
    amount, zh = read.amount, lang == "zh"
    match read.unit:
        case Unit.OPEN_SECONDS:
            return exact(timedelta(seconds=amount), lang)
        case Unit.OPEN_DAYS:
            return f"{amount} 个工作日" if zh else f"{amount} working day{'s' * (amount > 1)}"
        case Unit.DAYS:
            return day_count(amount, lang)
        case Unit.PLAN_DATE:
            return "方案日期" if zh else "the plan's date"
        case Unit.WINDOW_END:
            return "承诺窗口终点" if zh else "end of the window"


def day_count(count: int, lang: str) -> str:
    """Say so many days."""
    return f"{count} 天" if lang == "zh" else f"{count} day{'s' * (count != 1)}"


def exact(length: timedelta, lang: str) -> str:
    """Say a length of time exactly, to the microsecond where it has any: 52 时 24 分 36.5 秒."""
    whole, micro = divmod(length // timedelta(microseconds=1), MICROSECONDS)
    hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
    h, m, s = ("时", "分", "秒") if lang == "zh" else ("h", "min", "s")
    tail = f"{seconds}.{micro:06}".rstrip("0").rstrip(".") if micro else str(seconds)
    parts = [(hours, f"{hours} {h}"), (minutes, f"{minutes} {m}"), (seconds or micro, f"{tail} {s}")]
    return " ".join(said for some, said in parts if some) or f"0 {m}"


def rounded(length: timedelta, lang: str) -> str:
    """Say a length of time to the minute, under a minute to the second."""
    unit = timedelta(minutes=1) if length >= timedelta(minutes=1) else timedelta(seconds=1)
    return exact(length // unit * unit, lang)
