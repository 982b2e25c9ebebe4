"""Read HTML: definition lists, and pages that hold one term each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import lxml.html

from corpus.draft import Draft
from corpus.entry import Source
from corpus.readers.html_markdown import DROPPED, to_markdown, words
from corpus.readers.naming import aliases_of, subject_of
from corpus.report import Report

_HIDDEN = (
    "//*[@hidden or @aria-hidden='true' or contains(concat(' ', @class, ' '), ' headerlink ')"
    " or contains(translate(@style, ' ', ''), 'display:none')]"
)
_MAIN = (
    "//main", "//article", "//*[@role='main']", "//*[@id='content']", "//*[@id='main']", "//body"
)  # fmt: skip
_TITLE_SEPARATORS = (" | ", " — ", " – ", " - ", " · ", " :: ")


def read(text: str, file: str, report: Report) -> Iterator[Draft]:
    """Yield a draft per term of the definition lists, or the one draft of a one-term page.

    Scripts, styles, templates, comments, forms and navigation never reach a body.
    """
    root = _parse(text, file, report)
    if root is None:
        report.skip("page without content")
        return
    title = _site_title(root)
    _drop_hidden(root)
    main = _main(root)
    lists = [dl for dl in main.iter("dl") if next(dl.iterancestors("dl"), None) is None]
    if _is_mostly(lists, main):
        for definitions in lists:
            yield from _read_definitions(definitions, file, report)
    else:
        yield from _read_page(main, title, file, report)


def _parse(text: str, file: str, report: Report) -> Any:
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8"), parser=parser)
    except lxml.etree.ParserError:
        return None
    for entry in parser.error_log:
        if "RESOURCE_LIMIT" in entry.type_name:
            report.problem(file, entry.line, f"what follows is lost: {entry.message}")
    return root


def _drop_hidden(root: Any) -> None:
    for element in root.xpath(_HIDDEN) + list(root.iter(*DROPPED)):
        holds_title = element.tag == "header" and next(element.iter("h1"), None) is not None
        if element.getparent() is not None and not holds_title:
            element.drop_tree()


def _site_title(root: Any) -> str:
    title = root.findtext(".//title") or ""
    for separator in _TITLE_SEPARATORS:
        title = title.split(separator)[0]
    return " ".join(title.split())


def _main(root: Any) -> Any:
    found = (root.xpath(path) for path in _MAIN)
    return next((elements[0] for elements in found if elements), root)


def _is_mostly(lists: list[Any], main: Any) -> bool:
    if not any(words(definitions) for definitions in lists):
        return False
    inside = sum(len(words(definitions)) for definitions in lists)
    return inside * 2 >= len(words(main))


def _read_definitions(definitions: Any, file: str, report: Report) -> Iterator[Draft]:
    """Yield a draft for every run of dt followed by its run of dd."""
    category = _category(definitions)
    terms: list[Any] = []
    bodies: list[Any] = []
    for element in _members(definitions):
        if element.tag == "dt" and bodies:
            yield from _definition(terms, bodies, category, file, report)
            terms, bodies = [], []
        (terms if element.tag == "dt" else bodies).append(element)
    yield from _definition(terms, bodies, category, file, report)


def _members(definitions: Any) -> Iterator[Any]:
    for child in definitions:
        if child.tag in ("dt", "dd"):
            yield child
        elif child.tag == "div":
            yield from (element for element in child if element.tag in ("dt", "dd"))


def _definition(
    terms: list[Any], bodies: list[Any], category: str | None, file: str, report: Report
) -> Iterator[Draft]:
    names = [name for term in terms if (name := words(term).rstrip("¶# "))]
    if not names:
        if bodies:
            report.problem(file, bodies[0].sourceline, "definition without a term")
        return
    body = "\n\n".join(text for element in bodies if (text := to_markdown(element)))
    source = Source(file, terms[0].sourceline)
    yield Draft(names[0], body, source, names[0], aliases_of(names[0], names[1:]), category)


def _category(definitions: Any) -> str | None:
    headings = definitions.xpath("preceding::*[self::h2 or self::h3 or self::h4][1]")
    return subject_of(words(headings[0]).rstrip("¶# ")) if headings else None


def _read_page(main: Any, title: str, file: str, report: Report) -> Iterator[Draft]:
    heading = next(main.iter("h1"), None)
    if heading is None:
        heading = next(main.iter("h2"), None) if not title else None
    term = words(heading).rstrip("¶# ") if heading is not None else title
    line = heading.sourceline if heading is not None else main.sourceline
    if not term:
        report.problem(file, line or 1, "page without a title or h1")
        return
    if heading is not None:
        heading.drop_tree()
    yield Draft(term, to_markdown(main), Source(file, line or 1), term, aliases_of(term))
