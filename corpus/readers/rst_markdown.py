"""docutils trees to Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable

from docutils import nodes

from corpus.readers import markdown_writing as markdown
from corpus.readers.rst_parsing import parse

_INVISIBLE = (
    nodes.comment, nodes.target, nodes.substitution_definition, nodes.footnote_reference,
    nodes.citation_reference, nodes.footnote, nodes.citation, nodes.pending, nodes.raw,
)  # fmt: skip
_NAVIGATION = {
    "toctree", "index", "module", "currentmodule", "highlight", "sectionauthor", "only",
    "tabularcolumns", "contents", "include", "literalinclude", "versionadded",
    "versionchanged", "deprecated", "glossary",
}  # fmt: skip


def to_markdown(children: Iterable[nodes.Node]) -> str:
    """Return block nodes as Markdown."""
    return "\n\n".join(block for node in children if (block := _block(node)))


def unknown_directive(node: nodes.Node) -> tuple[str, str] | None:
    """Return name and source of a directive docutils does not know, or None for other nodes."""
    if not isinstance(node, nodes.system_message):
        return None
    if "Unknown directive type" not in node.astext():
        return None
    source = next((child.astext() for child in node.findall(nodes.literal_block)), "")
    name = source.lstrip(". ").partition("::")[0].strip()
    return (name, source) if name else None


def directive_content(source: str) -> tuple[str, int]:
    """Return the dedented content of a directive and how many lines stand above it."""
    lines = source.split("\n")
    start = 1
    while start < len(lines) and lines[start].lstrip().startswith(":"):
        start += 1
    while start < len(lines) and not lines[start].strip():
        start += 1
    return textwrap.dedent("\n".join(lines[start:])), start


def _block(node: nodes.Node) -> str:
    if isinstance(node, nodes.system_message):
        return _directive(node)
    if isinstance(node, _INVISIBLE):
        return ""
    for kind, render in _BLOCKS.items():
        if isinstance(node, kind):
            return render(node)
    if isinstance(node, nodes.TextElement | nodes.Text):
        return markdown.paragraph(_inline(node))
    return to_markdown(node.children)


def _directive(node: nodes.system_message) -> str:
    found = unknown_directive(node)
    if found is None or found[0] in _NAVIGATION:
        return ""
    argument = found[1].split("\n")[0].partition("::")[2].strip()
    content = f"{argument}\n\n{directive_content(found[1])[0]}"
    return to_markdown(parse(content, "directive").children) if content.strip() else ""


def _bullets(node: nodes.Element) -> str:
    return "\n".join(markdown.list_item("-", map(_block, item.children)) for item in node.children)


def _numbers(node: nodes.Element) -> str:
    first = int(node.get("start", 1))
    return "\n".join(
        markdown.list_item(f"{number}.", map(_block, item.children))
        for number, item in enumerate(node.children, start=first)
    )


def _definitions(node: nodes.Element) -> str:
    items = []
    for item in node.children:
        names = [_inline(child) for child in item.children if isinstance(child, nodes.term)]
        bodies = [_block(child) for child in item.children if isinstance(child, nodes.definition)]
        items.append(markdown.list_item("-", [f"**{', '.join(names)}**", *bodies]))
    return "\n".join(items)


def _fields(node: nodes.Element) -> str:
    return "\n".join(
        markdown.list_item("-", [f"**{field[0].astext()}**: {to_markdown(field[1].children)}"])
        for field in node.findall(nodes.field)
    )


def _table(node: nodes.Element) -> str:
    rows = [
        [" ".join(to_markdown(entry.children).split()) for entry in row.children]
        for row in node.findall(nodes.row)
    ]
    return markdown.table(rows)


def _code(node: nodes.Element) -> str:
    classes: list[str] = node.get("classes", [])
    languages = [name for name in classes if name != "code"]
    return markdown.code_block(node.astext(), languages[0] if languages else "")


def _formula(node: nodes.Element) -> str:
    return f"$$\n{node.astext().strip()}\n$$"


def _quote(node: nodes.Element) -> str:
    return markdown.block_quote(map(_block, node.children))


def _image(node: nodes.Element) -> str:
    return markdown.escape(node.get("alt") or "")


def _lines(node: nodes.Element) -> str:
    return "\\\n".join(_inline(line) for line in node.findall(nodes.line))


def _heading(node: nodes.Element) -> str:
    return f"**{_inline(node).strip()}**"


_BLOCKS: dict[type[nodes.Node], Callable[..., str]] = {
    nodes.bullet_list: _bullets,
    nodes.enumerated_list: _numbers,
    nodes.definition_list: _definitions,
    nodes.field_list: _fields,
    nodes.table: _table,
    nodes.math_block: _formula,
    nodes.literal_block: _code,
    nodes.doctest_block: _code,
    nodes.block_quote: _quote,
    nodes.image: _image,
    nodes.line_block: _lines,
    nodes.rubric: _heading,
    nodes.title: _heading,
}


def _inline(node: nodes.Node) -> str:
    if isinstance(node, nodes.Text):
        return markdown.escape(node.astext())
    if isinstance(node, nodes.literal):
        return markdown.code_span(node.astext())
    if isinstance(node, nodes.math):
        return f"${node.astext()}$"
    if isinstance(node, nodes.image):
        return _image(node)
    if isinstance(node, nodes.problematic):
        text = node.astext()
        return "" if text.startswith("[") else markdown.escape(text.strip("`_|*"))
    if isinstance(node, (*_INVISIBLE, nodes.system_message)) and not isinstance(node, nodes.target):
        return ""
    text = "".join(_inline(child) for child in node.children)
    if isinstance(node, nodes.reference):
        return markdown.link(text, node.get("refuri") or "")
    if isinstance(node, nodes.strong):
        return markdown.emphasis(text, "**")
    return markdown.emphasis(text, "*") if isinstance(node, nodes.emphasis) else text
