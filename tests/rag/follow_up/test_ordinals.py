"""Places in a list, and what only looks like one."""

import pytest

from rag.follow_up.ordinals import find_ordinal

ITEMS = ("a", "b", "c")


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("what about the second one?", "b"),
        ("explain the first", "a"),
        ("how does the third of those work", "c"),
        ("is the last method safe?", "c"),
        ("how much does the first improve results?", "a"),
        ("are the latter expensive?", "c"),
        ("the former?", "a"),
        ("tell me about number 2", "b"),
        ("option 3 please", "c"),
        ("and the fourth one?", None),
        ("step 9", None),
    ],
)
def test_a_place_picks_its_item(text: str, item: str | None) -> None:
    ordinal = find_ordinal(text)
    assert ordinal is not None
    assert ordinal.pick(ITEMS) == item


@pytest.mark.parametrize(
    "text",
    [
        "how should the last layer be set?",
        "how big was the first lamp?",
        "the first part of your statement",
        "which lamp was first?",
        "at last",
    ],
)
def test_an_ordinal_before_a_noun_of_its_own_is_no_place(text: str) -> None:
    assert find_ordinal(text) is None


def test_what_was_talked_about_is_counted_apart() -> None:
    ordinal = find_ordinal("the first thing we talked about, is it safe?")
    assert ordinal is not None
    assert ordinal.is_of_talk
    assert (ordinal.start, ordinal.end) == (0, len("the first thing we talked about"))


def test_the_other_is_marked() -> None:
    ordinal = find_ordinal("how hot is the other one?")
    assert ordinal is not None
    assert ordinal.is_other
