"""Headings of rendered Markdown: levels without gaps, and ids to link to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from markdown_it.token import Token

_DEEPEST = 6
_BOLD_LEVEL = 7  # below every heading
_LONGEST_TITLE = 120  # characters
_LONGEST_SLUG_CHARS = 60


def outlined(tokens: Sequence[Token], top: int, is_linked: bool) -> Sequence[Token]:
    """Give headings the levels of an outline that begins at `top`, and ids when `is_linked`.

    When they are linked, a paragraph that is nothing but a bold title is a heading too. The text
    of a linked heading and its id are kept in the meta of its closing token.
    """
    above: list[int] = []  # levels as written, of the headings around
    seen: dict[str, int] = {}
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if is_linked and _is_title(opening, inline):
            opening.type, closing.type = "heading_open", "heading_close"
            opening.tag = f"h{_BOLD_LEVEL}"
        if opening.type != "heading_open":
            continue
        written = int(opening.tag[1:])
        above = [level for level in above if level < written]
        opening.tag = closing.tag = f"h{min(_DEEPEST, top + len(above))}"
        above.append(written)
        if is_linked:
            text = _text(inline.children or ())
            opening.attrSet("id", _unused(_slug(text), seen))
            closing.meta = {"text": text, "id": opening.attrGet("id")}
    return tokens


def _is_title(opening: Token, inline: Token) -> bool:
    """Tell whether a paragraph outside of lists and quotes is nothing but a bold title."""
    if opening.type != "paragraph_open" or opening.level or len(inline.content) > _LONGEST_TITLE:
        return False
    children = [child for child in inline.children or () if child.type != "text" or child.content]
    types = [child.type for child in children]
    is_bold = len(types) > 2 and (types[0], types[-1]) == ("strong_open", "strong_close")
    return is_bold and types.count("strong_open") == 1 and not _text(children).endswith((".", "!"))


def _text(children: Iterable[Token]) -> str:
    return "".join(child.content for child in children).strip()


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_SLUG_CHARS].strip("-")
    return f"section-{words}" if words else "section"


def _unused(slug: str, seen: dict[str, int]) -> str:
    seen[slug] = seen.get(slug, 0) + 1
    return slug if seen[slug] == 1 else f"{slug}-{seen[slug]}"
