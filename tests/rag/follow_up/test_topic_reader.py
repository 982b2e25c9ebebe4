"""What a turn was about, over the small glossary of conftest.py."""

from collections.abc import Callable

import pytest

from rag.chat import Chat
from rag.follow_up.focus import ConversationFocus
from rag.follow_up.noun_phrases import NounPhrases
from rag.follow_up.topic_reader import TopicReader
from rag.question.question import read_question
from rag.terms.terms import TermTable
from rag.turn import Turn


@pytest.fixture
def reader(chat: Chat) -> TopicReader:
    return TopicReader(chat.index, TermTable(chat.index.names()))


def turn(question: str, *entry_ids: str, asked: str = "") -> Turn:
    return Turn(asked or question, question, entry_ids)


def phrases(reader: TopicReader, question: str, *entry_ids: str, asked: str = "") -> list[str]:
    return [topic.phrase for topic in reader.topics(turn(question, *entry_ids, asked=asked))]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How hot is a table lamp?", ["a table lamp"]),
        ("Is the TL, or table lamp, hot?", ["the TL"]),
        ("How hot is a table lamp v2?", ["a table lamp v2"]),
        ("Is a desk fan stand stable?", ["desk fan"]),
        ("How hot are table lamps?", ["Table Lamp"]),
        ("How hot are table lamps v2?", ["Table Lamp v2"]),
        ("How are a fan and a kettle related?", ["fan", "kettle"]),
        ("Does a kettle need a desk fan?", ["a kettle", "a desk fan"]),
        ("What is the difference between a kettle and a toaster?", ["kettle", "toaster"]),
    ],
)
def test_named_entries_are_topics_in_the_order_of_the_question(
    reader: TopicReader, question: str, expected: list[str]
) -> None:
    assert phrases(reader, question, "table-lamp") == expected


def test_a_topic_without_a_name_stands_within_the_entry_found(reader: TopicReader) -> None:
    assert phrases(reader, "What is steam?", "kettle") == ["steam in Kettle"]
    assert phrases(reader, "Which LED bulb is best?", "table-lamp") == ["LED bulb in Table Lamp"]
    assert phrases(reader, "can I leave it on?", "kettle") == ["Kettle"]
    assert phrases(reader, "What is a ketttle?", "kettle") == ["Kettle"]
    assert phrases(reader, "What is a kottla?", "kettle") == ["kottla in Kettle"]
    assert phrases(reader, "steam, is it hot?", "kettle") == ["steam in Kettle"]


def test_an_item_of_a_rewritten_question_is_its_topic(reader: TopicReader) -> None:
    text = "how does Shade in Table Lamp work?"
    assert phrases(reader, text, "table-lamp", asked="and the third?") == ["Shade in Table Lamp"]
    assert phrases(reader, text, "table-lamp") == ["Table Lamp"]


def test_a_turn_of_another_snapshot_has_only_its_words(reader: TopicReader) -> None:
    assert phrases(reader, "What is a toaster?", "gone") == ["toaster"]
    assert phrases(reader, "?!") == []


def test_a_short_name_recalls_the_latest_topic_that_has_it(reader: TopicReader) -> None:
    turns = [turn("What is a table lamp?"), turn("What is a kettle?")]
    focus = ConversationFocus(turns, reader)
    assert focus.current.name == "kettle"
    lamp = focus.recalled("lamp")
    assert lamp is not None
    assert lamp.name == "table lamp"
    assert focus.recalled("toaster") is None
    assert [topic.name for topic in focus.chronological()] == ["table lamp", "kettle"]


def test_a_phrase_is_told_by_its_rarest_words(chat_about: Callable[..., Chat]) -> None:
    chat = chat_about(
        '{"term": "Fan", "definition": "A fan moves air. Air is light. Air cools."}',
        '{"term": "Kettle", "definition": "A steam whistle sounds in moving air."}',
    )
    noun = NounPhrases(chat.index)
    assert noun.rarest("Why does air move through the steam whistle?") == "steam whistle"
    assert noun.rarest("why is it so?") == ""
    assert noun.of_definition(read_question("What is a steam whistle?", 99)) == "steam whistle"
    assert noun.of_definition(read_question("How is a steam whistle made?", 99)) == ""
