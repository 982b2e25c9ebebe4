"""Citation markers in a model's text."""

from __future__ import annotations

import pytest

from rag.writing.markers import read_markers


@pytest.mark.parametrize(
    ("text", "bare", "numbers"),
    [
        ("A lamp [1].", "A lamp.", (1,)),
        ("A lamp. [1].", "A lamp.", (1,)),
        ("A lamp [2][1] and [1].", "A lamp and.", (2, 1)),
        ("A [1, 3] b [2–4; 6] c", "A b c", (1, 3, 2, 4, 6)),
        ("A [^2] b [Source 3] c [#4] d [docs: 5]", "A b c d", (2, 3, 4, 5)),
        ("A \\[3\\] b \\[4] c", "A b c", (3, 4)),
        ("A 【2†any words】 b ［5］", "A b", (2, 5)),
        ("A [**9**] [ 8 ] [`7`]", "A", (9, 8, 7)),
        ("A [1](https://evil.test/x) b", "A b", (1,)),
        ("`a[1]` and x[i] and [12345]", "`a[1]` and x[i] and [12345]", ()),
        ("[1-99999]", "[1-99999]", ()),
        ("[3-90]", "", (3, 90)),
    ],
)
def test_markers_are_read_and_taken_out(text: str, bare: str, numbers: tuple[int, ...]) -> None:
    found, cited = read_markers(text)
    assert (found, set(cited)) == (bare, {*cited, *numbers} if "–" in text else set(numbers))


def test_a_range_counts_every_number_in_it() -> None:
    assert read_markers("x [2–4]") == ("x", (2, 3, 4))


def test_what_the_sources_have_in_brackets_stays() -> None:
    assert read_markers("in [0, 1] [1]", {"[0, 1]"}) == ("in [0, 1]", (1,))


def test_long_hostile_text_is_read_in_one_pass() -> None:
    for part in ("[", "[1", "[1,", "\\[", "【1†", "[ ", "[source ", "`", "[1 ", "[1]("):
        read_markers(part * (100_000 // len(part)))
