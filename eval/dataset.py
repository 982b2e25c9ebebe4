"""The nouns of a dataset: questions, what answers them, and conversations.

Judgments are on documents: the entries of the live glossary, by entry id, or the lines of the
dataset's own `corpus.jsonl`. They survive any change of passages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Characters of an entry's body that answer a question: `body[start:end]`."""

    entry_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A line of `corpus.jsonl`: its number, from 1, and the title that its entry has as its term.

    A document without a title is called by its id.
    """

    line: int
    title: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its judgments.

    Attributes:
        question_id: unique in the dataset; the n-th turn of conversation c is "c#n".
        text: as a person would ask it.
        kind: the slice it belongs to ("definition", "missing-detail"); "" without one.
        answerable: whether the corpus answers it; None when nobody judged that.
        gains: document id -> gain, above 0 for relevant documents.
        spans: characters that answer it, any of them.
        quotes: texts that answer it, any of them.
        is_verbatim: whether the quotes stand in a judged document as they are, Markdown marks and
            white space apart; those of some collections were cut into tokens.
        must_include: words without which an answer is wrong; each as its accepted spellings.
        history: what was said before, as ("user" | "agent", text) pairs.
        rewrite: the question made complete by a person; "" without one.
        place: file and line that it was read from; "" for none.
    """

    question_id: str
    text: str
    kind: str = ""
    answerable: bool | None = None
    gains: Mapping[str, int] = field(default_factory=dict)
    spans: tuple[GoldSpan, ...] = ()
    quotes: tuple[str, ...] = ()
    is_verbatim: bool = False
    must_include: tuple[tuple[str, ...], ...] = ()
    history: tuple[tuple[str, str], ...] = ()
    rewrite: str = ""
    place: str = ""

    @property
    def relevant(self) -> frozenset[str]:
        """Return the ids of the relevant documents."""
        return frozenset(document for document, gain in self.gains.items() if gain > 0)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Questions of which every one but the first may lean on those before."""

    conversation_id: str
    turns: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One split of a dataset.

    Attributes:
        name: of its folder.
        split: of its judgments.
        questions: complete ones, and those that carry their own history.
        conversations: asked turn by turn.
        documents: those of `corpus.jsonl` by document id; empty when the live glossary is judged.
        digest: SHA-256 over its files, shortened.
        warnings: what is doubtful about it and does not forbid its use; a line each.
    """

    name: str
    split: str
    questions: tuple[Question, ...]
    conversations: tuple[Conversation, ...]
    documents: Mapping[str, Document]
    digest: str
    warnings: tuple[str, ...] = ()

    def all_questions(self) -> Iterator[Question]:
        """Yield every question, then every turn."""
        yield from self.questions
        for conversation in self.conversations:
            yield from conversation.turns

    def alone(self) -> tuple[Question, ...]:
        """Return the questions that can be asked without history."""
        return tuple(question for question in self.questions if not question.history)

    def judged(self) -> tuple[Question, ...]:
        """Return the questions without history that have a relevant document."""
        return tuple(question for question in self.alone() if question.relevant)
