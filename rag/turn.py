"""The noun Turn: what one question and its answer leave behind for the next question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.answer import Answer
from rag.follow_up.shown_items import shown_items
from rag.hit import Hit
from rag.retriever import Retrieval


@dataclass(frozen=True, slots=True)
class Turn:
    """A past turn of a conversation.

    Attributes:
        question: as it was asked.
        standalone_question: as it was searched for.
        entry_ids: the entries it was about, best first: named, then cited, then found first.
        items: labels of the list, table or comparison that was shown, in order.
        is_answered: whether the glossary held an answer.
    """

    question: str
    standalone_question: str
    entry_ids: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    is_answered: bool = True

    @classmethod
    def of(cls, answer: Answer) -> Turn:
        """Return what an answer leaves behind."""
        cited = (citation.entry_id for citation in answer.citations)
        return cls(
            question=answer.question,
            standalone_question=answer.standalone_question,
            entry_ids=_about(answer.hits, cited),
            items=shown_items(answer.text) if answer.answerable else (),
            is_answered=answer.answerable,
        )

    @classmethod
    def replayed(cls, question: str, found: Retrieval, said: str, *, is_answered: bool) -> Turn:
        """Return a past turn of which only the texts are left: the question and what was said."""
        return cls(
            question=question,
            standalone_question=found.text,
            entry_ids=_about(found.hits, ()),
            items=shown_items(said) if is_answered else (),
            is_answered=is_answered,
        )


def _about(hits: tuple[Hit, ...], cited: Iterable[str]) -> tuple[str, ...]:
    named = [hit for hit in hits if hit.channels.exact is not None]
    ordered = sorted(named, key=lambda hit: hit.channels.exact or 0)
    first = [hit.entry.entry_id for hit in hits[:1]]
    return tuple(dict.fromkeys([*(hit.entry.entry_id for hit in ordered), *cited, *first]))


def exchanges(history: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the (question, answer) pairs of a conversation given as (role, text) pairs."""
    pairs: list[tuple[str, str]] = []
    for role, text in history:
        if role == "user":
            pairs.append((text, ""))
        elif pairs:
            question, said = pairs[-1]
            pairs[-1] = (question, f"{said}\n\n{text}".strip())
    return pairs
