"""What a turn shows: times with their unit, long questions, completed ones."""

from __future__ import annotations

import pytest

from api.pages.turn_view import (
    INCOMPLETE,
    INSTEAD,
    completed,
    duration,
    in_sentences,
    is_long,
)


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [(0.2, "1 ms"), (6.4, "6 ms"), (999.4, "999 ms"), (999.6, "1.0 s"), (12_345, "12.3 s")],
)
def test_a_time_is_shown_in_seconds_from_one_second_on(milliseconds: float, shown: str) -> None:
    assert duration(milliseconds) == shown


@pytest.mark.parametrize(("milliseconds", "shown"), [(0.02, "0.1 ms"), (6.42, "6.4 ms")])
def test_a_stage_is_shown_with_tenths(milliseconds: float, shown: str) -> None:
    assert duration(milliseconds, 1) == shown


@pytest.mark.parametrize(
    ("question", "is_it"),
    [("x" * 280, False), ("x" * 281, True), ("a\nb\nc\nd\ne", False), ("a\nb\nc\nd\ne\nf", True)],
)
def test_a_question_is_long_by_its_characters_or_lines(question: str, is_it: bool) -> None:
    assert is_long(question) is is_it


def test_a_question_is_completed_when_other_words_were_searched_for() -> None:
    assert not completed("what is  a lamp", "What is a lamp?")
    assert completed("What parts has it?", "What parts has a lamp?")


OPEN = "the glossary does not answer “Who made it?”"


@pytest.mark.parametrize(
    ("notice", "model", "shown"),
    [
        ("", "extractive", ""),
        ("told said nothing; what stands here instead are quotes", "extractive", INSTEAD),
        ("told was cut off; the answer may be incomplete", "told", INCOMPLETE),
        (OPEN, "extractive", "The glossary does not answer “Who made it?”."),
        (
            f"told said nothing; what stands here instead are quotes; {OPEN}",
            "extractive",
            f"{INSTEAD} The glossary does not answer “Who made it?”.",
        ),
    ],
)
def test_a_notice_tells_the_reader_what_happened(notice: str, model: str, shown: str) -> None:
    assert in_sentences(notice, model) == shown
