"""The conversations in the database, each of one owner. Everybody else's do not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, update

from rag.follow_up.focus import REMEMBERED
from rag.storing.answer_record import AnswerRecord
from rag.storing.answers import insert_answer, read_turn
from rag.storing.conversation import Conversation, ConversationPage
from rag.storing.conversation_list import find_page
from rag.storing.conversation_rows import (
    claim_position,
    conversation_full,
    conversation_missing,
    find_conversation,
    find_turns,
    insert_conversation,
    is_conversation,
    last_turns,
)
from rag.storing.database import Database
from rag.storing.deletion import Expiry, delete_for_good
from rag.storing.identifier import is_id, new_id
from rag.storing.moments import Clock, to_microseconds, utc_now
from rag.storing.tables import answers, conversations, underway
from rag.storing.titles import in_one_case, tidy_title
from rag.turn import Turn


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the next answer of a conversation needs of it, in order.

    Attributes:
        turns: the last ones, for questions that lean on them.
        said: the (question, answer) pairs of the last ones.
    """

    turns: Sequence[Turn]
    said: Sequence[tuple[str, str]]


class Conversations:
    """Stores conversations with their turns. Safe to use from several threads and processes.

    Every method raises DatabaseUnusable when the database cannot be reached, read or written.
    """

    def __init__(
        self,
        database: Database,
        max_turns: int = 200,
        keep_days: int = 90,
        now: Clock = utc_now,
    ) -> None:
        """Work on an opened database.

        Args:
            database: shared with `Answers` and `Feedbacks`.
            max_turns: the longest conversation.
            keep_days: days without a new turn after which a conversation is deleted; 0: never.
            now: the clock.
        """
        self._database = database
        self._max_turns = max_turns
        self._now = now
        self._expiry = Expiry(database, keep_days, now)

    def create(self, owner: str, title: str = "") -> Conversation:
        """Store a conversation without turns; the first question gives the title if none is."""
        self.expire_if_due()
        with self._database.writing() as connection:
            return self._insert(connection, new_id(), owner, title)

    def begin(self, owner: str, record: AnswerRecord, conversation_id: str = "") -> Conversation:
        """Store a new conversation with its first turn, both or nothing.

        A `conversation_id` of `new_id()` may be given, for those who need it beforehand.

        Raises:
            AnswerMissing: it was stopped while it was written.
        """
        self.expire_if_due()
        with self._database.writing() as connection:
            begun = self._insert(connection, conversation_id or new_id(), owner, "")
            self._append(connection, begun.conversation_id, owner, record)
            return find_conversation(connection, begun.conversation_id, owner)

    def append(self, conversation_id: str, owner: str, record: AnswerRecord) -> int:
        """Store a turn with the full record of its answer; return its position, from 1.

        Raises:
            AnswerMissing: it was stopped while it was written.
            ConversationMissing: there is none of that id, no more, or it is not the owner's.
            ConversationFull: it has as many turns as are allowed.
        """
        with self._database.writing() as connection:
            return self._append(connection, conversation_id, owner, record)

    def find(self, conversation_id: str, owner: str) -> Conversation:
        """Return a conversation without its turns.

        Raises:
            ConversationMissing: there is none of that id, or it is not the owner's.
        """
        with self._database.reading() as connection:
            return find_conversation(connection, conversation_id, owner)

    def recall(self, conversation_id: str, owner: str, said: int) -> Recalled:
        """Return what the next answer of a conversation needs, at most `said` turns of texts.

        Raises:
            ConversationMissing: there is none of that id, or it is not the owner's.
            ConversationFull: it has as many turns as are allowed.
        """
        with self._database.reading() as connection:
            found = find_conversation(connection, conversation_id, owner)
            if found.turn_count >= self._max_turns:
                raise conversation_full(found, self._max_turns)
            kept = last_turns(connection, conversation_id, max(REMEMBERED, said))
        pairs = [(turn["turn"]["question"], turn["answer"]) for turn in kept if turn["answer"]]
        turns = [read_turn(turn["turn"]) for turn in kept[-REMEMBERED:]]
        return Recalled(turns, pairs[-said:])

    def get(self, conversation_id: str, owner: str) -> Conversation:
        """Return a conversation with its turns and the feedback on them.

        Raises:
            ConversationMissing: there is none of that id, or it is not the owner's.
        """
        with self._database.reading() as connection:
            found = find_conversation(connection, conversation_id, owner)
            return replace(found, turns=find_turns(connection, conversation_id))

    def list(
        self, owner: str, limit: int = 50, after: str | None = None, search: str = ""
    ) -> ConversationPage:
        """Return at most `limit` conversations, the last used first, without their turns.

        Args:
            owner: whose.
            limit: at least 1.
            after: `next` of the page before; it matches `CURSOR_PATTERN`.
            search: only those whose title holds this text, in any case.

        Raises:
            ValueError: `after` is no `next` of a page.
        """
        with self._database.reading() as connection:
            return find_page(connection, owner, limit, after, search)

    def rename(self, conversation_id: str, owner: str, title: str) -> Conversation:
        """Give a conversation another title, cut to what a title holds; return it.

        Raises:
            ConversationMissing: there is none of that id, or it is not the owner's.
        """
        title = tidy_title(title)
        with self._database.writing() as connection:
            found = find_conversation(connection, conversation_id, owner)
            connection.execute(
                update(conversations)
                .where(is_conversation(conversation_id, owner))
                .values(title=title, searched=in_one_case(title))
            )
            return replace(found, title=title)

    def delete(self, conversation_id: str, owner: str) -> None:
        """Delete a conversation with its turns, records and feedback; nothing is left of them.

        An answer that is being written for it, perhaps the first one, is stopped.

        Raises:
            ConversationMissing: there is none of that id, or it is not the owner's.
        """
        if not is_id(conversation_id):
            raise conversation_missing(conversation_id)
        which = is_conversation(conversation_id, owner)
        written = (underway.c.conversation_id == conversation_id) & (underway.c.owner == owner)
        if not any(delete_for_good(self._database, which, underway=written)):
            raise conversation_missing(conversation_id)

    def delete_all(self, owner: str) -> int:
        """Delete every conversation of an owner, and the records of what was asked without one.

        Answers that are being written for them are stopped.

        Returns:
            How many conversations there were.
        """
        return delete_for_good(
            self._database,
            conversations.c.owner == owner,
            answers.c.owner == owner,
            underway.c.owner == owner,
        ).conversations

    def turns(self, conversation_id: str, owner: str, last: int = REMEMBERED) -> Sequence[Turn]:
        """Return the last turns as the next question needs them, in order.

        Raises:
            ConversationMissing: there is none of that id, or it is not the owner's.
        """
        with self._database.reading() as connection:
            find_conversation(connection, conversation_id, owner)
            kept = last_turns(connection, conversation_id, last)
        return [read_turn(turn["turn"]) for turn in kept]

    def expire(self) -> int:
        """Delete what was not used for `keep_days`, in a conversation or without one.

        Returns:
            How many conversations there were.
        """
        return self._expiry.run()

    def expire_if_due(self) -> int:
        """Call `expire` unless this process did so in the last hour."""
        return self._expiry.run_if_due()

    def _insert(
        self, connection: Connection, conversation_id: str, owner: str, title: str
    ) -> Conversation:
        now = self._now()
        new = Conversation(conversation_id, owner, tidy_title(title), now, now, 0)
        insert_conversation(connection, new)
        return new

    def _append(
        self, connection: Connection, conversation_id: str, owner: str, record: AnswerRecord
    ) -> int:
        position = claim_position(
            connection,
            conversation_id,
            owner,
            question=record.turn.question,
            most=self._max_turns,
            now=to_microseconds(self._now()),
        )
        insert_answer(connection, record, owner, conversation_id, position)
        return position
