"""What is typed as a time and is none, or none that can be meant: told with what to write instead, exit code 2."""

from starter.cli.errors import Failure, usage

EXAMPLE = "2026-03-01T10:00:00+08:00"


def malformed(option: str) -> Failure:
    """Refuse what is no time, with an example of each form that is one."""
    return _time(option, f"{option} 的时间无法识别。", f"{option}: this is no time we can read.")


def midnight(option: str) -> Failure:
    """Refuse 24:00: of which day it is the end nobody could tell for sure."""
    zh, en = f"{option} 中的 24:00 请写成次日 00:00。", f"{option}: write 24:00 as 00:00 of the next day."
    return _time(option, zh, en)


def no_such_day(option: str, day: str) -> Failure:
    """Refuse a time on a day that is in no calendar: 02-30."""
    return _time(option, f"{option}:没有 {day} 这一天。", f"{option}: there is no day {day}.")


def _time(option: str, zh: str, en: str) -> Failure:
    forms = f'03:15, "11-26 03:15", "2026-03-01 03:15"|{EXAMPLE}'
    written = forms.replace(", ", "、").replace("|", "(小区当地时间)或 ")
    typed = forms.replace("|", " (local to the community) or ")
    return usage("malformed-time", zh, en, f"请写成 {written}。", f"Write {typed}.", option=option)


def over(said: str, meant: str, coming: str) -> Failure:
    """Refuse what was said without a year and has just gone by, where one to come is wanted; name the next one."""
    zh, en = f"{said} 已过({meant})。", f"{said} is over ({meant})."
    hint = (f"如指下一个 {said},请写 {coming}。", f"If you mean the next one, write {coming}.")
    return usage("date-over", zh, en, *hint)


def turned_window() -> Failure:
    """Refuse a window that would last for most of a day: it was typed the wrong way round."""
    return _window(
        "--from 晚于 --until:时间窗的两端可能写反了。",
        "--from lies after --until: the window seems to be the wrong way round.",
    )


def empty_window() -> Failure:
    """Refuse a window without length: nobody has told the owner that."""
    return _window(
        "时间窗的终点须晚于起点:--until 要在 --from 之后。", "A window ends after it starts: --until lies after --from."
    )


def _window(zh: str, en: str) -> Failure:
    return usage(
        "malformed-window",
        zh,
        en,
        "例如 --from 14:00 --until 18:00;跨日请写出日期。",
        "For example --from 14:00 --until 18:00; across midnight write the dates.",
        option="--from",
    )
