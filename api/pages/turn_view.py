"""The noun TurnView: a question and its answer as the chat page shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from api.cited_source import CitedSource, sources_of
from api.markdown.markdown import to_html
from api.plain_text import printable
from rag.answer import Citation, Support, Verdict
from rag.chat import Chat
from rag.quoting.extractive import MODEL as EXTRACTIVE
from rag.storing.answer_record import AnswerRecord
from rag.storing.conversation import ConversationTurn

NEAREST = 3

_TO_SOURCE = re.compile(r'<a [^<>]*href="#source-')
_FRAME = re.compile(r"^\s*(?:#{1,6}|[-*+]|\d+[.)])\s+")

_STAGES = {
    "follow_up": "Completing the question",
    "names": "Looking up names",
    "embed": "Reading the question",
    "dense": "Searching by meaning",
    "lexical": "Searching by words",
    "rank": "Merging the rankings",
    "evidence": "Weighing sentences",
    "answerable": "Deciding whether it is answered",
    "prompt": "Choosing sources",
    "generation": "Writing and checking",
    "answer": "Composing the answer",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question to click on: its text, the text of the link, and where the link leads."""

    question: str
    label: str

    @property
    def query(self) -> str:
        """The query string that asks the question."""
        return urlencode({"q": self.question})


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of an answer and how long it took."""

    name: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source ready for the template; `html` is its quote, safe and without its context."""

    source: CitedSource
    html: Markup


@dataclass(frozen=True, slots=True)
class TurnView:
    """A turn ready for the template; `html` is safe.

    Attributes:
        answer_id: under which the full record is found.
        question: as it was asked.
        standalone_question: as it was searched for.
        answerable: whether the glossary holds an answer.
        html: the answer.
        sources: what it cites.
        nearest: questions about the nearest terms, when there is no answer.
        model: who wrote the text; "" when it is made of quotes.
        snapshot_id: the snapshot it was answered from.
        stages: how long each took, without the total.
        took_ms: from question to answer.
        notice: what the reader should know of how it came about.
        rating: "up", "down" or "".
        reason: of the rating, in the reader's words.
    """

    answer_id: str
    question: str
    standalone_question: str
    answerable: bool
    html: Markup
    sources: tuple[SourceView, ...]
    nearest: tuple[Suggestion, ...]
    model: str
    snapshot_id: str
    stages: tuple[Stage, ...]
    took_ms: float
    notice: str
    rating: str = ""
    reason: str = ""

    @property
    def query(self) -> str:
        """The query string that asks the question again."""
        return urlencode({"q": self.question})

    @property
    def was_completed(self) -> bool:
        """Whether something else was searched for than what was asked."""
        return _plain(self.standalone_question) != _plain(self.question)


def recorded_turn(chat: Chat, record: AnswerRecord) -> TurnView:
    """Return the turn of a full record."""
    terms = record.answer.get("nearest_terms", ())
    return _turn(chat, record.answer_id, record.answer, record.answer["answer"], terms)


def past_turn(chat: Chat, turn: ConversationTurn) -> TurnView:
    """Return a turn of a stored conversation."""
    terms = tuple(dict.fromkeys(hit["term"] for hit in turn.hits[:NEAREST]))
    shown = _turn(chat, turn.answer_id, turn.to_json(), turn.text, terms)
    if turn.feedback is None:
        return shown
    return replace(shown, rating=str(turn.feedback.rating), reason=turn.feedback.reason)


def citation_of(data: Mapping[str, Any]) -> Citation:
    """Return the citation that `Answer.to_json` wrote."""
    support = Support(Verdict(data["support"]["verdict"]), data["support"]["score"])
    return Citation(**{**data, "support": support})


def about(term: str) -> Suggestion:
    """Return the question that asks what a term is, labelled with the term."""
    return Suggestion(f"What is {term}?", term)


def _turn(
    chat: Chat, answer_id: str, answer: Mapping[str, Any], text: str, terms: Sequence[str]
) -> TurnView:
    citations = [citation_of(citation) for citation in answer["citations"]]
    timings_ms = answer["timings_ms"]
    stages = {name: spent for name, spent in timings_ms.items() if name != "total"}
    return TurnView(
        answer_id=answer_id,
        question=answer["question"],
        standalone_question=answer["standalone_question"],
        answerable=answer["answerable"],
        html=_html(text, len(citations), answer_id),
        sources=tuple(map(_shown_source, sources_of(chat, citations))),
        nearest=() if answer["answerable"] else tuple(map(about, terms)),
        model=_shown_model(answer["model"]),
        snapshot_id=answer["snapshot_id"],
        stages=tuple(Stage(_STAGES.get(name, name), spent) for name, spent in stages.items()),
        took_ms=timings_ms.get("total", sum(stages.values())),
        notice=answer.get("notice", ""),
    )


def _html(text: str, citations: int, answer_id: str) -> Markup:
    """Return an answer as HTML; its markers lead to the sources of this turn alone."""
    html = to_html(printable(text), citations)
    html = html.replace(' <a class="marker"', '\u00a0<a class="marker"')  # stays on the line
    return Markup(_TO_SOURCE.sub(rf"\g<0>{answer_id}-", html))  # noqa: S704  sanitised


def _shown_source(source: CitedSource) -> SourceView:
    """Return a quote as it reads by itself: a cell, an item or a heading without its marks."""
    quote = _FRAME.sub("", printable(source.quote)).strip()
    if quote.startswith("|"):
        quote = " · ".join(cell.strip() for cell in quote.strip("| ").split("|"))
    return SourceView(source, Markup(to_html(quote)))  # noqa: S704  sanitised


def _shown_model(name: str) -> str:
    """Return the name of a model without who serves it and where."""
    if name == EXTRACTIVE:
        return ""
    return name.partition(":")[2].partition("@")[0] or name


def _plain(question: str) -> str:
    return " ".join(question.lower().split()).strip(" ?!.")
