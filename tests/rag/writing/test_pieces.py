"""Cutting a model's Markdown into pieces."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sentences import sentence_spans
from rag.writing.pieces import LONGEST_PIECE_CHARS, Piece, PieceCutter, PieceKind


def cut(*chunks: str) -> list[Piece]:
    cutter = PieceCutter()
    pieces = [piece for chunk in chunks for piece in cutter.feed(chunk)]
    return pieces + cutter.finish()


def shown(*chunks: str) -> list[tuple[str, str, str, str]]:
    return [(p.kind.value, p.gap, p.mark, p.text) for p in cut(*chunks)]


def test_sentences_keep_their_markers_and_the_gap_before_them() -> None:
    assert shown("A lamp is a light [1]. It needs a socket.[2] One\n\nTwo e.g. three [3]") == [
        ("sentence", "", "", "A lamp is a light [1]."),
        ("sentence", " ", "", "It needs a socket.[2]"),
        ("sentence", " ", "", "One"),
        ("sentence", "\n\n", "", "Two e.g. three [3]"),
    ]


def test_lists_headings_tables_code_and_formulas() -> None:
    text = (
        "## Parts\n- **Bulb**: light. More [1]\n2. Step\n> said\n\n| A | B |\n|---|---|\n| 1 | 2 |"
        "\n\n```python\nx = 1\n\ny. Z\n```\n$$a. B$$\nEnd"
    )
    assert shown(text) == [
        ("heading", "", "", "## Parts"),
        ("sentence", "\n", "- ", "**Bulb**: light."),
        ("sentence", " ", "", "More [1]"),
        ("sentence", "\n", "2. ", "Step"),
        ("sentence", "\n", "> ", "said"),
        ("table_head", "\n\n", "", "| A | B |\n|---|---|"),
        ("table_row", "\n", "", "| 1 | 2 |"),
        ("code", "\n\n", "", "```python\nx = 1\n\ny. Z\n```"),
        ("formula", "\n", "", "$$a. B$$"),
        ("sentence", "\n", "", "End"),
    ]


def test_every_kind_of_line_end_ends_a_line() -> None:
    expected = [("sentence", "", "", "One"), ("sentence", "\n", "- ", "Two")]
    for end in ("\n", "\r\n", "\r", "\x85", "\u2028"):
        assert shown(f"One{end}- Two") == expected
        assert shown("One", *end, "- Two") == expected


def test_invisible_characters_do_not_hide_a_fence_or_a_marker() -> None:
    assert shown("`\u200b``\u2060py\nx\n```") == [("code", "", "", "```py\nx\n```")]
    assert shown("A [\ufeff1\u202e] b.") == [("sentence", "", "", "A [1] b.")]


def test_inline_code_in_three_ticks_opens_no_block() -> None:
    assert shown("```x``` is code. Next.\nMore.") == [
        ("sentence", "", "", "```x``` is code."),
        ("sentence", " ", "", "Next."),
        ("sentence", "\n", "", "More."),
    ]


def test_a_piece_without_an_end_is_cut_and_says_so() -> None:
    pieces = cut("word " * 3000 + "end. Next one.")
    assert [p.is_whole for p in pieces] == [False] * (len(pieces) - 1) + [True]
    assert pieces[-1].text == "Next one."
    assert max(len(p.text) for p in pieces) <= LONGEST_PIECE_CHARS + 10


def test_text_without_any_space_is_cut_too() -> None:
    pieces = cut(*["a" * 10] * 1000)
    assert len(pieces) >= 2
    assert not any(p.is_whole for p in pieces)


def test_the_rest_of_code_that_is_too_long_stays_code() -> None:
    pieces = cut("```\n" + "x = 1\n" * 1500 + "```\nAfter it.")
    assert {p.kind for p in pieces[:-1]} == {PieceKind.CODE}
    assert not any(p.is_whole for p in pieces[:-1])
    assert pieces[-1] == Piece(PieceKind.SENTENCE, "After it.", "\n")


PARTS = st.sampled_from(
    [
        *"ab .!?\n\r-*#|$`~[]()1\\>:_ ",
        "\u200b", "\u2028", "[1]", "[^2]", "\\[3\\]", "【1†s】", "## H", "\n\n", "\r\n", "- ",
        "| a | b |\n", "|---|---|\n", "```", "```py\n", "~~~\n", "$$", "\\[", "\\]", "e.g. ", "1. ",
        "¹", "(1)", "[\n1\n]", "Cats ", "sleep. ", "**b**", "---\n", "<b>", "word word ", "Is it? ",
    ]
)  # fmt: skip


@given(st.lists(PARTS, max_size=60), st.data())
@settings(max_examples=300, deadline=None)
def test_pieces_do_not_depend_on_how_the_text_was_chunked(parts: list[str], data: st.DataObject):
    text = "".join(parts)
    places = data.draw(st.lists(st.integers(0, len(text)), max_size=8).map(sorted))
    chunks = [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    whole = cut(text)
    assert cut(*chunks) == whole
    assert cut(*text) == whole


@given(st.lists(PARTS, max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_letter_is_lost_or_added(parts: list[str]) -> None:
    text = "".join(parts)
    kept = "".join(f"{p.mark}{p.text}" for p in cut(text))
    assert [c for c in kept if c.isalpha()] == [c for c in text if c.isalpha()]


HOSTILE = (
    *("[", "`", "$$", "| ", "\\[", "a. ", "- ", "```\n", "[1", "#", "e.g. ", "x ", "a\n", "a b\n"),
    *(
        "a \n ",
        "[1] ",
        "[1]. ",
        "J. ",
        "vs. A ",
        "e.g. A b\n",
        "x]",
        "A\n",
        "|a|\n",
        "$$ a ",
        "`a`\n",
    ),
    *("a.[1 ", "a!) ", "[\n", "a\n]", "¹ ", "a.¹ "),
)


def steps(monkeypatch: pytest.MonkeyPatch, *chunks: str) -> int:
    """Return how many calls cutting takes, a search for sentences as many as it has characters."""
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    def counting(text: str) -> Iterator[tuple[int, int]]:
        nonlocal counted
        counted += len(text)
        return sentence_spans(text)

    with monkeypatch.context() as patch:
        patch.setattr("rag.writing.sentence_search.sentence_spans", counting)
        sys.setprofile(count)
        try:
            cut(*chunks)
        finally:
            sys.setprofile(None)
    return counted


@pytest.mark.parametrize("part", HOSTILE)
def test_long_hostile_text_takes_a_few_steps_for_each_character(
    monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    text = part * (12_000 // len(part))
    assert steps(monkeypatch, text) < 300 * len(text)
    bits = [text[at : at + 7] for at in range(0, len(text), 7)]
    assert steps(monkeypatch, *bits) < 300 * len(text)


def test_a_sentence_that_goes_on_line_after_line_ends_at_last() -> None:
    pieces = cut("a\n" * 100)
    assert [len(piece.text.split()) for piece in pieces] == [40, 40, 20]
