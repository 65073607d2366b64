"""The words of the glossary that rules and messages use, Chinese and English."""

from collections.abc import Mapping
from typing import NamedTuple

from domain.vocabulary import ClockName


class Pair(NamedTuple):
    """One word in both languages."""

    zh: str
    en: str

    def said(self, lang: str) -> str:
        """Return the word in `zh` or `en`."""
        return self.zh if lang == "zh" else self.en


Table = Mapping[str, Pair]


def word(table: Table, code: str | None, lang: str) -> str:
    """Return the word for a code; a code nobody has named yet stands for itself, nothing for none."""
    if code is None:
        return ""
    return table[code].said(lang) if code in table else code


CLOCKS: Table = {
    ClockName.RESPONSE: Pair("响应", "response"),
    ClockName.REGISTER: Pair("登记", "register"),
    ClockName.DISPATCH: Pair("分派", "dispatch"),
    ClockName.ACCEPT: Pair("接单", "accept"),
    ClockName.ARRIVE: Pair("到场", "arrival"),
    ClockName.PLAN: Pair("整改方案", "plan"),
    ClockName.RECTIFY: Pair("限期整改", "rectification"),
    ClockName.SIGN_OFF: Pair("业主验收", "sign-off"),
    ClockName.HANDLING: Pair("处理", "handling"),
    ClockName.FEEDBACK: Pair("反馈", "feedback"),
    ClockName.NEXT_UPDATE: Pair("进展告知", "next update"),
    ClockName.RESULT_FEEDBACK: Pair("结果反馈", "result"),
    ClockName.CALLBACK: Pair("回访", "callback"),
    ClockName.PROMISE: Pair("承诺", "promise"),
    ClockName.RECOVERY: Pair("服务补救", "recovery"),
    ClockName.VERIFY: Pair("核查", "verification"),
    ClockName.COMPLETION: Pair("办结", "completion"),
}
