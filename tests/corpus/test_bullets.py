"""Markdown glossaries in one file: bullets, bold paragraphs, headings."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.draft import Draft
from corpus.readers import bullets
from corpus.readers.leads import parse_lead
from corpus.reading import read_source
from corpus.report import Report


def read(text: str) -> tuple[list[Draft], Report]:
    report = Report("f", "markdown")
    return list(bullets.read(text, "f", report)), report


@pytest.mark.parametrize(
    ("bullet", "term", "body"),
    [
        ("**GPU**: a chip", "GPU", "a chip"),
        ("**GPU:** a chip", "GPU", "a chip"),
        ("__GPU__ — a *fast* chip", "GPU", "a *fast* chip"),
        ("**GPU** a chip", "GPU", "a chip"),
        ("**GPU** (card): a chip", "GPU (card)", "a chip"),
        ("[GPU](https://e.org/a_(b)): a chip", "GPU", "a chip"),
        ("[GPU](https://e.org) a chip", "GPU", "a chip"),
        ("[GPU] (https://e.org): a chip", "GPU", "a chip"),
        ("**[GPU](https://e.org)**: a chip", "GPU", "a chip"),
        ("[**GPU**](https://e.org) - a chip", "GPU", "a chip"),
        ("`gpu`: a chip", "gpu", "a chip"),
        ("*GPU*: a chip", "GPU", "a chip"),
        ("GPU: a chip", "GPU", "a chip"),
        ("GPU - a chip: fast", "GPU", "a chip: fast"),
        ("Flip-flop – a chip", "Flip-flop", "a chip"),
    ],
)
def test_a_bullet_names_its_term(bullet: str, term: str, body: str) -> None:
    lead = parse_lead(bullet, is_bullet=True)
    assert lead is not None
    assert (lead.term, lead.body) == (term, body)


@pytest.mark.parametrize("bullet", ["a chip without a name", "It works. Then: it does not", ""])
def test_a_bullet_without_a_term_has_no_lead(bullet: str) -> None:
    assert parse_lead(bullet, is_bullet=True) is None


def test_sections_are_categories_and_lines_are_true() -> None:
    text = (
        "Words\n=====\n\nIntroduction.\n\n## Chips\n\n* **GPU**: a chip\n  in *two* lines\n\n"
        "  * with a list\n* nothing to see\n\n## M\n\n* RAM - memory\n"
    )
    drafts, report = read(text)
    assert [(d.term, d.category, d.source.line, d.body) for d in drafts] == [
        ("GPU", "Chips", 8, "a chip\nin *two* lines\n\n* with a list"),
        ("RAM", None, 16, "memory"),
    ]
    assert [str(problem) for problem in report.problems] == [
        "f:12: bullet without a term and its definition"
    ]


def test_links_of_a_table_of_contents_are_skipped() -> None:
    drafts, report = read("- [Chips](#chips)\n\n## Chips\n\n- GPU: a chip\n")
    assert [draft.term for draft in drafts] == ["GPU"]
    assert report.skipped == {"link of a table of contents": 1}


def test_bold_paragraphs_are_terms() -> None:
    drafts, _ = read("# Words\n\n## A\n\n**ALU**: adds.\n\n**API** (interface) - calls.\n")
    assert [(d.term, d.body) for d in drafts] == [("ALU", "adds."), ("API (interface)", "calls.")]


def test_headings_are_terms_and_bodies_are_verbatim() -> None:
    text = (
        "# Words\n\nAbout.\n\n## Chips\n\n### GPU\n\nA *chip*.\n\n#### Use\n\n- **games**: yes\n\n"
        "[ref]: https://e.org\n\n### CPU {#cpu}\n\nAnother.\n\n## References\n\n### Book\n\nRead.\n"
    )
    drafts, _ = read(text)
    assert [(d.term, d.category, d.source.line) for d in drafts] == [
        ("GPU", "Chips", 7),
        ("CPU", "Chips", 17),
        ("Book", "References", 23),
    ]
    assert drafts[0].body == "A *chip*.\n\n#### Use\n\n- **games**: yes\n\n[ref]: https://e.org"


def test_front_matter_keeps_line_numbers_true() -> None:
    drafts, _ = read("---\ntitle: Glossary\n---\n\n- GPU: a chip\n- CPU: another\n")
    assert [(d.term, d.source.line) for d in drafts] == [("GPU", 5), ("CPU", 6)]


def test_only_glossaries_are_recognised() -> None:
    assert bullets.recognises("- GPU: a chip\n- CPU: another\n")
    assert not bullets.recognises("# Title\n\nA paragraph.\n\n- an item\n- another\n")


@pytest.mark.shared
def test_the_chip_glossary_gives_its_207_terms(shared_data: Path) -> None:
    reading = read_source(shared_data / "glossaries" / "chip" / "docs" / "chip_glossary.md")
    report = reading.report
    assert (len(reading.entries), report.problems, report.skipped) == (207, [], {})
    lines = {entry.term: entry.source.line for entry in reading.entries}
    assert (lines["ADC"], lines["DDR"], lines["LUT"]) == (6, 29, 51)
    categories = {entry.category for entry in reading.entries}
    assert categories == {"Chip Architecture", "Chip Design", "Manufacturing", "Packaging", "Test"}
