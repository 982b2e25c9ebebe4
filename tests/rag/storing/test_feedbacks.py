"""Feedback: one per answer, the latest counts, and it can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rag.storing.answers import Answers
from rag.storing.conversations import Conversations
from rag.storing.database import Database
from rag.storing.feedback import REASON_CHARS, Feedback, Rating
from rag.storing.feedbacks import Feedbacks
from tests.rag.storing.records import record

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_the_latest_feedback_counts(database: Database) -> None:
    told, box = record(), Feedbacks(database)
    begun = Conversations(database).begin("key", told)
    assert box.get(told.answer_id, "key") is None
    box.put(Feedback(told.answer_id, Rating.DOWN, "too long"), "key")
    latest = Feedback(told.answer_id, Rating.UP, "", "shorter", NOON)
    box.put(latest, "key")
    assert box.get(told.answer_id, "key") == latest
    assert Conversations(database).get(begun.conversation_id, "key").turns[0].feedback == latest
    assert [(one.feedback, one.answer) for one in box.rated()] == [(latest, told.answer)]


def test_feedback_can_be_taken_back_more_than_once(database: Database) -> None:
    told, box = record(), Feedbacks(database)
    Answers(database).keep(told, "")
    box.put(Feedback(told.answer_id, Rating.UP), "")
    box.remove(told.answer_id, "")
    box.remove(told.answer_id, "")
    assert box.get(told.answer_id, "") is None
    assert list(box.rated()) == []


def test_rated_answers_of_every_owner_come_in_the_order_of_rating(database: Database) -> None:
    told = [record(f"question {number}") for number in range(3)]
    for number, one in enumerate(told):
        Answers(database).keep(one, f"key-{number}")
        moment = NOON.replace(hour=20 - number)
        Feedbacks(database).put(
            Feedback(one.answer_id, Rating.UP, created_at=moment), f"key-{number}"
        )
    questions = [one.answer["question"] for one in Feedbacks(database).rated()]
    assert questions == ["question 2", "question 1", "question 0"]


@pytest.mark.parametrize("name", ["reason", "correction"])
def test_too_long_a_text_is_refused(name: str) -> None:
    long = "x" * REASON_CHARS
    assert getattr(Feedback("0" * 32, Rating.UP, **{name: long}), name) == long
    with pytest.raises(ValueError, match=f"the {name} has 2001 characters, at most 2000"):
        Feedback("0" * 32, Rating.UP, **{name: long + "x"})
