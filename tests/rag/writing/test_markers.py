"""Citation markers in a model's text."""

from __future__ import annotations

import pytest

from rag.writing.markers import read_markers


@pytest.mark.parametrize(
    ("text", "bare", "numbers"),
    [
        ("A lamp [1].", "A lamp.", (1,)),
        ("A lamp. [1].", "A lamp.", (1,)),
        ("A lamp [2][1] and [1].", "A lamp.", (2, 1)),
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


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("[Source 1, Source 3]", (1, 3)),
        ("[source-1]", (1,)),
        ("[source:1]", (1,)),
        ("[entry 9]", (9,)),
        ("(Source 1)", (1,)),
        ("(sources 1 and 2)", (1, 2)),
        ("(2)", (2,)),
        ("(1) (3)", (1, 3)),
        ("【4:0†source】", (4,)),
        ("[1 & 2]", (1, 2)),
        ("[1/9]", (1, 9)),
        ("[1 9]", (1, 9)),
        ("[\n9\n]", (9,)),
    ],
)
def test_styles_of_citing_are_known(marker: str, numbers: tuple[int, ...]) -> None:
    assert read_markers(f"A lamp {marker}.") == ("A lamp.", numbers)


@pytest.mark.parametrize(
    ("text", "bare", "numbers"),
    [
        ("The lamp¹.", "The lamp.", (1,)),
        ("The lamp.¹", "The lamp.", (1,)),
        ("The lamp.¹²,³", "The lamp.", (12, 3)),
        ("10 m², x³ and 2 metres².", "10 m², x³ and 2 metres².", ()),
    ],
)
def test_raised_numbers_cite_where_they_are_no_powers(
    text: str, bare: str, numbers: tuple[int, ...]
) -> None:
    assert read_markers(text) == (bare, numbers)


@pytest.mark.parametrize(
    "text",
    [
        "(1) The first lamp.",
        "It has (1) a bulb and (2) a switch.",
        "It has both (1) and (2).",
        "It follows from equation (1).",
        "The value is f(1).",
        "It takes 9 W (2012).",
        "It holds that $a = b$ (2).",
    ],
)
def test_a_number_in_brackets_that_counts_or_names_a_formula_stays(text: str) -> None:
    assert read_markers(text) == (text, ())


@pytest.mark.parametrize(
    "wrapped",
    [
        "**[1]**", "*[1]*", "***[1]***", "__[1]__", "([1])", "([1], [1])", "(see [1])", "[[1]]",
        "[[1](url)]", "$[1]$", "$$[1]$$", "<sup>[1]</sup>", "~~[1]~~", "(**[1]**)", "[1], [1]",
        "[1] and [1]", "<sup>([1])</sup>",
    ],
)  # fmt: skip
def test_what_stands_around_markers_alone_goes_with_them(wrapped: str) -> None:
    assert read_markers(f"A **bold** lamp {wrapped}.") == ("A **bold** lamp.", (1,))


@pytest.mark.parametrize("lead", ["According to [1], ", "As stated in source [1], ", "Per [1], "])
def test_a_lead_that_only_names_the_source_goes_with_its_marker(lead: str) -> None:
    assert read_markers(f"{lead}a lamp is a light.") == ("A lamp is a light.", (1,))


def test_emphasis_around_other_words_stays() -> None:
    assert read_markers("**[1] A lamp** and **b** [2] **c**") == (
        "**A lamp** and **b** **c**",
        (1, 2),
    )


def test_a_range_counts_every_number_in_it() -> None:
    assert read_markers("x [2–4]") == ("x", (2, 3, 4))


def test_what_the_sources_have_in_brackets_stays() -> None:
    assert read_markers("in [0, 1] [1]", {"[0, 1]"}) == ("in [0, 1]", (1,))


def test_long_hostile_text_is_read_in_one_pass() -> None:
    for part in (
        "[",
        "[1",
        "[1,",
        "\\[",
        "【1†",
        "[ ",
        "[source ",
        "`",
        "[1 ",
        "[1](",
        "[1]",
        "**[1]**",
        "ab (1) ",
        "([1], ",
        "¹",
        "abcd¹",
        " ",
        "[source 1 source 1 ",
        "(source 1",
    ):
        read_markers(part * (100_000 // len(part)))
