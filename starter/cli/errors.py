"""What goes wrong at the command line: one form for all of it, with a stable code and an exit code (API-08)."""

import json
import os
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

REFUSED: Final = 1
USAGE: Final = 2
AWAY: Final = 3
INTERRUPTED: Final = 130
SHOWN = 40
"""So many characters of what was typed may stand in an error."""
STRANGE: Final = re.compile(r"[^\w.:@#\u00b7\u3001\u3002\u3008-\u3011\uff08\uff09\uff0c\uff1a-]")
"""What is not shown of it: spaces, line breaks, controls, and signs that mean something to a shell or a sheet."""


@dataclass
class Failure(Exception):  # noqa: N818 - what the operator is told, not a fault of the program
    """One failure: what is wrong, what to do, a stable code, the exit code."""

    code: str
    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""
    exit_code: int = REFUSED
    facts: dict[str, Any] = field(default_factory=dict)

    def message(self, lang: str) -> str:
        """Say what is wrong."""
        return self.zh if lang == "zh" else self.en

    def remedy(self, lang: str) -> str:
        """Say what to do."""
        return self.remedy_zh if lang == "zh" else self.remedy_en


def usage(code: str, zh: str, en: str, remedy_zh: str = "", remedy_en: str = "", **facts: Any) -> Failure:
    """Refuse what was typed: exit code 2."""
    return Failure(code, zh, en, remedy_zh, remedy_en, USAGE, facts)


def short(typed: str) -> str:
    """Return the harmless beginning of what was typed: letters of any script, digits and plain signs only."""
    kept = STRANGE.sub("?", typed)
    return kept if len(kept) <= SHOWN else kept[: SHOWN - 1] + "…"


def not_running() -> Failure:
    """Say that no ground runs here."""
    return Failure(
        "not-running",
        "回音没有在运行,未作任何改动。",
        "Huiyin is not running; nothing was changed.",
        "请先执行 huiyin up,或设置 HUIYIN_DATABASE_URL 与 HUIYIN_TEMPORAL_ADDRESS。",
        "Type `huiyin up` first, or set HUIYIN_DATABASE_URL and HUIYIN_TEMPORAL_ADDRESS.",
        AWAY,
    )


def unexpected(error: BaseException, data: Path, command: str) -> Failure:
    """Tell a fault of the program in one sentence; its kind and places go to a log, its words to nobody."""
    log = data / "logs" / "cli.log"
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    line = {"at": datetime.now(UTC).isoformat(), "event": "cli.internal_error", "command": command}
    line |= {"exception": type(error).__name__, "places": " > ".join(places[-8:])}
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError:
        pass
    return Failure(
        "internal-error",
        "程序内部出错,操作可能没有完成。",
        "The program failed; the action may not be complete.",
        f"请先用 show 核对工单,再把日志 {log} 交给维护人员。",
        f"Check the order with show, then hand the log {log} to those who maintain this.",
        facts={"exception": type(error).__name__},
    )


