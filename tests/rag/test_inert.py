"""Markdown without anything that is loaded, followed or run."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.inert import inert
from tests.adversarial.active_markup import active


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a < b and c > d, ~5 GB of `x<y>`", "a < b and c > d, ~5 GB of `x<y>`"),
        ("$a_1 < b$ and **bold** _x_ [i] [1]", "$a_1 < b$ and **bold** _x_ [i] [1]"),
        ("<b>bold</b> and <br/>line", "bold and line"),
        ("<<b>script>alert(1)</script>", "&lt;script>alert(1)"),
        ("Map<String, int>", "Map&lt;String, int>"),
        ("[words](https://evil.test) ![alt](x.png)", "words alt"),
        ("[![alt](x.png)](https://evil.test)", "alt"),
        ("]<b></b>(https://evil.test)", "\\](`https://evil.test`)"),
        ("[x]: https://evil.test", "[x\\]: `https://evil.test`"),
        ("see www.evil.test/x, evil.test/x?d=1", "see `www.evil.test/x`, `evil.test/x?d=1`"),
        ("mail a@evil.test now", "mail `a@evil.test` now"),
        ("\\`<img src=x>`", "\\`\\`"),
        ("a ``` <img src=x>", "a \\`\\`\\` "),
        ("$a`b$ `<img src=x>`", "a\\`b `<img src=x>`"),
        ("~~struck~~ out~", "struck out\\~"),
        ("$\\href{a}{b}$ $x<y$", "$href{a}{b}$ $x< y$"),
        ("\x1b[31mred\x1b[0m \u202eabc\u200bd \x9b2J", "red abcd "),
        ("<!-- hidden --> <script>x()</script>shown", " shown"),
    ],
)
def test_only_active_markup_is_lost(text: str, shown: str) -> None:
    assert inert(text) == shown
    assert inert(shown) == shown


HOSTILE = st.lists(
    st.sampled_from(
        [
            *"<>[]()!`~$\\*_|:#\"'/=&; \n",
            "word ", "<b>", "</b>", "<img src=x>", "<script>", "</script>", "<!--", "-->", "![",
            "](", "](http://e.co)", "[x]", "[x]: ", "//evil.test", "http://e.co", "javascript:",
            "www.e.co", "a@e.co", "``", "```", "```\n", "~~", "~~~\n", "$$", "\\[", "\\]", "\\(",
            "\n\n", "    ", "<a href=x", "<x:y>", "\u200b", "\x1b[31m", "&lt;", "&#60;", "<!X",
            "\\)", "\\`", "<?x", "`<i>`", "\\href{", "> ", "- ", "<http://e.co>", "<a@e.co>",
        ]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(HOSTILE)
@settings(max_examples=400, deadline=None)
def test_a_renderer_that_trusts_it_finds_nothing_active(text: str) -> None:
    assert active(inert(text)) == []


@given(HOSTILE, HOSTILE)
@settings(max_examples=150, deadline=None)
def test_two_inert_texts_are_inert_side_by_side(one: str, other: str) -> None:
    assert active(f"{inert(one)} {inert(other)}") == []
    assert active(f"{inert(one)} [1]\n\n{inert(other)}") == []


@given(st.text("abc XYZ0159.,;!?'\"%+-/äéß\n()", max_size=200))
@settings(max_examples=300, deadline=None)
def test_text_without_markup_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


def test_long_hostile_text_takes_one_pass() -> None:
    for part in (
        "<", "[", "<script", "\\[", "\\(", "$$", "`", "[x](", "[x](()", "www.", "http:", "<a ",
        "<!--", "~~~\n", "[[a]", "```\n", "`a``", "\x1b]", "a.", "a@", "a-",
    ):  # fmt: skip
        inert(part * (50_000 // len(part)))


def test_a_block_of_code_stays_and_is_closed() -> None:
    assert inert("```py onload=x\n<b>\n```", is_block=True) == "```py\n<b>\n```"
    assert inert("~~~\n``` x", is_block=True) == "````\n``` x\n````"
    assert inert("```\n\n```", is_block=True) == ""
    assert inert("```\nx\n```") == "\\`\\`\\`\nx\n\\`\\`\\`"


@given(HOSTILE)
@settings(max_examples=200, deadline=None)
def test_blocks_are_inert_too(text: str) -> None:
    assert active(f"{inert(text, is_block=True)}\n\n[1]") == []
