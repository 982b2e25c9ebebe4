"""Entries as HTML: the characters of a quote marked, headings with links to themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from lxml.html import HtmlElement, fragment_fromstring

from api.markdown.markdown import entry_html
from corpus.entry import Entry
from corpus.passage import Unit
from corpus.reading import read_source
from corpus.units import find_units
from rag.settings import bundled_glossary
from tests.api.markdown.as_written import SIGN, counts, squeezed, visible


def tree(body: str, span: tuple[int, int] | None = None) -> HtmlElement:
    return fragment_fromstring(entry_html(body, span), create_parent="div")


def marked(body: str, start: int, end: int) -> str:
    """Return the visible text of the marks, without white space, formulas made signs."""
    page = tree(body, (start, end))
    assert page.xpath("//@id[.='quote']/..") == page.xpath("//mark")[:1]
    for formula in page.xpath("//math"):
        formula[:] = []
        formula.text = SIGN
    return squeezed("".join(mark.text_content() for mark in page.xpath("//mark")))


def wrongly_marked(entries: Iterable[Entry]) -> list[tuple[str, Unit, str]]:
    found = []
    for entry in entries:
        for unit in find_units(entry.body):
            seen = marked(entry.body, unit.start, unit.end)
            if seen != visible(entry.body[unit.start : unit.end], unit.kind):
                found.append((entry.entry_id, unit, seen))
    return found


def left_raw(page: HtmlElement) -> list[str]:
    """Return what looks like Markdown or LaTeX in the text outside of code and formulas."""
    for element in page.xpath("//pre | //code | //math"):
        element.drop_tree()
    signs = r"\$(?!\d)|\*\*|^\s*\||\\[(\[]|\\[a-z]{2,}|^\s*#{1,6} |^\s*```"
    return re.findall(signs, page.text_content(), flags=re.MULTILINE)


def check_rendering(entries: Iterable[Entry]) -> None:
    for entry in entries:
        page = tree(entry.body)
        assert not page.xpath("//code[@class='latex']"), entry.entry_id
        assert {tag: len(page.xpath(f"//{tag}")) for tag in counts("")} == counts(entry.body)
        assert left_raw(page) == [], entry.entry_id


@pytest.fixture(scope="module")
def bundled() -> list[Entry]:
    return list(read_source(bundled_glossary()).entries)


def test_every_unit_of_the_bundled_glossary_is_marked_exactly(bundled: list[Entry]) -> None:
    assert wrongly_marked(bundled) == []


@pytest.mark.shared
def test_every_unit_of_the_real_page_is_marked_exactly(glossary_page: Path) -> None:
    entries = read_source(glossary_page).entries
    assert len(entries) == 50
    assert wrongly_marked(entries) == []


def test_everything_in_the_bundled_glossary_is_rendered(bundled: list[Entry]) -> None:
    check_rendering(bundled)


@pytest.mark.shared
def test_everything_on_the_real_page_is_rendered(glossary_page: Path) -> None:
    check_rendering(read_source(glossary_page).entries)


@pytest.mark.parametrize(
    ("body", "quote", "expected"),
    [
        ("one two three", "two", '<p>one <mark id="quote">two</mark> three</p>'),
        (
            "a **b c** d",
            "b c** d",
            '<p>a <strong><mark id="quote">b c</mark></strong><mark> d</mark></p>',
        ),
        ("- a\n- b c", "c", '<ul>\n<li>a</li>\n<li>b <mark id="quote">c</mark></li>\n</ul>'),
        ("say `x = 1` now", "= 1", '<p>say <code>x <mark id="quote">= 1</mark></code> now</p>'),
        ("a &amp; b \\* c", "\\* c", '<p>a &amp; b <mark id="quote">* c</mark></p>'),
        (
            "```\na\nb\n```",
            "b",
            '<pre tabindex="0"><code>a\n<mark id="quote">b</mark>\n</code></pre>',
        ),
        ("one\ntwo", "one\ntwo", '<p><mark id="quote">one\ntwo</mark></p>'),
        (
            "> one\n> two",
            "two",
            '<blockquote>\n<p>one\n<mark id="quote">two</mark></p>\n</blockquote>',
        ),
        ("[a](https://x.test/b)b", ")b", None),
    ],
)
def test_a_quote_is_marked_across_markup(body: str, quote: str, expected: str | None) -> None:
    start = body.index(quote)
    html = entry_html(body, (start, start + len(quote))).rstrip("\n")
    if expected is None:
        assert html.endswith('</a><mark id="quote">b</mark></p>')
    else:
        assert html == expected


@pytest.mark.parametrize(
    "body", ["| a | b |\n|---|---|\n| a\\|b | b |", "| a | b |\n|---|---|\n| b | b |"]
)
def test_the_second_of_equal_cells_can_be_marked(body: str) -> None:
    start = body.rindex("b |")
    page = tree(body, (start, start + 1))
    assert [cell.xpath("mark") != [] for cell in page.xpath("//td")] == [False, True]


@pytest.mark.parametrize("written", ["$x^2$", r"\(x^2\)", "$$x^2$$"])
def test_a_formula_is_marked_whole(written: str) -> None:
    body = f"a {written} b"
    page = tree(body, (body.index("^"), body.index("^") + 1))
    assert len(page.xpath("//mark//math")) == 1
    assert page.xpath("string(//mark)") == "x2"


@pytest.mark.parametrize("span", [(0, 0), (3, 2), (0, 99), (-1, 2)])
def test_characters_that_are_not_there_cannot_be_marked(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="characters"):
        entry_html("a b c", span)


def test_sections_have_links_of_their_own_and_levels_without_gaps() -> None:
    page = tree("# Über *uns*\n\n### Über uns\n\n## Ω")
    headings = page.xpath("//h2 | //h3")
    assert [(h.tag, h.get("id")) for h in headings] == [
        ("h2", "section-uber-uns"),
        ("h3", "section-uber-uns-2"),
        ("h3", "section"),
    ]
    assert page.xpath("//h2/a/@href") == ["#section-uber-uns"]
    assert page.xpath("//h2/a/@aria-label") == ["Link to Über uns"]


def test_a_line_that_is_nothing_but_bold_is_a_section_too() -> None:
    page = tree("**Parts**\n\n- **no**\n\n**A sentence.**\n\n**a** and **b**\n\n# Uses\n\n**More**")
    headings = page.xpath("//*[starts-with(@id, 'section')]")
    assert [(heading.tag, heading.get("id")) for heading in headings] == [
        ("h2", "section-parts"),
        ("h2", "section-uses"),
        ("h3", "section-more"),
    ]
