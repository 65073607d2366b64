"""Prices, shares, conflicts and mediation told in words; the part of the timeline that speaks of handling."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from domain.audit import read_instant
from domain.handling.state import Price
from domain.order import WorkOrder
from domain.words import word
from records.read import EventRow
from starter.telling.times import TimeTeller
from starter.words.glossary import CHANNELS
from starter.words.handling import CONFLICT_STEPS, EVIDENCE, MEDIATORS, PARTIES, USES

Facts = Mapping[str, Any]


class HandlingTeller(TimeTeller):
    """Tells events of handling."""

    def money(self, amount: str) -> str:
        """Show an amount of yuan."""
        return self.names.t(f"{amount} 元", f"{amount} yuan")

    def parts(self, shares: Iterable[tuple[str, int]]) -> str:
        """Say whose part it was, in per cent."""
        return " · ".join(f"{word(PARTIES, party, self.lang)} {percent}%" for party, percent in shares)

    def owner_pays(self, amount: str) -> str:
        """Say what the owner would pay."""
        money = self.money(amount)
        return self.names.t(f"业主付 {money}", f"the owner pays {money}")

    def files(self, facts: Facts) -> list[str]:
        """Say how many photos or recordings came with an event, and what for."""
        return [self._files(told.said(self.lang), len(facts[name])) for name, told in USES.items() if facts.get(name)]

    def _files(self, what: str, count: int) -> str:
        plain = f"attachments {what}: {count}"
        return self.names.t(f"{what}附件 {count} 个", plain)

    def _arrived(self, facts: Facts) -> str:
        return " · ".join(self.files(facts))

    def about(self, facts: Facts) -> list[str]:
        """Say which members of staff a matter is about (DSP-13)."""
        persons = self.names.t("、", ", ").join(map(self.names.person, facts.get("complained_of") or ()))
        return [self.names.t(f"涉及 {persons}", f"about {persons}")] if persons else []

    def _noted(self, facts: Facts) -> str:
        return " · ".join([*self.about(facts), *self.files(facts)])

    def _quoted(self, facts: Facts) -> str:
        number, whole = facts["number"], self.money(facts["total"])
        head = self.names.t(f"第 {number} 次 · 合计 {whole}", f"no. {number} · {whole} in all")
        lines = [self._line(line) for line in facts.get("materials") or ()]
        labour, payer = facts["labour"], word(PARTIES, facts["labour_payer"], self.lang)
        if labour.strip("0."):
            lines.append(self.names.t(f"人工 {labour}({payer})", f"labour {labour} ({payer})"))
        return " · ".join([head, self.owner_pays(facts["owner_total"]), *lines])

    def _line(self, line: Facts) -> str:
        payer = word(PARTIES, line["payer"], self.lang)
        priced = f"{line['quantity']} × {line['unit_price']}"
        return self.names.t(f"材料 {priced}({payer})", f"material {priced} ({payer})")

    def _price_agreed(self, facts: Facts) -> str:
        number, by = facts["number"], word(CHANNELS, facts["by"], self.lang)
        quote = self.names.t(f"第 {number} 次报价", f"quote no. {number}")
        return " · ".join((quote, self.owner_pays(facts["owner_total"]), by))

    _price_declined = _price_agreed

    def _conflict_step_recorded(self, facts: Facts) -> str:
        step, confirmed = word(CONFLICT_STEPS, facts["step"], self.lang), facts.get("confirmed")
        if confirmed is None:
            return step
        yes, no = ("业主认可", "the owner confirms"), ("业主不认可", "the owner does not confirm")
        return f"{step} · {self.names.t(*(yes if confirmed else no))}"

    def _mediation_recorded(self, facts: Facts) -> str:
        bodies = self.names.t("、", ", ").join(word(MEDIATORS, one, self.lang) for one in facts["bodies"])
        return f"{self.clock(read_instant(facts['held_at']))} · {bodies}"

    def _responsibility_assigned(self, facts: Facts) -> str:
        return self.parts((share["party"], share["percent"]) for share in facts["shares"])


def handling_rows(teller: HandlingTeller, order: WorkOrder) -> list[tuple[str, str]]:
    """Say which price was told and what the owner says to it, how far a conflict is, whose part it was."""
    t, rows = teller.names.t, [*_pieces(teller, order)]
    if order.price is not None:
        number = t(f"第 {order.price.number} 次", f"no. {order.price.number}")
        told = " · ".join((number, teller.owner_pays(order.price.owner_total), *_answer(teller, order.price)))
        rows.append((t("报价", "price"), told))
    if order.conflict is not None:
        step = word(CONFLICT_STEPS, order.conflict.next_step, teller.lang)
        rows.append((t("冲突", "conflict"), t(f"未了结 · 下一步:{step}", f"open · next: {step}")))
    if order.responsibility:
        rows.append((t("责任", "responsibility"), teller.parts(order.responsibility)))
    return rows


def _pieces(teller: HandlingTeller, order: WorkOrder) -> list[tuple[str, str]]:
    """Say who has which further assignment, and how far it is (HND-13)."""
    t, rows = teller.names.t, []
    for one in order.assignments:
        waits = t(f"待第 {one.after} 项", f"after no. {one.after}")
        state = t("已了结", "ended") if one.ended else t("进行中", "under way") if one in order.assigned else waits
        piece = t(f"第 {one.number} 项", f"no. {one.number}")
        rows.append((t("增派", "assignment"), f"{piece} · {teller.names.person(one.assignee)} · {state}"))
    return rows


def _answer(teller: HandlingTeller, price: Price) -> list[str]:
    """Say what the owner answered; a price of nothing asks nothing."""
    if price.free:
        return []
    said = {None: ("待业主答复", "the owner has not answered"), True: ("业主已同意", "the owner agreed")}
    return [teller.names.t(*said.get(price.agreed, ("业主不同意", "the owner declined")))]


def uses_of(events: Iterable[EventRow], lang: str) -> dict[str, str]:
    """Say of each digest what it came for: with the matter, before or after the work, as evidence."""
    uses: dict[str, str] = {}
    for row in events:
        facts = json.loads(row.body)["payload"]
        for name, told in USES.items():
            uses |= dict.fromkeys(facts.get(name) or (), told.said(lang))
        shown = (share.get("attachment") for share in facts.get("shares") or ())
        uses |= {digest: EVIDENCE.said(lang) for digest in shown if digest and digest not in uses}
    return uses
