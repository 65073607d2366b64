"""What the engine refuses, with a stable code, a sentence and a remedy in Chinese and English (API-08)."""

from collections.abc import Mapping

from domain import sentences
from domain.closing import sentences as closing_sentences
from domain.dispatch import sentences as dispatch_sentences
from domain.groups import incident_sentences, merging_sentences
from domain.handling import sentences as handling_sentences
from domain.intake import sentences as intake_sentences
from domain.sentences import Sentence
from domain.timekeeping import sentences as time_sentences

SENTENCES: Mapping[str, Sentence] = {
    **sentences.SENTENCES,
    **intake_sentences.SENTENCES,
    **dispatch_sentences.SENTENCES,
    **time_sentences.SENTENCES,
    **handling_sentences.SENTENCES,
    **incident_sentences.SENTENCES,
    **merging_sentences.SENTENCES,
    **closing_sentences.SENTENCES,
}
"""Every refusal in words, by its stable code."""


class Refused(Exception):  # noqa: N818 - the trade's word; every refusal of the house is one
    """A command that does not fit: a stable code, and the facts that fill its sentence (never personal ones)."""

    def __init__(self, code: str, **facts: str | int | None) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)

    def __str__(self) -> str:
        """Say it in English; doors speak the reader's language with `say`."""
        return say(self.code, self.facts, "en")


def say(code: str, facts: Mapping[str, str | int | None], lang: str) -> str:
    """Return sentence and remedy of a refusal in `zh` or `en`; an unknown code stands for itself."""
    sentence = SENTENCES.get(code)
    if sentence is None:
        return code
    words = (sentence.zh, sentence.remedy_zh) if lang == "zh" else (sentence.en, sentence.remedy_en)
    known = {**dict.fromkeys(_names(sentence), "?"), **{k: v for k, v in facts.items() if v is not None}}
    return " ".join(text.format_map(known) for text in words)


def _names(sentence: Sentence) -> set[str]:
    """Name the blanks of a sentence."""
    return {part.split("}")[0] for text in sentence for part in text.split("{")[1:]}
