"""What the demonstration says, in both languages."""

TEXTS = {
    "ground": (
        "启动真实的 PostgreSQL、Temporal、工作进程与中继 …",
        "Starting a real PostgreSQL, Temporal, worker and relay …",
    ),
    "living": ("{n} 单在途 · {late} 次超时", "{n} on their way · {late} breaches"),
    "lived": ("全部流转完毕", "all have lived"),
    "killed": (
        "  ⚡ kill -9:工作进程 {pid} 被故意杀掉,此刻 {n} 张工单在途。",
        "  ⚡ kill -9: worker {pid} killed on purpose, {n} orders on their way.",
    ),
    "gone_on": (
        "  ↻ 新的工作进程 {pid} 已接手,{s:.1f} 秒后工单从中断处继续。",
        "  ↻ New worker {pid}: after {s:.1f} s the orders go on from where they stood.",
    ),
    "title": ("旧金山公共住房 {n} 条真实报修记录的一生", "The lives of {n} real records of a housing authority"),
    "orders": ("逐单", "Each order"),
    "one": ("最曲折的一单:{order}", "The most dramatic of them: {order}"),
    "told": (
        "{n} 次升级,每一次都有通知送达责任人。",
        "Levels of its ladders that fired and reached a person: {n}.",
    ),
    "skipped": (
        "每张工单有自己的虚拟时钟:24 小时在几秒内走完,历史中注明了跳过的时间。",
        "Each order has a clock of its own: 24 hours pass in seconds, and its history says so.",
    ),
    "replaying": ("用今天的代码重放 {n} 份历史 …", "Replaying {n} histories with today's code …"),
    "replayed": (
        "{k} / {n} 份历史用今天的代码重放,与记录一致({events} 个事件)",
        "{k} of {n} histories replay to the record ({events} events)",
    ),
    "survived": (
        "{k} / {n} 张在工作进程被杀时在途的工单走到了结局",
        "{k} of {n} orders whose worker was killed came through",
    ),
    "none_lost": (",不丢不重", ": none lost, nothing twice"),
    "reached": (
        "{k} / {n} 张工单到达应有的结局(以记录为准),启动后用时 {s:.0f} 秒",
        "{k} of {n} orders reached the end they were meant to, {s:.0f} s after set-up",
    ),
    "differs": ("{what}:应为 {meant},实为 {found}", "{what}: meant {meant}, found {found}"),
    "untold": ("升级 {fired} 次,送达 {sent} 次", "{fired} levels fired, {sent} reached a person"),
    "level": ("{clock} {n} 级", "{clock} level {n}"),
    "nothing": ("无", "nothing"),
    "never_came": ("没有等到:{what}", "Never came: {what}"),
    "next": ("接下来可以试试:", "To go on:"),
    "go_up": ("真实时间,数据保留", "real time, data that stay"),
    "go_receive": ("另开终端", "in another terminal"),
    "go_watch": ("看 15 分钟倒数", "see the 15 minutes run"),
}
HEADS = {
    "zh": ("经过", "工单", "结局", "15 分钟", "24 小时", "升级", "相符"),
    "en": ("story", "orders", "end", "15 min", "24 h", "ladder", "meant"),
}
ROW_HEADS = {
    "zh": ("工单", "级别", "经过", "结局", "15 分钟", "24 小时", "升级", ""),
    "en": ("order", "severity", "story", "end", "15 min", "24 h", "ladder", ""),
}
FIGURES = {
    "zh": ("结局", "超时", "升级", "响应中位数"),
    "en": ("orders by end", "breaches", "escalations", "median response"),
}
MEANT = {
    "stage": ("环节", "stage"),
    "close_reason": ("办结原因", "closed as"),
    "generation": ("轮次", "generation"),
    "response": ("15 分钟", "15 min"),
    "feedback": ("24 小时", "24 h"),
    "levels": ("升级", "ladder"),
    "urges": ("催单", "urges"),
}
"""What an end is made of."""
ENDS = {"confirmed": ("业主确认", "confirmed"), "withdrawn": ("业主撤诉", "withdrawn")}
GO_ON = {
    "zh": ("up", "receive --as S06 --room JX03-1-1502 --text 厨房水管漏水", "watch"),
    "en": ("up", "receive --as S06 --room JX03-1-1502 --text 'kitchen pipe leaks'", "watch"),
}


def say(lang: str, key: str, **facts: object) -> str:
    """Find one sentence in the reader's language."""
    return TEXTS[key][0 if lang == "zh" else 1].format(**facts)
