"""What a quote comes to, in whole fen: text in, text out, never a float (HND-03)."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from domain.handling.payloads import Material, Quote
from domain.vocabulary import Party

FEN = Decimal("0.01")


def line_total(line: Material) -> Decimal:
    """Return the price of one line, rounded to the fen."""
    return (Decimal(line.quantity) * Decimal(line.unit_price)).quantize(FEN, ROUND_HALF_UP)


def total(quote: Quote, payers: Iterable[Party] = Party) -> str:
    """Return what these parties would pay together: lines and labour."""
    paying = set(payers)
    lines = sum((line_total(line) for line in quote.materials if line.payer in paying), Decimal(0))
    labour = Decimal(quote.labour) if quote.labour_payer in paying else Decimal(0)
    return str((lines + labour).quantize(FEN))
