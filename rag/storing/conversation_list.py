"""One page of an owner's conversations, and the cursor that leads to the next."""

from __future__ import annotations

import re

from sqlalchemy import Connection, select, tuple_

from rag.storing.conversation import Conversation, ConversationPage
from rag.storing.conversation_rows import read_conversation
from rag.storing.moments import to_microseconds
from rag.storing.tables import conversations
from rag.storing.titles import in_one_case, tidy_title

CURSOR_PATTERN = r"^[0-9]{1,16}-[0-9a-f]{32}$"
"""What `ConversationPage.next` looks like."""

_KEY = (conversations.c.updated_at, conversations.c.conversation_id)


def find_page(
    connection: Connection, owner: str, limit: int, after: str | None, search: str
) -> ConversationPage:
    """Return at most `limit` conversations, the last used first; see `Conversations.list`."""
    query = select(conversations).where(conversations.c.owner == owner)
    if after is not None:
        query = query.where(tuple_(*_KEY) < tuple_(*_read_cursor(after)))
    if wanted := in_one_case(tidy_title(search)):
        query = query.where(conversations.c.searched.contains(wanted, autoescape=True))
    query = query.order_by(*(column.desc() for column in _KEY)).limit(limit + 1)
    rows = connection.execute(query).all()
    page = tuple(read_conversation(row) for row in rows[:limit])
    return ConversationPage(page, _cursor(page[-1]) if len(rows) > limit else None)


def _cursor(conversation: Conversation) -> str:
    return f"{to_microseconds(conversation.updated_at)}-{conversation.conversation_id}"


def _read_cursor(text: str) -> tuple[int, str]:
    if not re.fullmatch(CURSOR_PATTERN, text):
        raise ValueError(f"{text[:60]!r} is no `next` of a page of conversations")
    moment, conversation_id = text.split("-")
    return int(moment), conversation_id
