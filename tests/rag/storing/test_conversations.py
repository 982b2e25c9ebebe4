"""Conversations: created, continued, listed, renamed; of one owner each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from rag.errors import AnswerMissing, ConversationFull, ConversationMissing
from rag.storing.answer_record import AnswerRecord
from rag.storing.answers import Answers
from rag.storing.conversations import Conversations
from rag.storing.database import Database
from rag.storing.feedback import Feedback, Rating
from rag.storing.feedbacks import Feedbacks
from rag.storing.identifier import new_id
from rag.storing.tables import answers, conversations, feedback
from rag.turn import Turn
from tests.rag.storing.records import CITATION, answer, declined, record

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ODD = ["", "nul \x00 in it", "lone \ud800 surrogate", "🧑‍🚀 🪔 é", "' OR 1=1 --", "%_\\", "a\r\nb"]


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def talks(database: Database, clock: Clock) -> Conversations:
    return Conversations(database, max_turns=3, keep_days=90, now=clock)


def rows(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        return {
            table.name.removeprefix("aifactory_"): connection.scalar(
                select(func.count()).select_from(table)
            )
            or 0
            for table in (conversations, answers, feedback)
        }


def test_a_turn_comes_back_as_it_was_stored(talks: Conversations, clock: Clock) -> None:
    created = talks.create("key-1")
    clock.move(minutes=1)
    told = record()
    assert talks.append(created.conversation_id, "key-1", told) == 1
    found = talks.get(created.conversation_id, "key-1")
    assert (found.title, found.turn_count) == ("What is a lamp?", 1)
    assert (found.created_at, found.updated_at) == (NOON, NOON + timedelta(minutes=1))
    [turn] = found.turns
    assert (turn.answer_id, turn.position, turn.text) == (told.answer_id, 1, told.answer["answer"])
    assert (turn.answerable, turn.probability, turn.model) == (True, 0.9, "extractive")
    assert (turn.snapshot_id, turn.timings_ms) == ("00000000000000aa", {"total": 1.5})
    assert (turn.notice, turn.feedback, turn.created_at) == ("", None, told.created_at)
    [hit] = turn.hits
    assert hit == {
        "rank": 1, "score": 0.5, "entry_id": "lamp", "heading": "Lamp, Lighting", "term": "Lamp",
    }  # fmt: skip
    [citation] = turn.citations
    assert citation["quote"] == CITATION.quote
    assert citation["support"] == {"verdict": "quoted", "score": 1.0}
    assert turn.to_json()["standalone_question"] == "What is a lamp?"


def test_the_whole_record_comes_back_by_its_id(talks: Conversations, database: Database) -> None:
    told = record(text="word " * 2000)
    begun = talks.begin("key-1", told)
    found = Answers(database).get(told.answer_id, "key-1")
    assert found.conversation_id == begun.conversation_id
    assert found.answer == told.answer
    assert (found.messages, found.raw_text) == (told.messages, told.raw_text)
    assert (found.verdicts, found.events) == (told.verdicts, told.events)
    assert (found.turn, found.created_at) == (told.turn, told.created_at)
    assert Answers(database).events(told.answer_id, "key-1") == told.events
    assert found.to_json()["prompt"][0] == {"role": "system", "content": "Answer."}


def test_the_turns_are_those_of_the_process_that_answered(talks: Conversations) -> None:
    first, second = answer(), declined("What does it weigh?")
    begun = talks.begin("", AnswerRecord.of(first))
    talks.append(begun.conversation_id, "", AnswerRecord.of(second))
    listed = answer("Its parts?", "- **Bulb**: gives light. [1]\n- **Cord**: brings power. [1]")
    talks.append(begun.conversation_id, "", AnswerRecord.of(listed))
    expected = [Turn.of(first), Turn.of(second), Turn.of(listed)]
    assert expected[2].items == ("Bulb", "Cord")
    assert talks.turns(begun.conversation_id, "") == expected
    assert talks.turns(begun.conversation_id, "", last=2) == expected[1:]


def test_what_the_next_answer_needs_is_read_at_once(database: Database) -> None:
    talks = Conversations(database, max_turns=9)
    told = [answer(f"Question {number}?", f"Answer {number}.") for number in range(8)]
    begun = talks.begin("", AnswerRecord.of(told[0])).conversation_id
    for one in told[1:]:
        talks.append(begun, "", AnswerRecord.of(one))
    seen: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    recalled = talks.recall(begun, "", said=2)
    assert len([statement for statement in seen if "SELECT" in statement]) == 2
    assert recalled.turns == [Turn.of(one) for one in told[-6:]]
    assert recalled.said == [("Question 6?", "Answer 6."), ("Question 7?", "Answer 7.")]
    assert len(talks.recall(begun, "", said=7).said) == 7
    talks.append(begun, "", record())
    with pytest.raises(ConversationFull, match="has 9 turns, at most 9"):
        talks.recall(begun, "", said=2)


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_any_text_comes_back_character_for_character(
    talks: Conversations, database: Database, odd: str
) -> None:
    told = record(odd, odd)
    begun = talks.begin("k", told)
    [turn] = talks.get(begun.conversation_id, "k").turns
    assert (turn.question, turn.text) == (odd, odd)
    assert Answers(database).get(told.answer_id, "k").answer == told.answer
    Feedbacks(database).put(Feedback(told.answer_id, Rating.DOWN, odd, odd), "k")
    [turn] = talks.get(begun.conversation_id, "k").turns
    assert turn.feedback is not None
    assert (turn.feedback.reason, turn.feedback.correction) == (odd, odd)
    talks.rename(begun.conversation_id, "k", odd)
    assert talks.list("k", search=odd).conversations
    assert not talks.list("k", search=f"{odd}x").conversations


def test_an_answer_of_a_megabyte_comes_back(talks: Conversations) -> None:
    long = "".join(chr(0x4E00 + n % 20_000) for n in range(350_000))
    begun = talks.begin("", record("?" * 2000, long))
    assert talks.get(begun.conversation_id, "").turns[0].text == long
    assert begun.title == "?" * 79 + "…"


def test_what_is_somebody_elses_does_not_exist(talks: Conversations, database: Database) -> None:
    told = record()
    mine = talks.begin("key-1", told).conversation_id
    for attempt in (
        lambda: talks.get(mine, "key-2"),
        lambda: talks.find(mine, ""),
        lambda: talks.append(mine, "key-2", record()),
        lambda: talks.rename(mine, "key-2", "x"),
        lambda: talks.delete(mine, "key-2"),
        lambda: talks.turns(mine, "key-2"),
        lambda: talks.recall(mine, "key-2", 1),
    ):
        with pytest.raises(ConversationMissing, match=mine):
            attempt()
    box = Feedbacks(database)
    for attempt in (
        lambda: Answers(database).get(told.answer_id, "key-2"),
        lambda: Answers(database).events(told.answer_id, "key-2"),
        lambda: Answers(database).delete(told.answer_id, "key-2"),
        lambda: box.put(Feedback(told.answer_id, Rating.UP), "key-2"),
        lambda: box.get(told.answer_id, "key-2"),
        lambda: box.remove(told.answer_id, "key-2"),
    ):
        with pytest.raises(AnswerMissing, match=told.answer_id):
            attempt()
    assert talks.list("key-2").conversations == ()
    assert rows(database) == {"conversations": 1, "answers": 1, "feedback": 0}


@pytest.mark.parametrize(
    "odd", ["", "x", "\x00", "\ud800", "0" * 33, "0" * 32, "A" * 32], ids=ascii
)
def test_an_id_that_nobody_gave_leads_nowhere(
    talks: Conversations, database: Database, odd: str
) -> None:
    for attempt in (talks.get, talks.delete, talks.find):
        with pytest.raises(ConversationMissing):
            attempt(odd, "")
    with pytest.raises(ConversationMissing):
        talks.append(odd, "", record())
    with pytest.raises(AnswerMissing):
        Answers(database).get(odd, "")


def test_a_full_conversation_takes_no_further_turn(
    talks: Conversations, database: Database
) -> None:
    begun = talks.begin("", record()).conversation_id
    assert [talks.append(begun, "", record()) for _ in range(2)] == [2, 3]
    with pytest.raises(ConversationFull, match="has 3 turns, at most 3; begin a new one"):
        talks.append(begun, "", record())
    assert rows(database)["answers"] == 3


def test_conversations_are_listed_in_pages_the_last_used_first(
    talks: Conversations, clock: Clock
) -> None:
    made = []
    for _ in range(5):
        clock.move(seconds=1)
        made.append(talks.begin("", record()).conversation_id)
    clock.move(seconds=1)
    talks.append(made[0], "", record())
    pages, after = [], None
    while True:
        page = talks.list("", limit=2, after=after)
        pages.append([found.conversation_id for found in page.conversations])
        after = page.next
        if after is None:
            break
    assert pages == [[made[0], made[4]], [made[3], made[2]], [made[1]]]
    with pytest.raises(ValueError, match="is no `next`"):
        talks.list("", after="x")


def test_titles_are_searched_in_any_case(talks: Conversations) -> None:
    talks.create("", "  Straße\tund Äpfel\n")
    talks.create("", "100 % of a_b")
    found = {
        wanted: [c.title for c in talks.list("", search=wanted).conversations]
        for wanted in ("STRASSE", "äPFEL", "%", "_", "straße und", "100%")
    }
    assert found == {
        "STRASSE": ["Straße und Äpfel"],
        "äPFEL": ["Straße und Äpfel"],
        "%": ["100 % of a_b"],
        "_": ["100 % of a_b"],
        "straße und": ["Straße und Äpfel"],
        "100%": [],
    }


def test_a_given_title_stays_and_can_be_changed(talks: Conversations, clock: Clock) -> None:
    made = talks.create("", "Lamps").conversation_id
    clock.move(days=1)
    talks.append(made, "", record("What is a fan?"))
    assert talks.find(made, "").title == "Lamps"
    assert talks.rename(made, "", "Fans \x00 and\nlamps").title == "Fans and lamps"
    assert talks.find(made, "").title == "Fans and lamps"
    assert talks.find(made, "").updated_at == NOON + timedelta(days=1)


def test_deletion_leaves_no_row(talks: Conversations, database: Database) -> None:
    told, other = record(), record()
    gone, stays = talks.begin("", told), talks.begin("", other)
    Feedbacks(database).put(Feedback(told.answer_id, Rating.UP), "")
    talks.delete(gone.conversation_id, "")
    assert rows(database) == {"conversations": 1, "answers": 1, "feedback": 0}
    with pytest.raises(ConversationMissing):
        talks.append(gone.conversation_id, "", record())
    with pytest.raises(ConversationMissing):
        talks.delete(gone.conversation_id, "")
    assert rows(database)["answers"] == 1
    assert talks.get(stays.conversation_id, "").turns[0].answer_id == other.answer_id


def test_an_answer_without_a_conversation_is_deleted_alone(
    talks: Conversations, database: Database
) -> None:
    lone, other, turn = record(), record(), record()
    kept = Answers(database)
    for one in (lone, other):
        kept.keep(one, "")
    begun = talks.begin("", turn).conversation_id
    Feedbacks(database).put(Feedback(lone.answer_id, Rating.UP), "")
    kept.delete(lone.answer_id, "")
    assert rows(database) == {"conversations": 1, "answers": 2, "feedback": 0}
    for missing in (lone.answer_id, new_id(), "x"):
        with pytest.raises(AnswerMissing):
            kept.delete(missing, "")
    with pytest.raises(ValueError, match=f"is a turn of the conversation {begun}; delete that"):
        kept.delete(turn.answer_id, "")
    assert rows(database)["answers"] == 2


def test_all_of_an_owner_is_deleted_at_once(talks: Conversations, database: Database) -> None:
    for owner in ("a", "a", "b"):
        talks.begin(owner, record())
        Answers(database).keep(record(), owner)
    assert talks.delete_all("a") == 2
    assert rows(database) == {"conversations": 1, "answers": 2, "feedback": 0}


def test_what_nobody_uses_is_deleted_after_so_many_days(
    talks: Conversations, database: Database, clock: Clock
) -> None:
    old, used = talks.begin("", record()), talks.begin("", record())
    stray = record()
    Answers(database).keep(AnswerRecord(new_id(), stray.answer, stray.turn, created_at=NOON), "")
    clock.move(days=90)
    talks.append(used.conversation_id, "", record())
    assert talks.expire() == 0
    clock.move(seconds=1)
    assert talks.expire() == 1
    with pytest.raises(ConversationMissing):
        talks.find(old.conversation_id, "")
    assert rows(database) == {"conversations": 1, "answers": 2, "feedback": 0}


def test_old_conversations_are_looked_for_once_an_hour(talks: Conversations, clock: Clock) -> None:
    talks.begin("", record())
    clock.move(days=91)
    assert talks.expire_if_due() == 1
    talks.begin("", record())
    clock.move(minutes=59)
    assert talks.expire_if_due() == 0


def test_without_a_limit_of_age_nothing_is_deleted(database: Database, clock: Clock) -> None:
    talks = Conversations(database, keep_days=0, now=clock)
    talks.begin("", record())
    clock.move(days=10_000)
    assert talks.expire() == 0


def test_ids_are_random(talks: Conversations) -> None:
    ids = {talks.create("").conversation_id for _ in range(3)} | {new_id()}
    assert len(ids) == 4
    assert all(len(one) == 32 and int(one, 16) for one in ids)
