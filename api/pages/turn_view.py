"""The noun TurnView: a question and its answer as the chat page shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from api.markdown.markdown import to_html
from api.pages.example_questions import ExampleQuestion, about
from api.pages.source_cards import SourceCard, source_cards
from api.plain_text import printable
from rag.answer import Citation, Support, Verdict
from rag.chat import NOT_HERE, Chat
from rag.inquiry import LEFT_OPEN
from rag.quoting.extractive import MODEL as EXTRACTIVE
from rag.storing.answer_record import AnswerRecord
from rag.storing.conversation import ConversationTurn

NEAREST = 3
INSTEAD = "The language model did not finish its answer. Quotes from the glossary stand in for it."
INCOMPLETE = "The language model was cut off. Its answer may be incomplete."
LONG_CHARS = 280
LONG_LINES = 5

_TO_SOURCE = re.compile(r'<a [^<>]*href="#source-')

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
class Stage:
    """A stage of an answer and how long it took."""

    name: str
    milliseconds: float

    @property
    def took(self) -> str:
        """The time with its unit."""
        return duration(self.milliseconds, 1)


@dataclass(frozen=True, slots=True)
class TurnView:
    """A turn ready for the template; `html` is safe.

    Attributes:
        answer_id: under which the full record is found.
        question: as it was asked.
        standalone_question: as it was searched for.
        answerable: whether the glossary holds an answer.
        html: the answer.
        cards: what it cites, entry by entry.
        nearest: questions about the nearest terms, when there is no answer.
        model: who wrote the text; "" when it is made of quotes.
        snapshot_id: the snapshot it was answered from.
        stages: how long each took, without the total.
        took_ms: from question to answer.
        notice: what the reader should know of how it came about, for people.
        cause: the same as it was recorded, where it says more; for those who look into it.
        rating: "up", "down" or "".
        reason: of the rating, in the reader's words.
    """

    answer_id: str
    question: str
    standalone_question: str
    answerable: bool
    html: Markup
    cards: tuple[SourceCard, ...]
    nearest: tuple[ExampleQuestion, ...]
    model: str
    snapshot_id: str
    stages: tuple[Stage, ...]
    took_ms: float
    notice: str
    cause: str = ""
    rating: str = ""
    reason: str = ""

    @property
    def took(self) -> str:
        """The time from question to answer, with its unit."""
        return duration(self.took_ms)

    @property
    def is_long(self) -> bool:
        """Whether only the beginning of the question is shown at first."""
        return is_long(self.question)

    @property
    def was_completed(self) -> bool:
        """Whether something else was searched for than what was asked."""
        return completed(self.question, self.standalone_question)


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


def duration(milliseconds: float, digits: int = 0) -> str:
    """Return a time with its unit, seconds from one second on; `digits` are those of a millisecond.

    What is shorter than can be shown so is shown as the shortest that can.
    """
    if milliseconds >= 999.5:
        return f"{milliseconds / 1000:.1f} s"
    return f"{max(milliseconds, 10**-digits):.{digits}f} ms"


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
        html=_html(_once(text), len(citations), answer_id),
        cards=source_cards(chat, citations),
        nearest=() if answer["answerable"] else tuple(map(about, terms)),
        model=_shown_model(answer["model"]),
        snapshot_id=answer["snapshot_id"],
        stages=tuple(Stage(_STAGES.get(name, name), spent) for name, spent in stages.items()),
        took_ms=timings_ms.get("total", sum(stages.values())),
        notice=in_sentences(answer.get("notice", ""), answer["model"]),
        cause=answer.get("notice", "").partition(LEFT_OPEN)[0].removesuffix("; "),
    )


def in_sentences(notice: str, model: str) -> str:
    """Return what a notice means to the reader; it tells those who run the server what to do."""
    of_model, left_open, questions = notice.partition(LEFT_OPEN)
    sentences = []
    if of_model:
        sentences.append(INSTEAD if model == EXTRACTIVE else INCOMPLETE)
    if left_open:
        sentences.append(f"{left_open[0].upper()}{left_open[1:]}{questions}.")
    return " ".join(sentences)


def _once(text: str) -> str:
    """Leave out the nearest terms of a text that declines: they stand below it as links."""
    return NOT_HERE if text.startswith(NOT_HERE) else text


def _html(text: str, citations: int, answer_id: str) -> Markup:
    """Return an answer as HTML; its markers lead to the sources of this turn alone."""
    html = to_html(printable(text), citations)
    html = html.replace(' <a class="marker"', '\u00a0<a class="marker"')  # stays on the line
    return Markup(_TO_SOURCE.sub(rf"\g<0>{answer_id}-", html))  # noqa: S704  sanitised


def _shown_model(name: str) -> str:
    """Return the name of a model without who serves it and where."""
    if name == EXTRACTIVE:
        return ""
    return name.partition(":")[2].partition("@")[0] or name


def is_long(question: str) -> bool:
    """Tell whether a question is too long to be a heading."""
    return len(question) > LONG_CHARS or question.count("\n") >= LONG_LINES


def completed(question: str, standalone_question: str) -> bool:
    """Tell whether something else was searched for than what was asked."""
    return _plain(standalone_question) != _plain(question)


def _plain(question: str) -> str:
    return " ".join(question.lower().split()).strip(" ?!.")
