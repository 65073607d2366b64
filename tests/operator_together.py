"""What must hold between cases when nothing is on its way any more: merges, incidents, and words to several owners.

Each rule reads what the cases' own events tell (`operator_kin`), and none of `domain`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from operator_model import Case
from operator_tables import OF_THE_MERGED, REASONS, B, F, I, X
from violation import must

Cases = Mapping[str, Case]
"""By their numbers."""
AHEAD = {F: (F, B), B: (B,)}
"""Where a case may be that is still open, by the stage of the one that does its work: nobody else brings it there."""


def reached(cases: Cases, orders: Iterable[str]) -> set[str]:
    """Name the orders that words to these numbers reach: themselves, and what they were merged into (GRP-03)."""
    found: set[str] = set()
    look = list(orders)
    while look:
        one = look.pop()
        if one not in found:
            found.add(one)
            look += cases[one].kin.survivors
    return found


def refused_for_a_reason(cases: Cases, command: str, code: str, orders: Sequence[str]) -> None:
    """What a refusal says is so: it has happened in one of the orders that the command was about (API-01)."""
    about = orders if command in OF_THE_MERGED else reached(cases, orders)
    happened = {kind for one in about for kind in cases[one].kinds}
    told = f"{command} to {', '.join(orders)} was refused as {code}"
    must(code not in REASONS or REASONS[code] & happened, f"{told}, and nothing like it has happened")


def merges_agree(cases: Cases) -> None:
    """Both sides say the same, and no case waits for itself (GRP-01, GRP-08)."""
    for name, case in cases.items():
        if case.kin.merged is not None:
            must(name in cases[case.kin.merged].kin.absorbed, f"{name}: {case.kin.merged} does not know of it")
            way, at = [name], case.kin.merged
            while at is not None:
                must(at not in way, f"{name}: merged in a circle {way}")
                way, at = [*way, at], cases[at].kin.merged
        for other in case.kin.absorbed:
            left = "reopened" in cases[other].kinds
            must(cases[other].kin.merged == name or left, f"{name}: it has {other}, which does not know of it")


def merged_are_carried(cases: Cases) -> None:
    """Whoever does the work of a merged case takes it along, and tells its owner too (GRP-01)."""
    for name, case in cases.items():
        if case.kin.merged is None or case.over:
            continue
        does = cases[case.kin.merged]
        told = f"{name}: in {case.stage}, and {does.order_id}, which does its work, is in {does.stage}"
        if does.over:
            must(not does.withdrawn, f"{told}, withdrawn")
            must(case.stage in (F, B), told)
        must(case.stage in AHEAD.get(does.stage, (case.stage,)), told)


def children_follow(cases: Cases) -> None:
    """No child is forgotten: attached when confirmed, solved with its incident; that ends after the last (GRP-06)."""
    for name, case in cases.items():
        for child in (one for one in cases.values() if one.kin.incident == name):
            must(case.kin.parent, f"{child.order_id}: child of {name}, which is no incident")
            must(case.stage != I, f"{child.order_id}: child of {name}, which nobody confirmed")
            apart = child.over or child.kin.apart is not None  # taken up again, it speaks for itself
            must(case.stage != X or apart, f"{child.order_id}: open, and its incident {name} is over")
            follows = child.kin.solved and child.stage in (F, B)
            must(case.stage != F or apart or follows, f"{child.order_id}: {name} is solved, it is not")
        if "incident_confirmed" in case.kinds:
            for member in map(cases.__getitem__, case.kin.members):
                must(name in member.kin.incidents or _gone(member), f"{name}: {member.order_id} was forgotten")


def _gone(member: Case) -> bool:
    """Whether a member could not be attached: it had ended, was another's, or turned out to be something else."""
    went = {"merged", "reclassified", "classified", "reclocked", "closed"}
    return bool(went & set(member.kinds) or member.kin.incidents)


def incidents_know_what_is_late(cases: Cases) -> None:
    """An incident has heard of just what its children are late with, and is the one to speak of it (ESC-13)."""
    late: dict[str, set[tuple[str, str, int, int]]] = {name: set() for name, case in cases.items() if case.kin.parent}
    for name, case in cases.items():
        for key, clock in case.clocks.items():
            spoken = case.kin.incident is not None and not case.kin.own(clock.began)
            if spoken and clock.running and clock.breached:
                late[case.kin.incident].add((name, *key))
    for name, owed in late.items():
        heard = cases[name].kin.owed
        must(
            heard == owed, f"{name}: it has heard of {sorted(heard - owed)} too much, {sorted(owed - heard)} too little"
        )


def nobody_told_twice(cases: Cases, messages: Counter[str]) -> None:
    """One word to many is one word to each, by one message (GRP-01, GRP-06). `messages`: sent words by order."""
    for name, case in cases.items():
        times = Counter(case.kin.from_others)
        for (leader, kind), count in times.items():
            said = cases[leader].kin.words.count(kind)
            must(count <= said, f"{name}: told {kind} {count} times, {leader} said it {said} times")
        most = sum(len(cases[one].kin.words) for one in {*case.kin.incidents, *case.kin.survivors})
        must(messages[name] <= most, f"{name}: {messages[name]} messages for {most} words")
        must(times.total() <= messages[name], f"{name}: told {times.total()} times by {messages[name]} messages")


def judge(cases: Cases, messages: Counter[str]) -> None:
    """Judge all cases of a house together; raises `ViolationError`."""
    for rule in (merges_agree, merged_are_carried, children_follow, incidents_know_what_is_late):
        rule(cases)
    nobody_told_twice(cases, messages)


def sent_words(messages: Iterator[dict]) -> Counter[str]:
    """Count messages to owners by their order; a link to answer by is none of them."""
    return Counter(one["order"] for one in messages if "token" not in one)
