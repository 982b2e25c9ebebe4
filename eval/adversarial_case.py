"""The noun Case: one answer that a language model gives, true or false."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from corpus.entry import Entry

_WORDS = re.compile(r"[^\W_]+|[<>≤≥≈~+/=]")
_MARKERS = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Case:
    """One answer that a language model gives.

    Attributes:
        kind: what is done to the sentence.
        entry_id: the entry that is asked for.
        question: about it.
        text: what the model says; `{n}`, `{other}` and `{nonce}` are the number of the entry's
            source, that of another source, and the random number of the prompt.
        hostile: texts that may not reach the reader; empty for a faithful answer.
        names: the names of another entry, of which the hostile text is true: with one of them in
            it, it may be shown.
        quote: the words of a source that a faithful answer is made of; "" when written by hand.
    """

    kind: str
    entry_id: str
    question: str
    text: str
    hostile: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    quote: str = ""


def words_in_order(text: str) -> str:
    """Return the words and signs of a text, in lower case, with one space between them."""
    without = _MARKERS.sub(" ", html.unescape(text))
    return " ".join(word.casefold() for word in _WORDS.findall(without))


def cited(text: str, number: str = "{n}") -> str:
    """Return a sentence with a citation of one source."""
    return f"{text.rstrip('.')} [{number}]."


def question_about(entry: Entry) -> str:
    """Return the question that asks what a term means."""
    return f"What is {entry.term}?"
