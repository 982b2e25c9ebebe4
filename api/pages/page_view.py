"""What the chat page shows: a conversation, those before it, and what can be asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.errors import one_line
from api.pages.example_questions import ExampleQuestion, explain
from api.pages.refusal_sentences import REFUSAL_SENTENCES, refusal_sentence
from api.pages.turn_view import TurnView, past_turn
from indexes.errors import SnapshotMissing
from rag.chat import Chat, Limits
from rag.errors import ConversationFull, ConversationMissing
from rag.storing.conversation import Conversation, ConversationPage

EXAMPLES = 4
LISTED = 40
"""How many conversations the list shows at once."""
SHOWN_TURNS = 20
"""How many turns the page shows at once, the last ones."""

LONGEST_QUESTION_CHARS = Limits().question_chars
"""Unless the settings say something else."""

_LONGEST_EXAMPLE_CHARS = 32
_NONE = ConversationPage((), None)


@dataclass(frozen=True, slots=True)
class Thread:
    """A stored conversation as it is shown.

    Attributes:
        conversation_id: in the address of the page.
        title: of the conversation.
        turns: some of its turns, in order.
        before: the position of the first of them when there are earlier ones, else 0.
    """

    conversation_id: str
    title: str
    turns: tuple[TurnView, ...]
    before: int = 0


@dataclass(frozen=True, slots=True)
class PageView:
    """Everything the template of the chat page needs.

    Attributes:
        question: in the question box, or to be asked at once when `is_pending`.
        thread: the conversation that is shown; None for a new one.
        listed: past conversations, the last used first.
        examples: questions to begin with.
        entries: how many the glossary has.
        is_pending: whether the script of the page asks `question` as soon as it runs.
        problem: what went wrong, in one line.
        sentence: the same for people; "" where `problem` has to do.
        needs_ingestion: whether there is no glossary yet.
        needs_fresh: whether the question can be asked in a new conversation instead.
        longest_question: how many characters a question may have.
    """

    question: str = ""
    thread: Thread | None = None
    listed: ConversationPage = _NONE
    examples: tuple[ExampleQuestion, ...] = ()
    entries: int = 0
    is_pending: bool = False
    problem: str = ""
    sentence: str = ""
    needs_ingestion: bool = False
    needs_fresh: bool = False
    longest_question: int = LONGEST_QUESTION_CHARS

    @property
    def sentences(self) -> dict[str, str]:
        """What is said of the errors that the script of the page may meet, by their kind."""
        return REFUSAL_SENTENCES

    @property
    def title(self) -> str:
        """The title of the page; "" for that of the whole site."""
        return self.thread.title if self.thread else self.question

    @property
    def is_new(self) -> bool:
        """Whether nothing was asked yet."""
        return not (self.thread or self.is_pending or self.problem)


def thread_of(chat: Chat, conversation: Conversation, before: int = 0) -> Thread:
    """Return the last turns of a conversation, or those before a position."""
    turns = [turn for turn in conversation.turns if not before or turn.position < before]
    shown = turns[-SHOWN_TURNS:]
    return Thread(
        conversation.conversation_id,
        conversation.title,
        tuple(past_turn(chat, turn) for turn in shown),
        shown[0].position if len(shown) < len(turns) else 0,
    )


def problem_view(question: str, problem: Exception) -> PageView:
    """Return the page that says what is wrong and what to do."""
    return PageView(
        question=question,
        problem=one_line(problem),
        sentence=refusal_sentence(problem),
        needs_ingestion=isinstance(problem, SnapshotMissing),
        needs_fresh=isinstance(problem, ConversationMissing | ConversationFull),
    )


def examples(chat: Chat) -> tuple[ExampleQuestion, ...]:
    """Return questions about a few terms, spread evenly over the glossary."""
    entry_ids = chat.index.entry_ids()
    step = max(1, len(entry_ids) // (4 * EXAMPLES))
    terms = dict.fromkeys(chat.index.entry(entry_id).term for entry_id in entry_ids[::step])
    return tuple(map(explain, _few(terms)))


def _few(terms: Iterable[str]) -> list[str]:
    short = [term for term in terms if len(term) <= _LONGEST_EXAMPLE_CHARS]
    return short[:: max(1, len(short) // EXAMPLES)][:EXAMPLES]
