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
        (
            "What is a lamp, what is a fan, and what is a kettle?",
            ("What is a lamp", "what is a fan", "what is a kettle"),
        ),
        ("I have two questions: what is a lamp or a fan?", ()),
        (
            "Two questions: what is a lamp & what is a fan?",
            ("what is a lamp", "what is a fan"),
        ),
        ("1. What is a lamp? 2. What is a fan?", ("What is a lamp", "What is a fan")),
        ("First, what is a lamp? Second, is it hot?", ("what is a lamp", "is it hot")),
        (
            "What is a lamp?Is it hot? (and who made it?)",
            ("What is a lamp", "Is it hot", "who made it"),
        ),
        ("Hi! What is a lamp or what is a fan? Thanks!", ("What is a lamp", "what is a fan")),
        (
            "What is a lamp, and please tell me why it glows",
            ("What is a lamp", "tell me why it glows"),
        ),
        ("Explain lamp and list its parts", ("Explain lamp", "list its parts")),
        ("What is a lamp and what is a lamp?", ()),
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
        "What is wiring and list comprehension?",
        "What is the date and name of the lamp?",
        "What is a lamp and why not?",
        "What does e.g. HBM do?",
        "I know what a lamp is. What is a fan?",
        "".join(f"What is lamp {n}? " for n in range(9)),  # a list of them is no conversation
        "? ; and what",
        "",
    ],
)
def test_one_question_stays_one(text: str) -> None:
    assert halves(text) == ()
