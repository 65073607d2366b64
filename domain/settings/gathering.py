"""Faults of one cause told as one: a role nobody holds is one thing to mend, however many places name it.

The sentence names the first few; `Fault.names` and `Fault.also` hold all.
"""

from collections.abc import Iterable, Mapping, Sequence

from domain.settings.faults import SENTENCES, Fault

VARYING: Mapping[str, frozenset[str]] = {
    "nobody": frozenset({"community"}),
    "nobody_skilled": frozenset({"community", "team"}),
    "callback_by_handler": frozenset({"staff"}),
    "nobody_calls_in_contact_hours": frozenset({"community"}),
    "terms_too_large": frozenset({"community", "name", "size"}),
    "holidays_lapse": frozenset({"name"}),
}
"""What may differ between faults of one code that have one cause; codes that are not here are told one by one."""
FEW = 3
"""So many names stand in a sentence, where there is more than one left over."""


def gathered(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Tell faults of one cause as one, each cause where its first fault stands."""
    causes: dict[object, list[Fault]] = {}
    for one in dict.fromkeys(faults):
        causes.setdefault(_cause(one), []).append(one)
    return tuple(_as_one(found) for found in causes.values())


def _cause(one: Fault) -> object:
    """Return what faults of one cause have in common."""
    varying = VARYING.get(one.code)
    return one if varying is None else (one.code, tuple(fact for fact in one.facts if fact[0] not in varying))


def _as_one(found: Sequence[Fault]) -> Fault:
    """Say faults of one cause in one sentence; of sizes it says the largest."""
    first = found[0]
    if len(found) == 1:
        return first
    facts = {name: [dict(one.facts)[name] for one in found] for name, _ in first.facts}
    sizes = {name: max(numbers) for name, values in facts.items() if (numbers := _numbers(values))}
    names = {name: _texts(facts[name]) for name in sorted(VARYING[first.code] - sizes.keys())}
    plain, (zh, en) = {**dict(first.facts), **sizes}, SENTENCES[first.code]
    return first._replace(
        zh=zh.format_map({**plain, **{name: _zh(texts) for name, texts in names.items()}}),
        en=en.format_map({**plain, **{name: _en(texts) for name, texts in names.items()}}),
        also=tuple(way for way in dict.fromkeys(one.path for one in found) if way != first.path),
        names=tuple(names.items()),
    )


def _numbers(values: Sequence[str | int]) -> list[int]:
    return [value for value in values if isinstance(value, int)]


def _texts(values: Sequence[str | int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(str, values)))


def _zh(names: Sequence[str]) -> str:
    few = names if len(names) <= FEW + 1 else names[:FEW]
    return "、".join(few) + (f" 等 {len(names)} 个" if len(few) < len(names) else "")


def _en(names: Sequence[str]) -> str:
    few = names if len(names) <= FEW + 1 else names[:FEW]
    return ", ".join(few) + (f" and {len(names) - len(few)} more" if len(few) < len(names) else "")
