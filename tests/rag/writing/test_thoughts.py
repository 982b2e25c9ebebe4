"""What a reasoning model thinks aloud is left out."""

from __future__ import annotations

import pytest

from rag.writing.thoughts import LONGEST_THOUGHT_CHARS, Thoughts


def answer(text: str, size: int) -> str:
    thoughts = Thoughts()
    said = ""
    for at in range(0, len(text), size):
        new = thoughts.feed(text[at : at + size])
        said = new if thoughts.starts_over else said + new
    return said + thoughts.finish()


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("A lamp.", "A lamp."),
        ("<think>It is. </thin </think>A lamp.", "A lamp."),
        ("\n <THINK>\na\n</Think>\n\nA lamp.", "A lamp."),
        ("<think></think><reasoning>b</reasoning>A", "A"),
        ("<think>never closed", ""),
        ("<thin", "<thin"),
        ("<b>A</b> <think>x</think>", "<b>A</b> <think>x</think>"),
        ("A <think>x</think>", "A <think>x</think>"),
        ("It is a lamp.\n</think>\n\nA lamp.", "\n\nA lamp."),
        ("</THINK>A lamp.", "A lamp."),
        ("It is.</reasoning>A </think> lamp.", "A </think> lamp."),
        ("<think>a</think>It ends with </think>.", "It ends with </think>."),
        ("It ends with `</think>`.", "It ends with `</think>`."),
        ("It ends with </thin", "It ends with </thin"),
        ("2 < 3 </b>", "2 < 3 </b>"),
    ],
)
def test_a_block_of_thoughts_counts_only_at_the_start(text: str, left: str, size: int) -> None:
    assert answer(text, size) == left


def test_thoughts_without_an_end_are_told() -> None:
    thoughts = Thoughts()
    assert thoughts.feed("<think>" + "hm " * LONGEST_THOUGHT_CHARS) == ""
    assert (thoughts.is_thinking, thoughts.is_endless) == (True, True)
    assert thoughts.feed("</think>A") == "A"
    assert (thoughts.is_thinking, thoughts.is_endless) == (False, False)
