"""What the page shows: a question, and its answer with sources, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from api.cited_source import CitedSource, Twin, cited_sources, twins
from api.errors import one_line
from api.markdown import to_html
from api.plain_text import printable
from corpus.entry import Entry
from indexes.errors import SnapshotMissing
from rag.answer import Answer
from rag.chat import Chat

EXAMPLES = 4
_LONGEST_EXAMPLE_CHARS = 32


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
class AnswerView:
    """An answer ready for the template; `html` is safe."""

    answer: Answer
    html: Markup
    sources: tuple[CitedSource, ...]
    nearest: tuple[Suggestion, ...]

    @property
    def took_ms(self) -> float:
        """Milliseconds from question to answer."""
        timings_ms = self.answer.timings_ms
        return timings_ms.get("total", sum(timings_ms.values()))


@dataclass(frozen=True, slots=True)
class PageView:
    """Everything the template of the page needs."""

    question: str
    answer: AnswerView | None = None
    examples: tuple[Suggestion, ...] = ()
    entries: int = 0
    problem: str | None = None
    needs_ingestion: bool = False


@dataclass(frozen=True, slots=True)
class EntryView:
    """Everything the template of one entry needs; `html` is safe."""

    entry: Entry
    html: Markup
    twins: tuple[Twin, ...]


def page_view(chat: Chat, question: str) -> PageView:
    """Return the page for a question, or the first page when there is none."""
    return PageView(
        question=question,
        answer=_answer_view(chat, question) if question.strip() else None,
        examples=_examples(chat),
        entries=len(chat.index.entry_ids()),
    )


def problem_view(question: str, problem: Exception) -> PageView:
    """Return the page that says what is wrong and what to do."""
    return PageView(
        question=question,
        problem=one_line(problem),
        needs_ingestion=isinstance(problem, SnapshotMissing),
    )


def entry_view(chat: Chat, entry_id: str) -> EntryView:
    """Return the page of one entry."""
    entry = chat.entry(entry_id)
    return EntryView(entry, _html(entry.body), twins(chat, entry.entry_id))


def _answer_view(chat: Chat, question: str) -> AnswerView:
    answer = chat.ask(question)
    return AnswerView(
        answer=answer,
        html=_html(answer.text, len(answer.citations)),
        sources=tuple(cited_sources(chat, answer)),
        nearest=tuple(_about(term) for term in answer.nearest_terms),
    )


def _html(text: str, citations: int = 0) -> Markup:
    return Markup(to_html(printable(text), citations))  # noqa: S704  the parser lets no HTML through


def _examples(chat: Chat) -> tuple[Suggestion, ...]:
    """Ask about a few terms, spread evenly over the glossary."""
    entry_ids = chat.index.entry_ids()
    step = max(1, len(entry_ids) // (4 * EXAMPLES))
    terms = dict.fromkeys(chat.index.entry(entry_id).term for entry_id in entry_ids[::step])
    short = [term for term in terms if len(term) <= _LONGEST_EXAMPLE_CHARS]
    chosen = short[:: max(1, len(short) // EXAMPLES)][:EXAMPLES]
    return tuple(Suggestion(f"What is {term}?", f"What is {term}?") for term in chosen)


def _about(term: str) -> Suggestion:
    return Suggestion(f"What is {term}?", term)
