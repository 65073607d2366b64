"""Options that may be typed several times, each with its parts in one text: `--material "角阀 2 35.00 owner"`."""

import re
import unicodedata
from typing import Any

from domain.vocabulary import Mediator, Party
from domain.words import Table
from starter.cli import input as cli_input
from starter.cli import times as cli_times
from starter.cli.errors import Failure, short, usage
from starter.words.handling import MEDIATORS, PARTIES

AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,6})(?:\.[0-9]{1,2})?")
QUANTITY = re.compile(r"(?:0|[1-9][0-9]{0,4})(?:\.[0-9]{1,3})?")
PERCENT = re.compile(r"(100|[1-9][0-9]?)%?")
DIGEST = re.compile(r"[0-9a-f]{64}")
MATERIAL, SHARE, MEASURE = "角阀 2 35.00 owner", "developer 60 交付时已渗漏", "S09 12-04 更换整段立管"


def materials(said: list[str], option: str) -> list[dict[str, Any]]:
    """Read lines of a quote: what, how much, unit price, who pays (the owner when left out)."""
    return [_material(one, option) for one in said]


def _material(said: str, option: str) -> dict[str, Any]:
    parts = said.split()
    payer = _named(PARTIES, parts[-1]) if parts else None
    *what, quantity, price = ["", "", *(parts[:-1] if payer else parts)]
    quantity, price = _plain(quantity), _plain(price)
    if not _is_priced(quantity, price) and _is_priced(*map(_plain, ["", "", "", *parts][-3:-1])):
        raise _no_party(option, parts[-1], MATERIAL)
    if not "".join(what) or not _is_priced(quantity, price):
        raise _malformed(option, MATERIAL)
    words = cli_input.words(" ".join(what), option, cli_input.MAX_SHORT)
    return {"words": words, "quantity": quantity, "unit_price": yuan(price), "payer": payer or Party.OWNER.value}


def _is_priced(quantity: str, price: str) -> bool:
    return bool(QUANTITY.fullmatch(quantity) and AMOUNT.fullmatch(price))


def shares(said: list[str], option: str) -> list[dict[str, Any]]:
    """Read shares of responsibility: party, per cent, evidence in words or as the digest of an attachment."""
    return [_share(one, option) for one in said]


def _share(said: str, option: str) -> dict[str, Any]:
    party, percent, evidence = [*said.split(maxsplit=2), "", "", ""][:3]
    code, whole = _named(PARTIES, party), PERCENT.fullmatch(_plain(percent))
    if code is None and whole is not None:
        raise _no_party(option, party, SHARE)
    if code is None or whole is None:
        raise _malformed(option, SHARE)
    share = {"party": code, "percent": int(whole[1])}
    if DIGEST.fullmatch(evidence):
        return {**share, "attachment": evidence}
    return {**share, "words": cli_input.words(evidence or None, option)}


def measures(said: list[str], option: str) -> list[dict[str, Any]]:
    """Read measures of a plan: who, until which date, what; who it is the order's community tells (cli_sense)."""
    return [_measure(one, option) for one in said]


def _measure(said: str, option: str) -> dict[str, Any]:
    person, on, what = [*said.split(maxsplit=2), "", "", ""][:3]
    if not what:
        raise _malformed(option, MEASURE)
    return {"person": person, "on": cli_times.day(on, option), "words": cli_input.words(what, option)}


def bodies(said: list[str], option: str) -> list[str]:
    """Read bodies of a mediation, by code or by word."""
    return [_named(MEDIATORS, one) or str(cli_input.choice(one, option, Mediator)) for one in said]


def amount(said: str, option: str) -> str:
    """Read an amount of yuan: 35, 35.5 and 35.50 are the same kind of thing."""
    plain = _plain(said)
    if not AMOUNT.fullmatch(plain):
        raise _malformed(option, "35.00")
    return yuan(plain)


def yuan(plain: str) -> str:
    """Write an amount with its two places."""
    whole, _, places = plain.partition(".")
    return f"{whole}.{places:0<2}"


def _plain(said: str) -> str:
    return unicodedata.normalize("NFKC", said).strip()


def _named(table: Table, said: str) -> str | None:
    """Return the code of a word, named by code or by its word in either language."""
    plain = _plain(said).lower()
    named = (code for code, pair in table.items() if plain.replace("-", "_") == code or plain in pair)
    return next((str(code) for code in named), None)


def _no_party(option: str, said: str, example: str) -> Failure:
    """Refuse a party that is none, and list them all, as they are typed and in words."""
    zh, en = f"{option}:没有「{short(said)}」这一方。", f"{option}: {short(said)} is no party."
    listed = "、".join(f"{code} {pair.zh}" for code, pair in PARTIES.items())
    codes = ", ".join(PARTIES)
    remedy = (f'可选:{listed};例如 {option} "{example}"。', f'Choose from: {codes}; for example {option} "{example}".')
    return usage("malformed-item", zh, en, *remedy, option=option, allowed=codes)


def _malformed(option: str, example: str) -> Failure:
    zh, en = f"{option} 的内容无法识别。", f"{option}: this can't be read."
    return usage(
        "malformed-item", zh, en, f'请写成 {option} "{example}"。', f'Write {option} "{example}".', option=option
    )
