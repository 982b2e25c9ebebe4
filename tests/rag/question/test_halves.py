"""Telling two questions in one apart."""

import pytest

from rag.question.halves import halves


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is a lamp and why does it glow?", ("What is a lamp", "why does it glow")),
        ("What is a lamp? Is it hot?", ("What is a lamp", "Is it hot")),
        ("what's a fan, and who made the first?", ("what's a fan", "who made the first")),
        ("Define lamp and explain fan", ("Define lamp", "explain fan")),
        ("What is a lamp; how does it work", ("What is a lamp", "how does it work")),
        ("Who made the fan and when?", ("Who made the fan", "when")),
        (
            "What is a lamp, and what is a fan? And how do they differ?",
            ("What is a lamp", "what is a fan", "how do they differ"),
        ),
    ],
)
def test_questions_joined_in_one_are_told_apart(text: str, expected: tuple[str, ...]) -> None:
    assert halves(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "What is a lamp?",
        "How and why does a lamp glow?",  # the first leans on the second
        "What are the lamps and the fans that people buy?",
        "Which lamp tells what glows and when, from a log?",
        "lamp vs fan: which one is hotter",
        "What is a? what is b? what is c? what is d?",  # a list of them is no conversation
        "? ; and what",
        "",
    ],
)
def test_one_question_stays_one(text: str) -> None:
    assert halves(text) == ()
