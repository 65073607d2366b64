"""Sentence and remedy of each refusal of handling: prices, shares, conflicts, photos and files (API-08)."""

from collections.abc import Mapping

from domain.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = {
    "no-quote": Sentence(
        "没有等业主答复的报价。",
        "No price waits for the owner's answer.",
        "请经办人先报价(quote);免费的工作不必问业主。",
        "Let the assignee quote one first (quote); work that costs the owner nothing needs no answer.",
    ),
    "price-not-agreed": Sentence(
        "业主尚未同意第 {number} 次报价(业主付 {amount} 元),有偿工作不能完成。",
        "The owner has not agreed to quote no. {number} ({amount} yuan), so paid work can't be completed.",
        "请征得业主同意(agree-to-price);业主不同意,就去掉有偿项目,重新报价为 0(quote)。",
        "Get the owner's yes (agree-to-price); after a no leave the paid items out and quote 0 (quote).",
    ),
    "shares-not-100": Sentence(
        "责任比例合计为 {sum}%;须合计 100%,每方只列一次。",
        "The shares sum to {sum}%; they must sum to 100% and name each party once.",
        "请重新划分(assign-responsibility)。",
        "Divide them again (assign-responsibility).",
    ),
    "share-without-evidence": Sentence(
        "「{party}」的责任没有依据。",
        "The share of {party} has no evidence.",
        "请写明依据,或附上照片。",
        "Say what shows it, or attach a photo.",
    ),
    "no-conflict": Sentence(
        "本工单没有标记冲突。",
        "No conflict is flagged for this order.",
        "请先标记冲突(flag-conflict)。",
        "Flag it first (flag-conflict).",
    ),
    "conflict-order": Sentence(
        "冲突处理须按冷静、澄清、解决、跟进的次序;现在应做「{next}」。",
        "A conflict is led through calm, clarify, solve, follow up; now it is time for {next}.",
        "请先登记「{next}」。",
        "Record {next} first.",
    ),
    "solve-needs-promise": Sentence(
        "「解决」须向业主承诺时间窗。",
        "To solve it, a time window must be promised to the owner.",
        "请填写起止时间(--from、--until)。",
        "State when it starts and ends (--from, --until).",
    ),
    "follow-up-unanswered": Sentence(
        "「跟进」须写明业主是否认可。",
        "The follow-up must say whether the owner confirms.",
        "请注明 --confirmed 或 --not-confirmed。",
        "Say --confirmed or --not-confirmed.",
    ),
    "promise-runs": Sentence(
        "对业主的承诺尚未兑现,也未到期({until}),此时无从认可。",
        "What was promised to the owner is neither kept nor due yet ({until}), so there is nothing to confirm.",
        "请先兑现并登记(如 arrive、complete-handling),或到期后再跟进;业主现在就不认可的,用 --not-confirmed。",
        "Keep it and record that (arrive or complete-handling), or follow up once it is due; a no may come now.",
    ),
    "conflict-open": Sentence(
        "与业主的冲突尚未了结,此时不谈欠费。",
        "A conflict with the owner is open; arrears are not spoken of now.",
        "请先完成跟进,并得到业主认可(record-conflict-step)。",
        "Follow up first and get the owner's yes (record-conflict-step).",
    ),
    "arrears-talk": Sentence(
        "与业主的冲突尚未了结,此时不谈欠费;文字中有「{word}」。",
        "A conflict with the owner is open; arrears are not spoken of now, but the words say: {word}.",
        "请删去后重新提交;业主自己提起的,记入备注(note)。",
        "Leave it out; what the owner brought up himself belongs into a note (note).",
    ),
    "mediation-needs-consent": Sentence(
        "联合调解须经业主同意。",
        "A joint mediation needs the owner's consent.",
        "请先征得业主同意,再登记(--consent);不得以调解相威胁。",
        "Ask the owner first, then record it (--consent); it is never a threat.",
    ),
    "mediation-ahead": Sentence(
        "调解时间晚于现在。",
        "The mediation lies in the future.",
        "请在调解之后登记。",
        "Record it after it was held.",
    ),
    "photos-owed": Sentence(
        "这类事项须有处理前、处理后的照片各至少一张,才能处理完成。",
        "This category wants a photo from before the work and one from after it.",
        "请补照片(--before、--after);确实无法拍摄,由主管完成并写明原因(--without-photos)。",
        "Add them (--before, --after); where none can be had a supervisor completes it (--without-photos).",
    ),
    "photos-same": Sentence(
        "处理前与处理后是同一张照片。",
        "One and the same photo is to show the place before and after the work.",
        "请换一张处理后拍的照片(--after);确实无法拍摄,由主管完成并写明原因(--without-photos)。",
        "Take one after the work (--after); where none can be had a supervisor completes it (--without-photos).",
    ),
    "photos-used": Sentence(
        "{option} 的第 {number} 张照片({digest})重开前已经用过:{at} 登记为{use}的照片。",
        "Photo no. {number} of {option} ({digest}) is from before the reopening: at {at} it showed the place {use}.",
        "请为这一次处理重新拍照;确实无法拍摄,由主管完成并写明原因(--without-photos)。",
        "Take a new one of this work; where none can be had a supervisor completes it (--without-photos).",
    ),
    "work-awaits-check": Sentence(
        "外包方已报完工,正待验工,不能执行「{command}」。",
        "The contractor says that the work is done; it waits to be checked, so {command} does not fit now.",
        "请外包监管人验工(check-contractor-work);不通过即退回外包方继续处理。",
        "Let the contractor supervisor check it (check-contractor-work); what fails goes back to the contractor.",
    ),
    "nothing-to-check": Sentence(
        "没有待验的外包完工。",
        "No contractor's work waits to be checked.",
        "外包方报完工(complete-handling)后再验工。",
        "It is checked once the contractor has said that it is done (complete-handling).",
    ),
    "own-work": Sentence(
        "自己完成或自己报完工的工作不能由本人验工。",
        "Nobody checks work that he did, or said to be done, himself.",
        "请由其他外包监管人或经理验工。",
        "Let another contractor supervisor or a manager check it.",
    ),
    "own-consent": Sentence(
        "业主对价格和整改的意见,不能由经办人代为登记。",
        "Whoever does the work can't say for the owner what he thinks of its price or its result.",
        "请由首问责任人或其他主管向业主核实后登记。",
        "Let the first contact or another supervisor ask the owner and record it.",
    ),
    "own-exception": Sentence(
        "经办人不能给自己免除照片。",
        "Nobody excuses himself from photos.",
        "请由其他主管说明原因并登记完成。",
        "Let another supervisor say why there are none and complete it.",
    ),
    "failed-without-reason": Sentence(
        "验工不通过须写明原因。",
        "Work that fails the check needs a reason.",
        "请补写(--reason),外包方据此返工。",
        "Say it (--reason): the contractor goes by it.",
    ),
    "project-manager-leads": Sentence(
        "业主已 {count} 次验收不通过,整改改由项目经理牵头,方案须由项目经理出具。",
        "The owner refused to sign off {count} times: the project manager leads now, and the plan is his to give.",
        "请项目经理出具方案(give-plan)。",
        "Let the project manager give it (give-plan).",
    ),
    "completion-incomplete": Sentence(
        "处理完成须写明原因、措施和结果。",
        "A completion says cause, measure and result.",
        "请补齐(--cause、--measure、--result)。",
        "Say what is missing (--cause, --measure, --result).",
    ),
    "result-too-short": Sentence(
        "处理结果过短,至少 {least} 个字。",
        "The result is too short: at least {least} characters.",
        "请写清修成了什么样、是否试过。",
        "Say what it is like now, and whether it was tried.",
    ),
    "plan-needs-measure": Sentence(
        "整改方案没有措施。",
        "The plan has no measure.",
        "请至少列一项:谁、何时前、做什么(--measure)。",
        "List at least one: who, until when, what (--measure).",
    ),
    "parts-unnamed": Sentence(
        "等配件须写明哪种配件、由谁供货。",
        "Waiting for parts needs the part and its supplier.",
        "请补齐(--part、--supplier);预计到货时间写在 --until。",
        "Say both (--part, --supplier); when it is expected stands in --until.",
    ),
    "too-many-attachments": Sentence(
        "一次最多 {most} 个附件,这次有 {count} 个。",
        "At most {most} attachments come at once; these are {count}.",
        "请分次登记,或只选要紧的。",
        "Send them in several steps, or only those that matter.",
    ),
    "attachment-too-large": Sentence(
        "第 {number} 个附件超过 {most} MB。",
        "Attachment no. {number} is larger than {most} MB.",
        "请缩小或截短后重试。",
        "Make it smaller or shorter and try again.",
    ),
    "attachment-type": Sentence(
        "第 {number} 个附件的类型不能受理,或文件已损坏。",
        "Attachment no. {number} is of a type that is not taken, or it is damaged.",
        "请使用照片(JPEG、PNG、WebP)或录音(MP3、M4A、WAV、AMR)。",
        "Send photos (JPEG, PNG, WebP) or sound (MP3, M4A, WAV, AMR).",
    ),
    "attachment-unknown": Sentence(
        "工单没有摘要以 {digest} 开头的附件。",
        "The order has no attachment whose digest begins with {digest}.",
        "请用 huiyin attachments 查看。",
        "See them with huiyin attachments.",
    ),
}
"""Refusals by code."""
