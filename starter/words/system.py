"""Why the system would not open or write a file, in Chinese and English."""

import errno
from collections.abc import Mapping
from typing import Final

from domain.words import Pair

REASONS: Final[Mapping[int, Pair]] = {
    errno.ENOENT: Pair("没有这个文件或文件夹", "there is no such file or folder"),
    errno.EACCES: Pair("没有权限", "no permission"),
    errno.EPERM: Pair("不允许", "not permitted"),
    errno.EISDIR: Pair("这是文件夹", "it is a folder"),
    errno.ENOTDIR: Pair("路径中有一段不是文件夹", "a part of the path is no folder"),
    errno.ENOSPC: Pair("磁盘已满", "the disk is full"),
    errno.EDQUOT: Pair("磁盘配额已用完", "the quota of the disk is used up"),
    errno.EROFS: Pair("只读", "read-only"),
    errno.ENAMETOOLONG: Pair("名称太长", "the name is too long"),
    errno.ELOOP: Pair("链接互相指向", "its links go round in a circle"),
    errno.EIO: Pair("磁盘读写出错", "the disk could not be read or written"),
    errno.ETXTBSY: Pair("文件正在使用", "the file is in use"),
}


def reason(error: OSError) -> Pair:
    """Say why, in both languages; what has no words here is told by its number."""
    number = error.errno or 0
    return REASONS.get(number, Pair(f"系统错误 {number}", f"system error {number}"))
