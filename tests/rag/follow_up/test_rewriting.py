"""Questions written anew."""

import pytest

from rag.follow_up.references import references
from rag.follow_up.rewriting import appended, how, parallel, put, swapped, why
from rag.follow_up.topic import Topic, same

LAMP = Topic("table lamp", article="a")
SHADE = Topic("shade", within="table lamp")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("how is it made?", "how is a lamp made?"),
        ("what are its parts?", "what are the parts of a lamp?"),
        ("does its switch in the wall work?", "does a lamp’s switch in the wall work?"),
        ("what is used there?", "what is used in a lamp?"),
        ("it's hot?", "a lamp is hot?"),
    ],
)
def test_a_name_takes_the_place_of_what_points_back(text: str, written: str) -> None:
    assert put(text, next(references(text)), "a lamp") == written


def test_words_go_before_the_question_mark() -> None:
    assert appended("is it hot ?!", "in a lamp") == "is it hot in a lamp?"


@pytest.mark.parametrize(
    ("previous", "asked"),
    [
        ("How does a lamp save power?", "why does a lamp save power?"),
        ("Is a lamp hot?", "why is a lamp hot?"),
        ("What are the drawbacks of a lamp?", "why are these the drawbacks of a lamp?"),
        ("What is the price of a lamp?", "why is this the price of a lamp?"),
        ("What is a table lamp?", "why a table lamp?"),
    ],
)
def test_why_asks_for_the_reason_of_the_previous_question(previous: str, asked: str) -> None:
    assert why(previous, LAMP) == asked


def test_how_asks_the_previous_yes_or_no_question_on() -> None:
    assert how("Can a lamp be cleaned?", LAMP, "how") == "how can a lamp be cleaned?"
    assert how("What is a lamp?", LAMP, "how") == "how does a table lamp work?"
    assert how("When was a lamp made?", LAMP, "by whom") == "by whom was a lamp made?"
    assert how("What is a lamp?", LAMP, "when") == "when, for a table lamp?"


def test_another_name_takes_the_article_it_needs() -> None:
    assert swapped("What is a lamp?", "lamp", "oven") == "What is an oven?"
    assert swapped("What is a lamp?", "lamp", "kettles") == "What is kettles?"
    assert swapped("What are lamps?", "lamp", "fans") == "What are fans?"
    assert swapped("How hot are lamps?", "fan", "oven") is None


@pytest.mark.parametrize(
    ("previous", "fragment", "asked"),
    [
        ("How hot is a lamp in winter?", "in summer", "How hot is a lamp in summer?"),
        ("What does the TX v4 reach?", "v5e", "What does the TX v5e reach?"),
        ("how many lamps does it need?", "fans", "how many fans does it need?"),
        ("Which bulb is best?", "shade", None),
        ("What is a lamp?", "for paint", None),
        ("How hot is it in table lamp?", "in winter", None),
    ],
)
def test_a_fragment_replaces_what_it_is_parallel_to(
    previous: str, fragment: str, asked: str | None
) -> None:
    assert parallel(previous, fragment, LAMP) == asked


def test_a_topic_names_the_entry_that_treats_it() -> None:
    assert (LAMP.phrase, LAMP.field) == ("a table lamp", "table lamp")
    assert (SHADE.phrase, SHADE.field) == ("shade in table lamp", "table lamp")
    assert Topic("TX2", within="TX").phrase == "TX2"
    assert Topic("table lamps shade", within="table lamp").phrase == "table lamps shade"


def test_twins_of_a_family_are_one_topic() -> None:
    assert same(Topic("TL", family=("lamp",)), Topic("table lamp", family=("lamp",)))
    assert same(Topic("Lamps"), Topic("lamp"))
    assert not same(Topic("lamp"), Topic("fan"))
