"""What a conversation is about: its topics, turn by turn, the latest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.follow_up.ordinals import find_ordinal
from rag.follow_up.references import is_courtesy
from rag.follow_up.topic import Topic, same
from rag.follow_up.topic_reader import TopicReader
from rag.question.question import Kind, read_question
from rag.terms.terms import name_words, speaks_of
from rag.turn import Turn

REMEMBERED = 6  # turns


class ConversationFocus:
    """The topics of the last turns."""

    def __init__(self, turns: Sequence[Turn], reader: TopicReader) -> None:
        self.turns = tuple(turns[-REMEMBERED:])
        self._reader = reader
        self._topics = [list(reader.topics(turn)) for turn in self.turns]
        if any(turn.is_answered and topics for turn, topics in self._read()):
            for position, turn in enumerate(self.turns):
                if not turn.is_answered and not self._names(turn):
                    self._topics[position] = []

    @property
    def last(self) -> Turn:
        """Return the turn before the question."""
        return self.turns[-1]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is known of what was talked about."""
        return not any(self._topics)

    @property
    def current(self) -> Topic:
        """Return the topic that a pronoun means first; there must be one."""
        return next(self.latest())

    def other_than(self, named: Sequence[Topic]) -> Topic | None:
        """Return the latest topic that is none of those named, or None."""
        strangers = (t for t in self.latest() if not any(same(t, other) for other in named))
        return next(strangers, None)

    def latest(self) -> Iterator[Topic]:
        """Yield the topics, those of the last turn first."""
        for topics in reversed(self._topics):
            yield from topics

    def knows(self, topic: Topic) -> bool:
        """Tell whether something was talked about."""
        return any(same(topic, other) for other in self.latest())

    def chronological(self) -> list[Topic]:
        """Return the topics in the order in which they came up, each once."""
        found: dict[tuple[str, ...], Topic] = {}
        for topics in self._topics:
            for topic in topics[:1]:
                found.setdefault(name_words(topic.name), topic)
        return list(found.values())

    def pair(self) -> list[Topic]:
        """Return the two topics that were set against each other last; none without such."""
        for topics in reversed(self._topics[-3:]):
            if len(topics) >= 2:
                return topics[:2]
        return []

    def last_two(self) -> list[Topic]:
        """Return the pair, else the two topics that came up last; none when there was one."""
        latest = self.chronological()[-2:]
        return self.pair() or (latest if len(latest) == 2 else [])

    def last_pair(self) -> list[Topic]:
        """Return the two topics of the last turn; none when it had one."""
        return self._topics[-1][:2] if len(self._topics[-1]) >= 2 else []

    def offers(self, noun: str = "") -> Iterator[list[Topic]]:
        """Yield what can be picked from, the latest first: the things named together, or a list.

        With a noun, first the lists that were asked for by it ("kind"). A turn that picked leaves
        what it picked from in focus ("the first?", "and the second?"), and so does a "thanks"; what
        was offered before any other question that was declined is forgotten.
        """
        shown: list[tuple[Turn, list[Topic]]] = []
        for turn, topics in reversed(list(self._read())):
            if find_ordinal(turn.question) or is_courtesy(turn.question):
                continue
            if not turn.is_answered:
                break
            shown.append((turn, topics))
        named = [turn for turn, _ in shown if noun and speaks_of(turn.standalone_question, noun)]
        yield from (self._items(turn) for turn in named if turn.items)
        for turn, topics in shown:
            if len(topics) > 1 and not (turn.items and _asks_for_list(turn)):
                yield topics
            elif turn.items:
                yield self._items(turn)

    def _items(self, turn: Turn) -> list[Topic]:
        """Return the items that a turn showed, each within its entry."""
        return [self._reader.topic(item, turn) if item else Topic("") for item in turn.items]

    def recalled(self, noun: str) -> Topic | None:
        """Return the latest topic whose name a noun phrase shortens, or None."""
        best = max(self.latest(), key=lambda topic: self._reader.recall(topic, noun), default=None)
        return best if best and self._reader.recall(best, noun) > 0.5 else None

    def mentioned(self, noun: str) -> Topic | None:
        """Return a noun phrase as a topic of the latest turn with half its telling words."""
        for turn in reversed(self.turns):
            used = Topic(f"{turn.standalone_question} {' '.join(turn.items)}")
            if self._reader.recall(used, noun) >= 0.5:
                return self._reader.topic(noun, turn)
        return None

    def _read(self) -> Iterator[tuple[Turn, list[Topic]]]:
        return zip(self.turns, self._topics, strict=True)

    def _names(self, turn: Turn) -> bool:
        return bool(self._reader.named_in(turn.standalone_question))


def _asks_for_list(turn: Turn) -> bool:
    text = turn.standalone_question
    return read_question(text, len(text)).kind in (Kind.LIST, Kind.STEPS)
