"""Read a folder of Markdown pages, one term a page (Hugo, Jekyll, the bundled glossary)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from corpus.draft import Draft
from corpus.entry import Source
from corpus.errors import SourceTooLarge, SourceUnreadable
from corpus.readers import bullets
from corpus.readers.front_matter import FrontMatter, parse_front_matter
from corpus.readers.naming import aliases_of, one_line
from corpus.report import Report
from corpus.source_text import check_lines, read_text

SUFFIXES = (".md", ".markdown")

_REPOSITORY_PAGES = {
    "README", "LICENSE", "LICENCE", "CONTRIBUTING", "CODE_OF_CONDUCT", "CHANGELOG", "SECURITY",
    "NOTICE", "AUTHORS", "MAINTAINERS", "GOVERNANCE", "SUPPORT",
}  # fmt: skip
_LAYOUTS_WITHOUT_TERM = {"search", "home", "index", "list", "redirect", "404"}
_GLOSSARY_TITLE = re.compile(
    r"(?i)\b(?:glossary|terms|terminology|dictionary|definitions|vocabulary|acronyms)\b"
)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(?P<title>.*?)[ \t]*#*[ \t]*$", re.MULTILINE)


def pages(folder: Path) -> list[Path]:
    """Return the Markdown files below a folder in a fixed order, hidden folders left out."""
    found = [
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file()
    ]
    visible = (path for path in found if not any(part.startswith(".") for part in path.parts))
    return [folder / path for path in sorted(visible, key=lambda path: path.parts)]


def is_repository_page(path: Path) -> bool:
    """Tell whether a file name is one of README, LICENSE, CONTRIBUTING and their like."""
    return path.stem.split(".")[0] in _REPOSITORY_PAGES


def read(folder: Path, report: Report) -> Iterator[Draft]:
    """Yield the drafts of every page below a folder; `file` is relative to it."""
    drafts_marked = 0
    for path in pages(folder):
        file = path.relative_to(folder).as_posix()
        try:
            text = read_text(path, report)
            check_lines(text, file)
        except (SourceUnreadable, SourceTooLarge) as error:
            report.problem(file, 1, str(error))
            continue
        if reason := _reason_to_skip(path, text, is_root=path.parent == folder):
            report.skip(reason)
            continue
        drafts_marked += "\ndraft: true" in text[:2000]
        yield from read_page(text, file, report)
    if drafts_marked:
        report.note(f"{drafts_marked} page(s) are marked `draft: true`; they are read all the same")


def read_page(text: str, file: str, report: Report) -> Iterator[Draft]:
    """Yield the one draft of a page, or those of a glossary that stands whole in one page."""
    try:
        matter = parse_front_matter(text, file)
    except ValueError as error:
        report.problem(file, 1, f"front matter: {error}")
        return
    if _is_whole_glossary(text, matter):
        yield from bullets.read(text, file, report)
        return
    matter = matter or FrontMatter({}, 0)
    layout = matter.text("layout")
    if layout in _LAYOUTS_WITHOUT_TERM:
        report.skip(f"page without a definition (layout: {layout})")
    elif draft := _draft(text, file, matter):
        yield draft
    else:
        report.problem(file, 1, "no title: neither in front matter nor as a heading")


def _is_whole_glossary(text: str, matter: FrontMatter | None) -> bool:
    title = "glossary" if matter is None else matter.text("title") or ""
    return _GLOSSARY_TITLE.search(title) is not None and bullets.recognises(text)


def _reason_to_skip(path: Path, text: str, is_root: bool) -> str | None:
    if path.name.startswith("_"):
        return "template or section page (its name starts with _)"
    if is_root and path.stem.lower() == "index" and not bullets.recognises(text):
        return "index page"
    if text.startswith(("---", "+++")):
        return None
    if is_repository_page(path):
        return "page about the repository (README, LICENSE, ...)"
    return None if text.strip() else "empty file"


def _draft(text: str, file: str, matter: FrontMatter) -> Draft | None:
    body = text[matter.body_start :]
    term = matter.text("term", "title", "name")
    line = 1
    if term is None:
        match = _HEADING.search(body)
        if match is None:
            return None
        term = bullets.plain_words(match["title"])
        line = text.count("\n", 0, matter.body_start + match.start()) + 1
        body = body[match.end() :]
    term = one_line(term)
    stated = matter.texts("aliases", "synonyms", "acronym", "acronyms", "abbreviation")
    return Draft(
        heading=matter.text("heading") or term,
        body=body.strip(),
        source=Source(file, line),
        term=term,
        aliases=aliases_of(term, (name for name in stated if not name.startswith("/"))),
        category=matter.text("category", "categories", "topic", "tags"),
        key=matter.text("slug", "id", "key"),
    )
