"""Answers that are being written: known to every process, stopped from any, or stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rag.errors import AnswerMissing, ConversationMissing
from rag.storing.answer_record import AnswerRecord
from rag.storing.answers import Answers
from rag.storing.conversations import Conversations
from rag.storing.database import Database
from rag.storing.identifier import new_id
from rag.storing.underway import Underway
from tests.rag.storing.records import answer, record

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TALK, ID = new_id(), new_id()


def told(answer_id: str = ID) -> AnswerRecord:
    return AnswerRecord.of(answer(), answer_id=answer_id, events=[{"event": "delta", "data": {}}])


@pytest.fixture
def underway(database: Database) -> Underway:
    notes = Underway(database)
    notes.begin(ID, "key-1", TALK, fresh_s=60)
    return notes


@pytest.mark.usefixtures("underway")
def test_an_answer_is_known_to_its_owner_while_it_is_written(database: Database) -> None:
    kept = Answers(database)
    assert kept.events(ID, "key-1") is None
    for answer_id, owner in ((ID, "key-2"), (new_id(), "key-1"), ("x", "key-1")):
        with pytest.raises(AnswerMissing):
            kept.events(answer_id, owner)
    Conversations(database).begin("key-1", told(), TALK)
    assert kept.events(ID, "key-1") == told().events


def test_an_answer_that_was_given_up_is_known_no_more(
    database: Database, underway: Underway
) -> None:
    underway.end(ID)
    with pytest.raises(AnswerMissing):
        Answers(database).events(ID, "key-1")


def test_a_writer_that_died_is_not_waited_for_after_its_deadline(database: Database) -> None:
    now = [NOON]
    notes, kept = Underway(database, lambda: now[0]), Answers(database, lambda: now[0])
    notes.begin(ID, "", TALK, fresh_s=60)
    now[0] += timedelta(seconds=59)
    assert kept.events(ID, "") is None
    notes.renew([new_id(), ID], fresh_s=10)
    now[0] += timedelta(seconds=9)
    assert kept.events(ID, "") is None
    assert not notes.is_deserted(ID)
    now[0] += timedelta(seconds=1)
    assert notes.is_deserted(ID)
    with pytest.raises(AnswerMissing):
        kept.events(ID, "")
    notes.stop(ID, "")  # its note is there until old things are looked for
    Conversations(database, now=lambda: now[0]).expire()
    with pytest.raises(AnswerMissing):
        notes.stop(ID, "")


def test_what_was_stopped_is_not_stored(database: Database, underway: Underway) -> None:
    talks = Conversations(database)
    begun = talks.begin("key-1", record()).conversation_id
    assert underway.stopped() == frozenset()
    underway.stop(ID, "key-1")
    assert underway.stopped() == {ID}
    with pytest.raises(AnswerMissing):
        Answers(database).events(ID, "key-1")
    for store in (
        lambda: talks.begin("key-1", told(), TALK),
        lambda: talks.append(begun, "key-1", told()),
        lambda: Answers(database).keep(told(), "key-1"),
    ):
        with pytest.raises(AnswerMissing, match="was stopped before its end; nothing is kept"):
            store()
    with pytest.raises(ConversationMissing):
        talks.find(TALK, "key-1")
    assert talks.get(begun, "key-1").turn_count == 1
    underway.end(ID)
    assert underway.stopped() == frozenset()


def test_what_is_stored_or_somebody_elses_cannot_be_stopped(
    database: Database, underway: Underway
) -> None:
    for answer_id, owner in ((ID, "key-2"), (new_id(), "key-1"), ("x", "key-1")):
        with pytest.raises(AnswerMissing, match="is being written"):
            underway.stop(answer_id, owner)
    Answers(database).keep(told(), "key-1")
    with pytest.raises(AnswerMissing):
        underway.stop(ID, "key-1")
    assert Answers(database).get(ID, "key-1").answer_id == ID


def test_deleting_a_conversation_stops_what_is_written_for_it(
    database: Database, underway: Underway
) -> None:
    talks = Conversations(database)
    with pytest.raises(ConversationMissing):
        talks.delete(TALK, "key-2")
    talks.delete(TALK, "key-1")  # of which no turn is stored yet
    assert underway.stopped() == {ID}


def test_deleting_everything_stops_what_is_written(database: Database, underway: Underway) -> None:
    other = new_id()
    underway.begin(other, "key-2", new_id(), fresh_s=60)
    assert Conversations(database).delete_all("key-1") == 0
    assert underway.stopped() == {ID}
