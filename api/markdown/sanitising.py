"""The last step before HTML made of Markdown is shown: nothing passes but what is listed here."""

from __future__ import annotations

from functools import lru_cache

import nh3

from api.markdown.formulas import ATTRIBUTES, TAGS

LINK_SCHEMES = frozenset({"http", "https", "mailto"})

_TEXT_TAGS = frozenset(
    "a blockquote br code del div em h2 h3 h4 h5 h6 hr li mark ol p pre s span strong table tbody "
    "td th thead tr ul".split()
)
_TEXT_ATTRIBUTES = {
    "a": {"href", "rel", "class", "aria-label", "title"},
    "code": {"class"},
    "div": {"class", "role", "aria-label", "tabindex"},
    "mark": {"id"},
    "math": {"display", "alttext"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "span": {"class", "role", "tabindex"},
    "td": {"class"},
    "th": {"class"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}


def sanitised(html: str) -> str:
    """Return `html` without scripts, styles, images, frames, and anything else not listed."""
    return _cleaner().clean(html)


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    attributes = {tag: set(ATTRIBUTES) for tag in TAGS}
    for tag, names in _TEXT_ATTRIBUTES.items():
        attributes[tag] = attributes.get(tag, set()) | names
    return nh3.Cleaner(
        tags=set(_TEXT_TAGS | TAGS),
        attributes=attributes,
        url_schemes=set(LINK_SCHEMES),
        link_rel=None,
        strip_comments=True,
    )
