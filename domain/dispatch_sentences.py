"""Sentence and remedy of each refusal of dispatching (API-08)."""

from collections.abc import Mapping

from domain.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = {
    "return-reason-missing": Sentence(
        "退单须选定原因。",
        "Giving an order back needs a listed reason.",
        "可选:{allowed}。",
        "Choose from: {allowed}.",
    ),
}
