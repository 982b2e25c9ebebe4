"""Read a Markdown glossary whose headings are the terms."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, zip_longest

from corpus.draft import Draft
from corpus.entry import Source
from corpus.readers.leads import parse_lead, plain_words
from corpus.readers.markdown_blocks import Block, lines_between
from corpus.readers.naming import aliases_of, subject_of
from corpus.report import Report

_NO_TERMS = {
    "table of contents", "contents", "toc", "references", "license", "contributing",
    "acknowledgements", "acknowledgments", "further reading", "sources", "see also",
}  # fmt: skip


def document_title(blocks: list[Block]) -> Block | None:
    """Return the heading that titles the whole file: the first one, alone on the top level."""
    first = next((block for block in blocks if block.kind == "heading"), None)
    levels = [block.level for block in blocks if block.kind == "heading"]
    is_title = first is not None and first.level == min(levels) and levels.count(first.level) == 1
    return first if is_title else None


def are_terms(blocks: list[Block]) -> bool:
    """Tell whether most sections open with a paragraph: the shape of headings that are terms."""
    title = document_title(blocks)
    openers = [
        block
        for heading, block in pairwise(blocks)
        if heading.kind == "heading" and heading is not title and block.kind != "heading"
    ]
    paragraphs = sum(
        block.kind == "paragraph" and parse_lead(block.markdown, is_bullet=False) is None
        for block in openers
    )
    return paragraphs >= 2 and paragraphs * 2 >= len(openers)


def read(text: str, blocks: list[Block], file: str, report: Report) -> Iterator[Draft]:
    """Yield a draft for every heading on the level of the terms."""
    lines = text.split("\n")
    level = _term_level(blocks)
    category: str | None = None
    title = document_title(blocks)
    sections = [block for block in blocks if block.kind == "heading" and block.level <= level]
    for block, following in zip_longest(sections, sections[1:]):
        name = plain_words(block.markdown)
        if block.level < level:
            category = None if block is title else subject_of(name)
        elif name.casefold() in _NO_TERMS:
            report.skip("section that is no term (contents, references, ...)")
        elif not name:
            report.problem(file, block.line, "heading without a name")
        else:
            end = following.line - 1 if following else len(lines)
            body = lines_between(lines, block.end_line - 1, end).strip()
            yield Draft(name, body, Source(file, block.line), name, aliases_of(name), category)


def _term_level(blocks: list[Block]) -> int:
    """Return the shallowest level on which most headings have a text of their own, or any has."""
    title = document_title(blocks)
    headings = [block for block in blocks if block.kind == "heading" and block is not title]
    with_text = {
        heading.line
        for heading, block in pairwise(blocks)
        if heading.kind == "heading" and block.kind != "heading"
    }
    some = 0
    for level in range(1, 7):
        same = [heading for heading in headings if heading.level == level]
        found = sum(heading.line in with_text for heading in same)
        if found * 2 > len(same):
            return level
        some = some or (level if found else 0)
    return some or (title.level if title and title.line in with_text else 0)
