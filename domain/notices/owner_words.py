"""What messages to owners say, and what is said to them on the telephone, Chinese and English (FBK-03, FBK-06)."""

import re
from collections.abc import Iterable, Mapping

from domain.plain import plain
from domain.vocabulary import Style
from domain.words import Pair

FEEDBACK: Mapping[Style, Pair] = {
    Style.USUAL: Pair("您好,您的工单 {order} 有新的反馈:{words}", "About your case {order}: {words}"),
    Style.PLAIN: Pair(
        "您好!您说的那件事(单号 {order}),跟您说一声:{words} 有不明白的,打电话给我们,我们慢慢讲给您听。",
        "Hello! About what you told us (number {order}): {words} If anything is unclear, call us and we explain it.",
    ),
    Style.ILLUSTRATED: Pair(
        "您好,您的工单 {order} 有新的反馈:{words} 现场照片可在 APP 或微信中查看。",
        "About your case {order}: {words} You find the pictures in the app or on WeChat.",
    ),
}
"""What was said, in the style of the household's group."""
PROMISE: Mapping[bool, Pair] = {
    True: Pair("约定的时间已做到。", "We kept the time we promised."),
    False: Pair("约定的时间没有做到,向您道歉。", "We did not keep the time we promised, and we apologise."),
}
"""Whether the promise was kept; where it was not, with an apology (FBK-06)."""
LINK: Mapping[Style, Pair] = {
    Style.USUAL: Pair(
        "您好,我们多次致电回访工单 {order} 未接通。请在 {days} 天内凭评价码 {token} 告诉我们问题是否解决。",
        "We tried to call you back about case {order}. Please tell us within {days} days, with the code {token}, "
        "whether it is resolved.",
    ),
    Style.PLAIN: Pair(
        "您好!您说的那件事(单号 {order}),我们给您打过几次电话没打通。修好没有,{days} 天内都可以告诉我们,"
        "评价码是 {token},也可以请家人帮忙。",
        "Hello! We rang you a few times about what you told us (number {order}). Within {days} days you can tell us "
        "whether it is all right, with the code {token}; your family may help.",
    ),
}
"""What goes out when nobody could be reached; other styles read as the usual one (CBK-03, CBK-06)."""
PARTS: Mapping[str, Pair] = {
    "found": Pair("查明:{words}", "We found: {words}"),
    "words": Pair("{words}", "{words}"),
    "why_not": Pair("未能办理的原因:{words}", "Why it could not be done: {words}"),
    "also_open": Pair("您还可以:{words}", "What else you can do: {words}"),
    "referred_to": Pair("此事请找:{words}", "For this, please turn to: {words}"),
}
"""The parts of a feedback, in the order in which they are said (FBK-01)."""
APOLOGY = re.compile(r"抱歉|道歉|致歉|歉意|对不起|sorry|apolog", re.IGNORECASE)


def apologises(words: str) -> bool:
    """Whether words hold an apology."""
    return APOLOGY.search(words) is not None


def named_in(texts: Iterable[str], words: Iterable[str]) -> str | None:
    """Return the first of some words that stands in one of the texts, however it is parted; None when none does."""
    said = [plain(text) for text in texts]
    return next((word for word in words if any(plain(word) in text for text in said)), None)


def in_full(texts: Mapping[str, str], lang: str) -> str:
    """Say all parts of a feedback, each closed like a sentence."""
    said = [part.said(lang).format(words=texts[name]) for name, part in PARTS.items() if name in texts]
    stop, between = ("。", "") if lang == "zh" else (".", " ")
    return between.join(one if one.endswith(("。", ".", "!", "?", "!", "?")) else one + stop for one in said)


def feedback_words(words: str, lang: str, *, order: str, style: Style, promise_kept: bool | None) -> str:
    """Say what is fed back, and whether the promise was kept where one was given."""
    said = FEEDBACK[style].said(lang).format(order=order, words=words)
    kept = PROMISE[promise_kept].said(lang) if promise_kept is not None else ""
    return ("" if lang == "zh" else " ").join(filter(None, (said, kept)))


def link_words(token: str, lang: str, *, order: str, style: Style, days: int) -> str:
    """Ask for an answer by the link."""
    return LINK.get(style, LINK[Style.USUAL]).said(lang).format(order=order, token=token, days=days)
