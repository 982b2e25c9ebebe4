"""Judge follow-ups: the ranking of each turn after the first, put in several ways.

    resolved   the standalone question that the system made of the turn
    raw        the turn as it was typed, as if nothing had been said before
    rewrite    the turn made complete by a person, where the dataset has that

The gap between raw and rewrite is what a resolver can win; resolved shows what it wins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.dataset import Conversation, Dataset, Question
from rag.answer import Answer
from rag.chat import Chat
from rag.errors import QuestionInvalid
from rag.hit import Hit
from rag.turn import Turn

RESOLVED, RAW, REWRITE = "resolved", "raw", "rewrite"
WAYS = (RESOLVED, RAW, REWRITE)


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """A turn, the answer it got (None when it was refused), and the hits of each way to put it."""

    question: Question
    answer: Answer | None
    hits: Mapping[str, Sequence[Hit]]


def task_name(way: str) -> str:
    """Return the name of the task that judges one way to put a turn."""
    return f"conversations, {way}"


def count_turns(dataset: Dataset) -> int:
    """Return how many turns of the dataset are asked."""
    with_history = sum(bool(question.history) for question in dataset.questions)
    return with_history + sum(len(c.turns) for c in dataset.conversations)


def ask_all(
    chat: Chat, dataset: Dataset, depth: int, on_turn: Callable[[], None] = lambda: None
) -> Iterator[AskedTurn]:
    """Ask every turn that leans on something said before; first turns are asked, not yielded."""
    for conversation in dataset.conversations:
        yield from _ask_conversation(chat, conversation, depth, on_turn)
    for question in dataset.questions:
        if question.history:
            on_turn()
            turns = chat.turns_of(question.history)
            yield _ask(chat, question, turns, depth)


def _ask_conversation(
    chat: Chat, conversation: Conversation, depth: int, on_turn: Callable[[], None]
) -> Iterator[AskedTurn]:
    turns: list[Turn] = []
    for number, question in enumerate(conversation.turns, start=1):
        on_turn()
        asked = _ask(chat, question, turns, depth)
        if asked.answer is not None:
            turns.append(Turn.of(asked.answer))
        if number > 1:
            yield asked


def _ask(chat: Chat, question: Question, turns: Sequence[Turn], depth: int) -> AskedTurn:
    try:
        answer = chat.ask(question.text, turns)
    except QuestionInvalid:
        answer = None
    put = {
        RESOLVED: answer.standalone_question if answer else "",
        RAW: question.text,
        REWRITE: question.rewrite,
    }
    hits = {way: _search(chat, text, depth) for way, text in put.items() if text or way != REWRITE}
    return AskedTurn(question, answer, hits)


def _search(chat: Chat, text: str, depth: int) -> Sequence[Hit]:
    try:
        return chat.search(text, depth).hits
    except QuestionInvalid:
        return ()


def asked_in(way: str, asked: Iterable[AskedTurn]) -> list[AskedTurn]:
    """Return the turns that could be put in this way."""
    return [turn for turn in asked if way in turn.hits]
