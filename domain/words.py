"""The words of the glossary that rules and messages use, Chinese and English."""

from collections.abc import Mapping
from typing import NamedTuple

from domain.vocabulary import ClockName, Role


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

ROLES: Table = {
    Role.FIRST_CONTACT: Pair("首问责任人", "first contact"),
    Role.ASSIGNEE: Pair("经办人", "assignee"),
    Role.DISPATCH_OPERATOR: Pair("调度客服", "dispatch operator"),
    Role.SERVICE_MANAGER: Pair("客服经理", "service manager"),
    Role.BUILDING_STEWARD: Pair("楼栋管家", "building steward"),
    Role.PROJECT_MANAGER: Pair("项目经理", "project manager"),
    Role.ENGINEERING_LEAD: Pair("工程主管", "engineering lead"),
    Role.ENGINEER: Pair("维修工", "engineer"),
    Role.HANDYMAN: Pair("便民维修工", "handyman"),
    Role.SECURITY_LEAD: Pair("秩序队长", "security lead"),
    Role.SECURITY_GUARD: Pair("秩序员", "security guard"),
    Role.GARDENER: Pair("绿化养护员", "gardener"),
    Role.CONTRACTOR_LEAD: Pair("外包领班", "contractor lead"),
    Role.CONTRACTOR_WORKER: Pair("外包员", "contractor worker"),
    Role.CONTRACTOR_SUPERVISOR: Pair("外包监管人", "contractor supervisor"),
    Role.CALLBACK_OFFICER: Pair("回访专员", "callback officer"),
    Role.DUTY_SUPERVISOR: Pair("值班主管", "duty supervisor"),
    Role.DUTY_ENGINEER: Pair("值班工程师", "duty engineer"),
    Role.QUALITY_DEPARTMENT: Pair("品质部", "quality department"),
    Role.AUDITOR: Pair("审计员", "auditor"),
    Role.INTEGRATION: Pair("对接系统", "integration"),
    Role.PRIVACY_OFFICER: Pair("个人信息保护负责人", "privacy officer"),
    Role.ADMIN: Pair("系统管理员", "admin"),
    Role.TEAM_LEAD: Pair("班组长", "team lead"),
    Role.COMMITTEE: Pair("业主委员会", "owners' committee"),
    Role.RESIDENT: Pair("业主", "owner"),
    Role.RULE: Pair("系统规则", "rule"),
}

RETURN_REASONS: Table = {
    "wrong_team": Pair("不属本班组职责", "another team's work"),
    "lacks_skill": Pair("技能不符", "lacks the skill"),
    "lacks_tools": Pair("缺少工具或材料", "lacks tools or material"),
    "overloaded": Pair("手头工单已满", "holds too many orders"),
    "off_duty": Pair("不当班", "off duty"),
    "facts_wrong": Pair("地点或情况与工单不符", "place or facts are not as written"),
    "unsafe": Pair("现场不具备安全作业条件", "not safe to work there"),
    "named_in_it": Pair("事项涉及本人", "the matter is about them"),
}
"""Why somebody gives an order back (DSP-07)."""
