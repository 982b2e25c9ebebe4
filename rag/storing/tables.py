"""The tables of conversations: plain columns for what is looked up, packed JSON for the rest.

Texts are packed because they may hold characters that a database refuses in text columns. Times
are microseconds since 1970, UTC.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

LAYOUT = 2
"""The version of these tables; `layouts.py` leads older ones here, newer ones are refused."""

metadata = MetaData()
_Id = String(32)

layout = Table(
    "aifactory_layout",
    metadata,
    Column("layout_id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("remains", Integer, nullable=False),  # whether deleted text may linger in the file
    CheckConstraint("layout_id = 1"),
)

conversations = Table(
    "aifactory_conversations",
    metadata,
    Column("conversation_id", _Id, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("searched", Text, nullable=False),  # the title in one case
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False, index=True),
    Column("turn_count", Integer, nullable=False),
    Index("aifactory_conversations_newest", "owner", "updated_at", "conversation_id"),
)

answers = Table(
    "aifactory_answers",
    metadata,
    Column("answer_id", _Id, primary_key=True),
    Column("owner", Text, nullable=False),
    Column(
        "conversation_id",
        _Id,
        ForeignKey(conversations.c.conversation_id, ondelete="CASCADE"),
    ),
    Column("position", Integer),
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("turn", LargeBinary, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("events", LargeBinary, nullable=False),
    UniqueConstraint("conversation_id", "position"),
)

underway = Table(
    "aifactory_underway",
    metadata,
    Column("answer_id", _Id, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("conversation_id", _Id, nullable=False),
    Column("deadline", BigInteger, nullable=False),  # later, whoever wrote it is gone
    Column("stopped", Integer, nullable=False),  # whether somebody wants it stopped
)

feedback = Table(
    "aifactory_feedback",
    metadata,
    Column("answer_id", _Id, ForeignKey(answers.c.answer_id, ondelete="CASCADE"), primary_key=True),
    Column("rating", String(4), nullable=False),
    Column("words", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
