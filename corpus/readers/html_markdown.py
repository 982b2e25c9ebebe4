"""HTML elements to Markdown by walking the tree."""

from __future__ import annotations

from typing import Any

from corpus.readers import markdown_writing as markdown

DROPPED = (
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "canvas",
    "head", "nav", "header", "footer", "aside", "form", "button", "select", "input", "textarea",
    "audio", "video",
)  # fmt: skip
_BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "html", "li",
    "main", "ol", "p", "pre", "section", "summary", "table", "ul",
}  # fmt: skip
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "dfn": "*", "cite": "*"}
_CODE = {"code", "kbd", "samp", "tt", "var"}
_DEEPEST = 60


def to_markdown(element: Any) -> str:
    """Return the content of an element as Markdown blocks."""
    return "\n\n".join(_blocks(element, 0)).strip()


def words(element: Any) -> str:
    """Return the text of an element on one line."""
    return " ".join("".join(element.itertext()).split())


def _blocks(element: Any, depth: int) -> list[str]:
    """Return the blocks inside an element; loose text and inline elements form paragraphs."""
    if depth > _DEEPEST:
        return [markdown.paragraph(markdown.escape(words(element)))]
    blocks: list[str] = []
    inline = markdown.escape(element.text or "")
    for child in element:
        if child.tag in _BLOCKS or _holds_blocks(child):
            blocks.append(markdown.paragraph(inline))
            blocks += _block(child, depth + 1)
            inline = ""
        else:
            inline += _inline(child, depth + 1)
        inline += markdown.escape(child.tail or "")
    blocks.append(markdown.paragraph(inline))
    return [block for block in blocks if block.strip()]


def _holds_blocks(element: Any) -> bool:
    return element.tag in ("a", "span", "b", "font") and any(e.tag in _BLOCKS for e in element)


def _block(element: Any, depth: int) -> list[str]:
    tag = element.tag
    if tag in ("ul", "ol", "dl"):
        return [_list(element, depth)]
    if tag == "pre":
        return [markdown.code_block("".join(element.itertext()), _language(element))]
    if tag == "table":
        return [_table(element, depth)]
    if tag == "blockquote":
        return [markdown.block_quote(_blocks(element, depth))]
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        title = _inlines(element, depth).strip()
        return ["#" * max(2, int(tag[1])) + " " + title] if title else []
    return _blocks(element, depth)


def _list(element: Any, depth: int) -> str:
    items = []
    for child in element:
        if child.tag == "dt":
            items.append(markdown.list_item("-", [f"**{_inlines(child, depth).strip()}**"]))
        elif child.tag == "dd" and items:
            items.append(
                "  " + markdown.list_item("-", _blocks(child, depth)).replace("\n", "\n  ")
            )
        elif words(child):
            marker = f"{len(items) + 1}." if element.tag == "ol" else "-"
            items.append(markdown.list_item(marker, _blocks(child, depth)))
    return "\n".join(items)


def _table(element: Any, depth: int) -> str:
    rows = [
        [_inlines(cell, depth) for cell in row if cell.tag in ("td", "th")]
        for row in element.iter("tr")
        if next(row.iterancestors("table")) is element
    ]
    return markdown.table([row for row in rows if row])


def _inlines(element: Any, depth: int) -> str:
    if depth > _DEEPEST:
        return markdown.escape(words(element))
    text = markdown.escape(element.text or "")
    for child in element:
        text += _inline(child, depth + 1) + markdown.escape(child.tail or "")
    return text


def _inline(element: Any, depth: int) -> str:
    tag = element.tag
    if tag == "br":
        return "\n"
    if tag == "img":
        return markdown.escape(element.get("alt") or "")
    if tag == "math":
        return _formula(element)
    if tag in _CODE:
        return markdown.code_span("".join(element.itertext()))
    text = _inlines(element, depth)
    if tag in _MARKS:
        return markdown.emphasis(text, _MARKS[tag])
    return markdown.link(text, element.get("href") or "") if tag == "a" else text


def _formula(element: Any) -> str:
    annotation = element.find(".//{*}annotation")
    source = element.get("alttext") or (annotation.text if annotation is not None else None)
    return f"${source.strip()}$" if source else markdown.escape(words(element))


def _language(element: Any) -> str:
    classes = " ".join(part.get("class") or "" for part in (element, *element[:1])).split()
    return next((name[9:] for name in classes if name.startswith("language-")), "")
