"""Sentence and remedy of each refusal about feedback, callback and service recovery (API-08)."""

from collections.abc import Mapping

from domain.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = {
    "attempt-too-soon": Sentence(
        "距上次回访太近,或还须换一天再试。",
        "This attempt is too soon after the last one, or must lie on another day.",
        "下次可在 {next_local} 起回访。",
        "The next one may be made from {next_local} on.",
    ),
    "attempt-outside-contact-hours": Sentence(
        "此刻不在可打扰业主的时间内。",
        "Owners are not called at this hour.",
        "下次可在 {next_local} 起回访。",
        "The next attempt may be made from {next_local} on.",
    ),
    "callback-outside-contact-hours": Sentence(
        "此刻不在可打扰业主的时间内,不能登记我方打出的回访。",
        "Owners are not called at this hour, so no call of ours is recorded.",
        "请自 {next_local} 起回访;之前通的话请补填时刻(--stated-at),业主自己来电的加 --they-called。",
        "Call from {next_local} on; say when an earlier call was (--stated-at), or that they called (--they-called).",
    ),
    "not-delivered": Sentence(
        "消息尚未送达业主,不能算作反馈。",
        "The message has not reached the owner yet, so it is no feedback.",
        "请电话或当面告知,或经微信、APP、短信发送并等待送达。",
        "Tell the owner in person, or send it by wechat, app or sms and wait.",
    ),
    "result-incomplete": Sentence(
        "结果反馈不完整,缺少:{missing}。",
        "This result is not told in full; missing: {missing}.",
        "请补写 --found(查明)与 --text(处理);办不到的加 --why-not、--also-open。",
        "Add --found and --text; if refused, also --why-not and --also-open.",
    ),
    "feedback-too-short": Sentence(
        "「{field}」太短,反馈至少 {least} 个字。",
        "{field} is too short; feedback has at least {least} characters.",
        "请用业主听得懂的话写完整。",
        "Write it in full, in words the owner understands.",
    ),
    "apology-missing": Sentence(
        "约定的时间没有做到,反馈中须有致歉。",
        "The promised time was not kept; the feedback must hold an apology.",
        "请在文字中加上,例如:没有按约定时间上门,向您道歉。",
        "Add it to the words, for example: we came later than promised and apologise.",
    ),
    "message-on-its-way": Sentence(
        "上一条反馈消息还在发送中。",
        "Another feedback of this order is still on its way.",
        "请等它送达;等不及的,请电话或当面告知(--by phone)。",
        "Wait until it arrives, or tell the owner in person (--by phone).",
    ),
    "unknown-link": Sentence(
        "评价码无效。",
        "This code opens no callback.",
        "请核对消息中的评价码;仍不行请致电客服。",
        "Check the code in the message, or call the service desk.",
    ),
    "callback-answered": Sentence(
        "您已于 {at} 评价过工单 {order}(现处于「{stage}」环节)。",
        "You have answered about case {order} already, at {at}; it is now in stage {stage}.",
        "无需再评;如问题仍在,请致电客服。",
        "Nothing is left to answer; if the matter goes on, call the service desk.",
    ),
    "callback-not-now": Sentence(
        "工单 {order} 正在办理(「{stage}」环节),暂不用评价。",
        "Case {order} is being worked on (stage {stage}); there is nothing to answer yet.",
        "办完后会再请您评价;如有急事,请致电客服。",
        "You will be asked again when it is done; if it is urgent, call the service desk.",
    ),
    "callback-over": Sentence(
        "工单 {order} 已办结,不再收评价。",
        "Case {order} is closed; no answer is taken any more.",
        "如问题仍在,请致电客服。",
        "If the matter goes on, call the service desk.",
    ),
    "second-caller": Sentence(
        "{caller} 已回访过本单;服务补救之后须由另一人再次回访。",
        "{caller} has called back about this order before; after a service recovery somebody else does.",
        "请由其他回访专员或客服经理回访。",
        "Let another callback officer, or the service manager, call.",
    ),
    "scores-not-by-household": Sentence(
        "评价不是业主一方给出的(员工本人或员工的号码),不予登记。",
        "These scores were given by one of us, not by the household; they are not recorded.",
        "请与业主家庭本人通话后再登记。",
        "Speak with the household itself, then record what it said.",
    ),
    "recovery-steps-missing": Sentence(
        "服务补救须写明道歉、上门拜访与补救方案,缺少:{missing}。",
        "A service recovery needs apology, visit and remedy; missing: {missing}.",
        "请补齐(--apology、--visit、--remedy)。",
        "Say each of them (--apology, --visit, --remedy).",
    ),
    "not-countersigned": Sentence(
        "结果由 {result_by} 告知,首问责任人尚未会签,不能回访。",
        "The result was told by {result_by}; the first contact has not countersigned it yet.",
        "请首问责任人 {first_contact} 先会签(countersign)。",
        "The first contact, {first_contact}, countersigns first (countersign).",
    ),
}
"""Refusals about the end of an order, in words."""
