"""Rows of conversations and their turns, written and read inside the caller's transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, insert, select, update

from rag.errors import ConversationFull, ConversationMissing
from rag.storing.answers import read_turn
from rag.storing.conversation import Conversation, ConversationTurn
from rag.storing.feedbacks import read_feedback
from rag.storing.identifier import is_id
from rag.storing.moments import from_microseconds, to_microseconds
from rag.storing.packing import unpack
from rag.storing.tables import answers, conversations, feedback
from rag.storing.titles import in_one_case, tidy_title


def is_conversation(conversation_id: str, owner: str) -> ColumnElement[bool]:
    """Return the condition that a row is the owner's conversation of that id."""
    same_id = conversations.c.conversation_id == conversation_id
    return same_id & (conversations.c.owner == owner)


def insert_conversation(connection: Connection, new: Conversation) -> None:
    """Insert a conversation without turns."""
    connection.execute(
        insert(conversations).values(
            conversation_id=new.conversation_id,
            owner=new.owner,
            title=new.title,
            searched=in_one_case(new.title),
            created_at=to_microseconds(new.created_at),
            updated_at=to_microseconds(new.updated_at),
            turn_count=new.turn_count,
        )
    )


def find_conversation(connection: Connection, conversation_id: str, owner: str) -> Conversation:
    """Return a conversation without its turns; ConversationMissing when there is none."""
    if not is_id(conversation_id):
        raise conversation_missing(conversation_id)
    query = select(conversations).where(is_conversation(conversation_id, owner))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise conversation_missing(conversation_id)
    return read_conversation(row)


def find_turns(connection: Connection, conversation_id: str) -> tuple[ConversationTurn, ...]:
    """Return the turns of a conversation, in order, with the feedback on them."""
    answered_at = answers.c.created_at.label("answered_at")
    answer = (answers.c.answer_id, answers.c.position, answered_at, answers.c.turn)
    thought = (feedback.c.rating, feedback.c.words, feedback.c.created_at)
    query = (
        select(*answer, *thought)
        .outerjoin(feedback, feedback.c.answer_id == answers.c.answer_id)
        .where(answers.c.conversation_id == conversation_id)
        .order_by(answers.c.position)
    )
    return tuple(_read_turn_row(row) for row in connection.execute(query))


def last_turns(connection: Connection, conversation_id: str, last: int) -> list[dict[str, Any]]:
    """Return what is kept of the last turns, in order."""
    query = (
        select(answers.c.turn)
        .where(answers.c.conversation_id == conversation_id)
        .order_by(answers.c.position.desc())
        .limit(last)
    )
    return [unpack(packed) for packed in reversed(connection.scalars(query).all())]


def claim_position(
    connection: Connection,
    conversation_id: str,
    owner: str,
    *,
    question: str,
    most: int,
    now: int,
) -> int:
    """Take the next position, from 1; who else appends waits until the transaction ends.

    The question gives the title when there is none yet. `most` turns are allowed; `now` is in
    microseconds. Raises ConversationMissing or ConversationFull.
    """
    if not is_id(conversation_id):
        raise conversation_missing(conversation_id)
    title = tidy_title(question)
    untitled = conversations.c.title == ""
    position: int | None = connection.scalar(
        update(conversations)
        .where(is_conversation(conversation_id, owner), conversations.c.turn_count < most)
        .values(
            turn_count=conversations.c.turn_count + 1,
            updated_at=now,
            title=case((untitled, title), else_=conversations.c.title),
            searched=case((untitled, in_one_case(title)), else_=conversations.c.searched),
        )
        .returning(conversations.c.turn_count)
    )
    if position is None:
        raise conversation_full(find_conversation(connection, conversation_id, owner), most)
    return position


def conversation_full(found: Conversation, most: int) -> ConversationFull:
    """Return the error of a conversation that has as many turns as are allowed."""
    return ConversationFull(
        f"the conversation {found.conversation_id!r} has {found.turn_count} turns, at most {most}; "
        "begin a new one"
    )


def conversation_missing(conversation_id: str) -> ConversationMissing:
    """Return the error of an id that leads to no conversation."""
    return ConversationMissing(
        f"there is no conversation {conversation_id[:40]!r}; it may have been deleted, "
        "or belong to another key"
    )


def read_conversation(row: Row[Any]) -> Conversation:
    """Return the noun that a row holds, without turns."""
    return Conversation(
        conversation_id=row.conversation_id,
        owner=row.owner,
        title=row.title,
        created_at=from_microseconds(row.created_at),
        updated_at=from_microseconds(row.updated_at),
        turn_count=row.turn_count,
    )


def _read_turn_row(row: Any) -> ConversationTurn:
    kept = unpack(row.turn)
    return ConversationTurn(
        answer_id=row.answer_id,
        position=row.position,
        turn=read_turn(kept["turn"]),
        text=kept["answer"],
        citations=tuple(kept["citations"]),
        hits=tuple(kept["hits"]),
        answerable=kept["answerable"],
        probability=kept["answerable_probability"],
        model=kept["model"],
        snapshot_id=kept["snapshot_id"],
        timings_ms=kept["timings_ms"],
        notice=kept.get("notice", ""),
        created_at=from_microseconds(row.answered_at),
        feedback=read_feedback(row) if row.rating is not None else None,
    )
