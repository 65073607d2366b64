"""What stands on the command line without an option, in Chinese: help and usage name it in capitals."""

from collections.abc import Mapping
from typing import Final

ARGUMENTS: Final[Mapping[str, str]] = {
    "ORDER": "单号",
    "ORDERS": "单号",
    "CLOCK": "计时",
    "FILE": "文件",
    "OLD": "现行配置",
    "NEW": "新配置",
    "COMMUNITY": "小区代码",
}


def in_chinese(name: str) -> str:
    """Name what was to be typed within a Chinese sentence: 单号(ORDER); an option as it is typed."""
    return f"{ARGUMENTS[name]}({name})" if name in ARGUMENTS else name
