"""The words of `huiyin status`, in Chinese and English."""

from typing import Final

from domain.words import Pair
from domain.words import Table as Words

PARTS: Words = {
    "postgres": Pair("PostgreSQL 数据库", "PostgreSQL"),
    "schema": Pair("数据表", "tables"),
    "keys": Pair("密钥", "keys"),
    "relay": Pair("转送进程", "relay"),
    "temporal-1": Pair("Temporal 节点 1", "Temporal, node 1"),
    "temporal-2": Pair("Temporal 节点 2", "Temporal, node 2"),
    "temporal": Pair("Temporal 流程引擎", "Temporal"),
    "worker": Pair("工作进程", "worker"),
}
FACTS: Words = {
    "no-answer": Pair("无应答", "no answer"),
    "no-connection": Pair("连接不上", "no connection"),
    "silent": Pair("未查询数据库", "without a question"),
    "stopped": Pair("(已停住)", " (stopped)"),
    "tables-lost": Pair("缺失或待补写", "lost, or not filled yet"),
    "keys-lost": Pair("缺失或与数据库不匹配", "missing, or not the ones of this database"),
    "key-file-exposed": Pair("可被他人读取", "others can read it"),
    "key-file-unreadable": Pair("损坏或无法读取", "damaged or unreadable"),
}
"""What is wrong with a part, by the code of its check; what a server has said stands for itself."""
START: Words = {
    "postgres": Pair("huiyin up,或检查 HUIYIN_DATABASE_URL", "`huiyin up`, or check HUIYIN_DATABASE_URL"),
    "temporal": Pair("huiyin up,或检查 HUIYIN_TEMPORAL_ADDRESS", "`huiyin up`, or check HUIYIN_TEMPORAL_ADDRESS"),
}
"""What helps while no `up` runs here; all else comes with it."""
START_ALL: Final = Pair("huiyin up", "`huiyin up`")
REBUILD: Final = Pair("huiyin reconcile --rebuild 重建并补写", "`huiyin reconcile --rebuild` makes and fills them")
OTHER_NODE: Final = Pair("由另一节点代劳:见 {part} 日志", "The other node does its work: see its log, {part}")
FREE: Final = Pair("先腾出磁盘空间,之后自动恢复", "Free some disk space; then it comes back by itself")
AGAIN: Final = Pair(
    "见 {part} 日志;仍不恢复则 huiyin down,再 huiyin up",
    "See its log, {part}; if it stays so: `huiyin down`, then `huiyin up`",
)
"""What helps while `up` runs, which starts again by itself what has ended."""
TEXTS: Words = {
    "part": Pair("部件", "part"),
    "state": Pair("状态", "state"),
    "where": Pair("位置", "where"),
    "remedy": Pair("怎么办", "what to do"),
    "since": Pair("自 {at}({zone})起", "since {at} ({zone})"),
    "fine": Pair("正常", "fine"),
    "bad": Pair("不可用", "not there"),
    "unknown": Pair("未知", "not known"),
    "ready": Pair("可以受理工单", "A work order can be received now"),
    "no-relay": Pair("可以受理工单,但升级消息暂不送出", "A work order can be received, but no message leaves"),
    "no-engine": Pair(
        "可以受理工单:单号与时限立即给出,流程稍后补启动;派单、接单等操作须等 Temporal 恢复",
        "Orders can be received: number and limits at once, processes start later; all other actions wait for Temporal",
    ),
    "no-worker": Pair(
        "可以受理工单:单号与时限立即给出;计时提醒与其他操作须等工作进程恢复,到时按原定时刻补做",
        "Orders can be received: number and limits at once; alarms and other actions wait for a worker and are made up",
    ),
    "not-ready": Pair("现在不能受理工单:须等数据库恢复", "No work order can be received now: the database is needed"),
    "tables-lost": Pair(
        "现在不能受理工单:缺少数据表,请先执行 huiyin reconcile --rebuild",
        "No work order can be received now: tables are lost; type `huiyin reconcile --rebuild` first",
    ),
    "keys-lost": Pair(
        "现在不能受理工单:密钥文件无法使用,姓名、电话与原话写不进也读不出",
        "No work order can be received now: without the keys no name, contact or word can be written or read",
    ),
    "lost": Pair(
        "现在不能受理工单:数据库缺少引擎中已有的工单,请先执行 huiyin reconcile --rebuild",
        "No work order can be received now: the record lacks orders that the engine knows; "
        "type `huiyin reconcile --rebuild` first",
    ),
    "disk-full": Pair(
        "磁盘将满:{data} 仅剩 {free} MB,写不进时各部件会停",
        "The disk is nearly full: {data} has {free} MB left; parts that can't write stop",
    ),
    "lost-orders": Pair("缺失工单", "lost orders"),
    "settings": Pair("现行配置", "settings"),
    "holidays": Pair("放假安排", "holidays"),
    "settings-loaded": Pair(
        "第 {number} 版({version})· 摘要 {digest} · {since}", "no. {number} ({version}) · digest {digest} · {since}"
    ),
    "settings-file": Pair(
        "文件 {file}({version})· 摘要 {digest} · 尚未载入(huiyin load)",
        "file {file} ({version}) · digest {digest} · not loaded (`huiyin load`)",
    ),
    "open": Pair("在办工单", "open orders"),
    "due": Pair("时限", "limits"),
    "due-said": Pair(
        "1 小时内到期 {due_within_hour} · 现已超时 {overdue}",
        "due within the hour {due_within_hour} · overdue now {overdue}",
    ),
    "breaches": Pair("24 小时内超时", "breached in 24 h"),
    "alarms": Pair("告警准时", "alarms on time"),
    "alarms-said": Pair(
        "近 1 小时 {alarms} 次,最晚 {alarm_late_max:.2f} 秒,99% 在 {alarm_late_p99:.2f} 秒内",
        "{alarms} in the last hour, the latest {alarm_late_max:.2f} s late, 99 % within {alarm_late_p99:.2f} s",
    ),
    "no-alarms": Pair("近 1 小时没有告警", "none in the last hour"),
    "waiting": Pair("等待中", "waiting"),
    "oldest": Pair("最久等待", "oldest of these"),
    "oldest-said": Pair("{what} {age:.0f} 秒", "{what}: {age:.0f} s"),
    "outbox": Pair("待转送", "to carry"),
    "notices": Pair("待送达消息", "messages to hand over"),
    "unstarted": Pair("流程待启动", "processes to start"),
    "deeds": Pair("升级措施待执行", "deeds of levels to do"),
    "no-figures": Pair("现在无法统计", "can't be counted now"),
    "stuck": Pair("停滞流程", "stuck processes"),
    "none": Pair("无", "none"),
}
