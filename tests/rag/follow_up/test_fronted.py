"""What stands in front of a question."""

import pytest

from rag.follow_up.fronted import Fronted, read_fronted


@pytest.mark.parametrize(
    ("text", "phrase", "rest"),
    [
        ("back to the lamp: how hot is it?", "the lamp", "how hot is it?"),
        ("going back to the first method, is it safe?", "the first method", "is it safe?"),
        ("let's go back to lamps. what do they cost?", "lamps", "what do they cost?"),
        ("returning to the fan", "the fan", ""),
    ],
)
def test_a_return_is_read(text: str, phrase: str, rest: str) -> None:
    assert read_fronted(text) == Fronted(phrase, rest, is_back=True, is_place=False)


def test_a_topic_or_place_in_front_is_read() -> None:
    assert read_fronted("fans, how do they work?") == Fronted(
        "fans", "how do they work?", is_back=False, is_place=False
    )
    assert read_fronted("in the lamp, is it hot?") == Fronted(
        "the lamp", "is it hot?", is_back=False, is_place=True
    )


def test_wide_gaps_are_one_blank() -> None:
    assert read_fronted(f"back{' ' * 2000}to fans") == Fronted("fans", "", True, False)


@pytest.mark.parametrize(
    "text",
    [
        "when water boils, what does it become?",
        "is it hot, and why?",
        "what is a lamp?",
        "lamps, please",
        "fan vs. kettle compared again",
    ],
)
def test_a_clause_is_no_topic_in_front(text: str) -> None:
    assert read_fronted(text) is None
