"""Read reStructuredText: definition lists, and Sphinx's `.. glossary::`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes

from corpus.draft import Draft
from corpus.entry import Source
from corpus.errors import SourceUnreadable
from corpus.readers.naming import aliases_of, one_line, subject_of
from corpus.readers.rst_markdown import directive_content, to_markdown, unknown_directive
from corpus.readers.rst_parsing import parse
from corpus.report import Report

_CLASSIFIER = re.compile(r"\s+:(?:\s.*)?$")


def read(text: str, file: str, report: Report) -> Iterator[Draft]:
    """Yield a draft per item of the outermost definition lists and Sphinx glossaries."""
    try:
        document = parse(text, file)
        drafts = list(_drafts(document, file))
    except (SourceUnreadable, RecursionError):
        report.problem(file, 1, "nested too deeply to be read; flatten it")
        return
    yield from drafts


def _drafts(document: nodes.document, file: str) -> Iterator[Draft]:
    stack: list[nodes.Node] = [document]
    while stack:
        node = stack.pop()
        directive = unknown_directive(node)
        if isinstance(node, nodes.definition_list):
            yield from _definition_list(node, file)
        elif directive is not None and directive[0] == "glossary":
            yield from _glossary(node, directive[1], file)
        elif not isinstance(node, nodes.system_message):
            stack += reversed(node.children)


def _definition_list(definitions: nodes.definition_list, file: str) -> Iterator[Draft]:
    category = _category(definitions)
    for item in definitions.children:
        names = [one_line(child.astext()) for child in item.children if _is_name(child)]
        bodies = [child for child in item.children if isinstance(child, nodes.definition)]
        body = "\n\n".join(to_markdown(part.children) for part in bodies).strip()
        yield _draft(names, body, Source(file, _line(item)), category)


def _is_name(node: nodes.Node) -> bool:
    return isinstance(node, nodes.term)


def _line(node: nodes.Node) -> int:
    lines = (part.line for part in (node, *node.children) if getattr(part, "line", None))
    return next(lines, None) or 1


def _draft(names: list[str], body: str, source: Source, category: str | None) -> Draft:
    term = names[0]
    return Draft(term, body, source, term, aliases_of(term, names[1:]), category)


def _category(node: nodes.Node) -> str | None:
    """Return the subject of the nearest section that is not the whole document."""
    parent = node.parent
    while parent is not None and not isinstance(parent, nodes.section):
        parent = parent.parent
    if parent is None or not isinstance(parent.parent, nodes.section | nodes.document):
        return None
    is_document_title = isinstance(parent.parent, nodes.document) and (
        sum(isinstance(child, nodes.section) for child in parent.parent.children) == 1
    )
    return None if is_document_title else subject_of(parent[0].astext())


def _glossary(node: nodes.Node, source: str, file: str) -> Iterator[Draft]:
    """Read Sphinx's glossary: lines at the margin are names of the indented block below them."""
    content, above = directive_content(source)
    first_line = int(getattr(node, "attributes", {}).get("line") or 1) + above
    category = _category(node)
    names: list[tuple[int, str]] = []
    block: list[str] = []
    for number, line in enumerate(content.split("\n"), start=first_line):
        at_margin = bool(line.strip()) and not line[0].isspace()
        if at_margin and any(text.strip() for text in block):
            if names:
                yield _glossary_draft(names, block, file, category)
            names, block = [], []
        if not at_margin:
            block.append(line)
        elif not line.startswith(".. "):
            names.append((number, one_line(_CLASSIFIER.sub("", line))))
    if names:
        yield _glossary_draft(names, block, file, category)


def _glossary_draft(
    names: list[tuple[int, str]], block: list[str], file: str, category: str | None
) -> Draft:
    indents = [len(line) - len(line.lstrip()) for line in block if line.strip()]
    margin = min(indents, default=0)
    document = parse("\n".join(line[margin:] for line in block), file)
    body = to_markdown(document.children).strip()
    return _draft([name for _, name in names], body, Source(file, names[0][0]), category)