SENTENCES: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "subject-erased": (
        "业主的个人信息已按要求删除,不能再添加文字。",
        "The owner's personal data were erased; no words can be added.",
        "请改用不带文字的操作。",
        "Use the command without words.",
    ),
    "key-file-exposed": (
        "密钥文件可被他人读取,已拒绝使用。",
        "The key file can be read by others; it is not used.",
        "请执行 chmod 600 收紧数据目录中 keys/kek.json 的权限。",
        "Run chmod 600 on keys/kek.json in the data folder.",
    ),
    "key-file-unreadable": (
        "密钥文件损坏或无法读取。",
        "The key file is damaged or unreadable.",
        "请从备份恢复 keys/kek.json;切勿新建。",
        "Restore keys/kek.json from its backup; never make a new one.",
    ),
    "keys-lost": (
        "密钥文件 {file} 不在,或与此数据库不匹配;未作任何改动。",
        "The key file {file} is missing, or not the one this database was sealed with; nothing was changed.",
        (
            "请从备份恢复该文件,否则姓名、电话与原话永远读不出(工单不受影响)。"
            "确无备份:huiyin down 后执行 huiyin up --give-up-lost-keys。"
        ),
        (
            "Restore it from its backup; without it names, contacts and words are lost, orders not. "
            "If there is none: `huiyin down`, then `huiyin up --give-up-lost-keys`."
        ),
    ),
    "kek-unknown": (
        "密钥文件与数据库不匹配。",
        "The key file does not belong to this database.",
        "请从备份恢复 keys/kek.json。",
        "Restore keys/kek.json from its backup.",
    ),
    "tables-lost": (
        "数据库缺少数据表,或重建后尚未补写;未作任何改动。",
        "The database lacks tables, or they were made again and are not filled yet; nothing was changed.",
        "请执行 huiyin reconcile --rebuild,重建缺失的表并按历史补写;huiyin status 列出缺哪些表。",
        "Type `huiyin reconcile --rebuild`: it makes them and fills them; `huiyin status` names them.",
    ),
    "migrations-unknown": (
        "数据库中已无从得知更新到了哪一步(_yoyo_migration 与 _yoyo_log 都已缺失);未作任何改动。",
        "Nothing tells any more how far the database was migrated (_yoyo_migration and _yoyo_log are both lost).",
        "请从数据库备份恢复其中任一张表,再执行 huiyin up。",
        "Nothing was changed; restore one of the two from a backup of the database, then `huiyin up`.",
    ),
    "record-lost": (
        "数据库缺少引擎中已有的工单(如 {order}):数据表丢失过,或恢复自较早的备份。",
        "The record lacks orders that the engine knows (such as {order}): lost, or restored from an older backup.",
        "请先执行 huiyin reconcile --rebuild 补写记录;在此之前受理会重用在办工单的单号。",
        "Type `huiyin reconcile --rebuild` first: until then, receiving would reuse the numbers of living orders.",
    ),
    "needs-approval-until": (
        "这次暂停(到 {until})须经「{approver}」批准。",
        "This pause (until {until}) needs the approval of {approver}.",
        "超过该原因的时长门槛,或涉及限期整改,都须批准;请改用 request-suspension 申请。",
        "Pauses above their reason's threshold, and all of rectification, need one: use request-suspension.",
    ),
    "no-assignee": (
        "「{command}」只能由经办人操作,而这张工单还没有经办人。",
        "Only the assignee may {command}, and there is none yet.",
        "请先派单,再由经办人操作。",
        "Dispatch the order first; then its assignee may.",
    ),
    "events-missing": (
        "工单 {order} 的记录不完整:事件 {seq} 之后有缺失。",
        "The record of {order} is not whole: events are missing after event {seq}.",
        "请用 huiyin reconcile {order} 与历史比对并查看缺少哪些。",
        "Type `huiyin reconcile {order}`: it compares with the history and says what is missing.",
    ),
    "terms-missing": (
        "工单 {order} 的记录不完整:缺少时限规则正文。",
        "The record of {order} is not whole: the terms that its events name are missing.",
        "请用 huiyin reconcile {order} 与历史比对。",
        "Type `huiyin reconcile {order}`: it compares with the history.",
    ),
    "seal-broken": (
        "密文校验失败,内容可能被改动。",
        "A sealed text fails its check; it may have been altered.",
        "请通知个人信息保护负责人。",
        "Tell the privacy officer.",
    ),
    "history-missing": (
        "引擎中没有工单 {order} 的历史(尚未启动,或已过保留期)。",
        "The engine holds no history of {order} (not started yet, or past retention).",
        "请用 show 查看;已办结很久的工单请从导出件核查。",
        "See it with show; long-closed orders are checked from their export.",
    ),
    "row-missing": (
        "记录中缺少工单 {order} 的当前状态行(work_order),它的受理或事件还在。",
        "The record lacks the current row (work_order) of {order}; its intake or events are there.",
        "请执行 huiyin reconcile {order} 查看差异,加 --rebuild 可按历史补写。",
        "See what differs with huiyin reconcile {order}; with --rebuild it is written again from the history.",
    ),
    "nothing-replayed": (
        "没有可重放的历史:记录中有 {count} 张工单,但流程都没有启动。",
        "There is no history to replay: the record has {count} orders, but no process was started.",
        "请用 huiyin status 查看引擎与转送进程;转送进程会补启动流程。",
        "Look at engine and relay with huiyin status; the relay starts the processes.",
    ),
    "ledger-busy": (
        "同一小区的台账正在由另一次载入更新,未作任何改动。",
        "Another load of this community's ledger came between; nothing was changed.",
        "请再执行一次同一命令。",
        "Type the same command again.",
    ),
    "version-taken": (
        "规则有变,但版本号仍是 {version}:工单按版本号说明自己适用的规则,两套规则不能同名。",
        "The rules differ, and the version is {version} still: orders name it, so two sets of rules can't share it.",
        "请在文件开头写新的 version 再载入;有哪些变化见 huiyin policy diff。",
        "Write a new version at the top of the file and load it again; `huiyin policy diff` says what differs.",
    ),
    "settings-outgrown": (
        "已载入的第 {number} 版配置不合本程序版本的要求,无法采用。",
        "Version {number} of the settings does not fit what this program asks of settings.",
        "请用 huiyin calendar check --file community.toml 核对文件并修改,再用 huiyin load 载入。",
        "Mend the file with `huiyin calendar check --file community.toml`, then load it with `huiyin load`.",
    ),
    "history-unreadable": (
        "文件 {file} 不是可读的历史({why})。",
        "{file} is no readable history ({why}).",
        "请使用 huiyin audit history 单号 --out 文件 所导出的文件。",
        "Use a file that `huiyin audit history ORDER --out FILE` wrote.",
    ),
}
"""Refusals of the record and of the replay, which the trade itself has no sentence for."""
