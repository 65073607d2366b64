"""Sentence and remedy of each refusal about merging (API-08, GRP-01, GRP-03, GRP-08)."""

from collections.abc import Mapping

from domain.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = {
    "merged": Sentence(
        "工单已归并至 {survivor}。",
        "The order was merged into {survivor}.",
        "请在 {survivor} 上操作;本单只办理对自己报事人的答复。",
        "Act on {survivor}; here only its own reporter is answered.",
    ),
    "merge-circle": Sentence(
        "不能归并至 {survivor}:它就是本单,或已归并至本单。",
        "It can't be merged into {survivor}: that is this very order, or was merged into it.",
        "请填写另一张工单的单号。",
        "Name another order.",
    ),
    "merge-elsewhere": Sentence(
        "{survivor} 不能接收归并:它属于别的小区,或是群发事件。",
        "{survivor} can't take it over: it is of another community, or an incident.",
        "请填写同一小区业主工单的单号;同一原因的多张工单用 propose-incident。",
        "Name an owner's order of the same community; for many with one cause there is propose-incident.",
    ),
    "survivor-merged": Sentence(
        "{other} 已归并至 {survivor},不能接收归并。",
        "{other} was merged into {survivor} itself and takes nothing over.",
        "是同一件事的,请直接归并至 {survivor}(--into {survivor})。",
        "If it is the same matter, merge into {survivor} (--into {survivor}).",
    ),
    "survivor-praise": Sentence(
        "{survivor} 是表扬,答复后即办结,没有处理环节,不能接收 {other} 的处理。",
        "{survivor} is praise: it is closed once it is answered, so nobody would do the work of {other}.",
        "请反过来归并(merge {survivor} --into {other});类别有误的,先改类(reclassify)。",
        "Merge the other way round (merge {survivor} --into {other}); put a wrong class right (reclassify).",
    ),
    "has-taken-over": Sentence(
        "本单已吸收 {other},不能改为表扬:表扬答复后即办结,{other} 将无人处理。",
        "The order has taken over {other}; as praise it would be closed once answered, and nobody would do that work.",
        "请先撤销归并(unmerge {other}),或按原类别办理。",
        "Undo the merge first (unmerge {other}), or go on with the class it has.",
    ),
    "survivor-closed": Sentence(
        "要由其继续办理的 {survivor} 已办结,不能接收归并。",
        "{survivor}, which was to go on with it, is closed and takes nothing over.",
        "请归并到未办结的工单;问题又出现的,先重开 {survivor}(reopen)。",
        "Name an order that is open; if the matter is back, reopen {survivor} first (reopen).",
    ),
    "repeat-of-open": Sentence(
        "工单 {other} 尚未办结,不是重复投诉。",
        "Order {other} is still open, so this is no repeat of it.",
        "是同一件事请并入(--joins {other})。",
        "If it is the same matter, join it (--joins {other}).",
    ),
    "not-merged": Sentence(
        "工单没有归并。",
        "The order was not merged.",
        "请用 show 查看工单。",
        "See the order with show.",
    ),
    "unmerge-too-late": Sentence(
        "撤销归并的时限已过({until})。",
        "The time in which merging can be undone is over ({until}).",
        "两件事确属不同的,请另行受理(receive)。",
        "If they are two matters, take the other one in anew (receive).",
    ),
    "merged-went-on": Sentence(
        "{survivor} 已处理完成,本单已随之进入反馈,不能撤销归并。",
        "{survivor} is handled, and this order has gone on with it, so merging can't be undone.",
        "问题仍在的,请在回访时登记未解决,或重开(reopen)。",
        "If the matter goes on, say so at the callback, or reopen it.",
    ),
}
