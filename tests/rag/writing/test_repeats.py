"""What a model says again and again is shown once."""

from __future__ import annotations

from rag.writing.pieces import PieceCutter
from rag.writing.repeats import Repeats


def new(text: str) -> list[tuple[str, str]]:
    """Return what is left of a text of which every piece reaches the reader."""
    repeats, cutter, left = Repeats(), PieceCutter(), []
    for piece in (*cutter.feed(text), *cutter.finish()):
        if (kept := repeats.new(piece)) is not None:
            repeats.shown(kept)
            left.append((kept.gap, kept.text))
    return left


def test_a_sentence_is_said_once_whatever_it_cites() -> None:
    once = "A kettle heats the water [1]."
    assert new(f"{once} {once}\n\nA KETTLE heats the  water [2]. A fan cools the air.") == [
        ("", once),
        ("\n\n", "A fan cools the air."),
    ]


def test_below_another_heading_or_label_it_may_be_said_again() -> None:
    item = "- It has a small switch.\n"
    assert len(new(f"## Lamp\n{item}## Fan\n{item}{item}")) == 4
    assert len(new(f"Lamp:\n{item}Fan:\n{item}{item}")) == 4


def test_short_sentences_and_code_may_repeat() -> None:
    assert len(new("Low cost. Low cost.\n```\nx = 1\n```\n```\nx = 1\n```\n")) == 4
