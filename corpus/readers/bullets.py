"""Read a Markdown glossary that stands in one file: a bullet, a bold paragraph or a heading a term.

Bodies are the source's own Markdown, verbatim: lines are cut out of the file and at most dedented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.draft import Draft
from corpus.entry import Source
from corpus.readers import headings
from corpus.readers.front_matter import parse_front_matter
from corpus.readers.leads import Lead, parse_lead, plain_words
from corpus.readers.markdown_blocks import Block, parse_blocks
from corpus.readers.naming import aliases_of, subject_of
from corpus.report import Report

__all__ = ["plain_words", "read", "recognises"]

_FEWEST_ITEMS = 2


@dataclass(frozen=True, slots=True)
class _Item:
    """A bullet or bold paragraph: its Markdown, its line (from 1), the heading above it."""

    markdown: str
    line: int
    category: str | None
    lead: Lead | None
    is_bullet: bool


def recognises(text: str) -> bool:
    """Tell whether a text has bullets or bold paragraphs of the form `term: definition`."""
    blocks = parse_blocks(_without_front_matter(text))
    found = sum(item.lead is not None and bool(item.lead.body) for item in _items(blocks))
    return found >= _FEWEST_ITEMS and not headings.are_terms(blocks)


def read(text: str, file: str, report: Report) -> Iterator[Draft]:
    """Yield the drafts of a Markdown glossary."""
    text = _without_front_matter(text)
    blocks = parse_blocks(text)
    items = list(_items(blocks))
    if headings.are_terms(blocks) or not any(item.lead for item in items):
        yield from headings.read(text, blocks, file, report)
        return
    for item in items:
        if item.lead is None:
            if item.is_bullet:
                report.problem(file, item.line, "bullet without a term and its definition")
        elif item.lead.is_contents_link:
            report.skip("link of a table of contents")
        else:
            yield _draft(item, item.lead, file)


def _draft(item: _Item, lead: Lead, file: str) -> Draft:
    return Draft(
        heading=lead.term,
        body=lead.body,
        source=Source(file, item.line),
        term=lead.term,
        aliases=aliases_of(lead.term),
        category=item.category,
    )


def _without_front_matter(text: str) -> str:
    """Blank the front matter out, so that line numbers stay those of the file."""
    try:
        matter = parse_front_matter(text, "")
    except ValueError:
        return text
    if matter is None:
        return text
    return "\n" * text.count("\n", 0, matter.body_start) + text[matter.body_start :]


def _items(blocks: list[Block]) -> Iterator[_Item]:
    title = headings.document_title(blocks)
    category: str | None = None
    for block in blocks:
        if block.kind == "heading":
            category = None if block is title else subject_of(plain_words(block.markdown))
        elif block.kind == "list":
            for line, markdown in block.items:
                lead = parse_lead(markdown, is_bullet=True)
                yield _Item(markdown, line, category, lead, is_bullet=True)
        elif block.kind == "paragraph":
            lead = parse_lead(block.markdown, is_bullet=False)
            if lead is not None:
                yield _Item(block.markdown, block.line, category, lead, is_bullet=False)
