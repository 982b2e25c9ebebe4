"""A question that a model made complete: read out of its reply, and held against what was asked."""

from __future__ import annotations

import pytest

from rag.chat import Chat
from rag.writing.rewriting import asks_the_same, read_rewritten

SAID = [
    ("What is a kettle?", "A kettle heats water until it is steam. It switches itself off. [1]")
]
COMPLETE = "What are the parts of a kettle?"


@pytest.mark.parametrize(
    "reply",
    [
        COMPLETE,
        f"  “{COMPLETE}” ",
        f"**{COMPLETE}**",
        f"Rewritten question: {COMPLETE}",
        f"**Standalone question:** {COMPLETE}",
        f"Sure! Here is the rewritten question: {COMPLETE}",
        f"Here is the rewritten question:\n{COMPLETE}",
        f"{COMPLETE}\n\nNote: I made the question complete.",
    ],
)
def test_the_question_is_found_among_what_a_model_adds(reply: str) -> None:
    assert read_rewritten(reply) == COMPLETE


@pytest.mark.parametrize("reply", ["", "...", "It has parts.\nThey are many."])
def test_a_reply_without_a_question_is_none(reply: str) -> None:
    assert read_rewritten(reply) == ""


@pytest.mark.parametrize(
    ("question", "rewritten", "same"),
    [
        ("What heats it?", "What heats the kettle?", True),
        ("and its water?", "What is the water of the kettle?", True),
        ("How does that device switch off?", "How does a kettle switch off?", True),
        ("why?", "Why does a kettle switch itself off?", True),
        ("Does it not switch off?", "Does the kettle not switch off?", True),
        ("What heats it?", "What is a kettle?", False),
        ("What heats it?", "What heats the kettle with gas?", False),
        ("What heats it?", "What does not heat the kettle?", False),
        ("Doesn't it switch off?", "Does the kettle switch off?", False),
        ("Who won the 1998 football world cup?", "What is a kettle?", False),
        ("Who won the 1998 football world cup?", "What is the kettle of the world cup?", False),
        ("What is a fan?", "What is a kettle?", False),
        ("What heats it?", "A kettle is heated by electricity.", False),
    ],
)
def test_a_rewritten_question_keeps_what_was_asked_and_adds_only_what_was_said(
    chat: Chat, question: str, rewritten: str, same: bool
) -> None:
    assert asks_the_same(chat.index, question, rewritten, SAID) is same
