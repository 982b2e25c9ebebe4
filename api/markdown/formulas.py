"""Formulas: LaTeX to MathML that a browser may show, or to code where it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape, unescape
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

LONGEST_CHARS = 2_000
_DEEPEST = 60  # nested groups; the converter calls itself for each
_LONG_INLINE_CHARS = 40  # from here on an inline formula scrolls where the line is too short

TAGS = frozenset(
    "math maction menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot "
    "mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover "
    "none".split()
)
ATTRIBUTES = frozenset(
    "accent accentunder columnalign columnlines columnspacing depth displaystyle fence form height "
    "largeop linethickness lspace mathsize mathvariant maxsize minsize movablelimits notation "
    "rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset width".split()
)


def formula_html(latex: str, is_block: bool) -> str:
    """Return a formula as MathML, or as code when it is no formula that can be read."""
    latex = latex.strip()
    found = _mathml(latex, is_block)
    if found is None:
        return f'<code class="latex">{escape(latex)}</code>'
    if not is_block and len(latex) >= _LONG_INLINE_CHARS:
        return f'<span class="long-formula" tabindex="0" role="group">{found}</span>'
    return found


@lru_cache(maxsize=4096)
def _mathml(latex: str, is_block: bool) -> str | None:
    if not latex or len(latex) > LONGEST_CHARS or _depth(latex) > _DEEPEST:
        return None
    try:
        root = convert_to_element(latex, display="block" if is_block else "inline")
        inner = "".join(map(_element, root))
    except Exception:  # noqa: BLE001  the converter meets bad input with whatever it stumbles over
        return None
    if _is_unread(root):
        return None
    display = "block" if is_block else "inline"
    return f'<math display="{display}" alttext="{escape(latex)}">{inner}</math>'


def _depth(latex: str) -> int:
    depth = deepest = 0
    for character in latex:
        depth += (character == "{") - (character == "}")
        deepest = max(deepest, depth)
    return max(deepest, latex.count(r"\left"), latex.count(r"\begin"))


def _is_unread(root: Element) -> bool:
    """Tell whether a command came through unread: it would stand there as a word."""
    texts = (unescape(element.text or "") for element in root.iter() if element.tag != "mtext")
    return any(text.startswith("\\") and len(text) > 1 for text in texts)


def _element(element: Element) -> str:
    inner = escape(unescape(element.text or ""), quote=False) + "".join(map(_element, element))
    if element.tag not in TAGS:
        return inner
    attributes = "".join(_attributes(element))
    return f"<{element.tag}{attributes}>{inner}</{element.tag}>"


def _attributes(element: Element) -> Iterator[str]:
    for name, value in element.items():
        if name in ATTRIBUTES:
            yield f' {name}="{escape(unescape(value))}"'
