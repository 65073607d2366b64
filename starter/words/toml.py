"""What tomllib finds wrong with a text, in Chinese."""

import re
from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "Invalid value": "值无法识别",
    "Expected '=' after a key": "键后缺少 =",
    "Invalid initial character for a key": "键名写法有误",
    "Invalid statement": "这一行写法有误",
    "Unterminated string": "文字没有以引号结束",
    "Found invalid character": "有不允许的字符",
    "Illegal character": "有不允许的字符",
    "Unescaped '\\'": "反斜杠写法有误",
    "Unclosed array": "列表没有以 ] 结束",
    "Unclosed inline table": "表没有以 } 结束",
    "Expected ']": "表名没有以 ] 结束",
    "Expected newline": "一行只能写一个键",
    "Cannot overwrite": "同一个键写了两次",
    "Duplicate inline table key": "同一个键写了两次",
    "Cannot declare": "同一个表写了两次",
    "Cannot mutate": "这个表已经写完,不能再加",
}
PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")


def line_of(words: str) -> int | None:
    """Return the line that tomllib names; None at the end of the text."""
    found = PLACE.search(words)
    return int(found[1]) if found else None


def in_chinese(words: str) -> str:
    """Say what tomllib has said: what is wrong, and where in its line."""
    what = next((zh for en, zh in SENTENCES.items() if words.startswith(en)), "写法有误")
    found = PLACE.search(words)
    return f"{what}(第 {found[2]} 列)" if found else f"{what}(至文件末尾)"
