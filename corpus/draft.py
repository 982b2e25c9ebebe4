"""The noun Draft: an entry as a reader found it, before it has an id."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.entry import Source


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader yields for one entry; `corpus.identity` turns drafts into entries.

    Attributes:
        heading: the source's own heading line, unchanged.
        body: clean Markdown, white space at both ends removed; may be empty.
        source: file and line.
        term: the name of the concept, when the format states it; None lets
            `corpus.keywords` read it from the heading.
        aliases: other names that the format states.
        category: the subject area that the format states, or None.
        key: an identifier the source itself gives the entry (BEIR's `_id`, a slug); its slug
            becomes the entry_id.
    """

    heading: str
    body: str
    source: Source
    term: str | None = None
    aliases: tuple[str, ...] = ()
    category: str | None = None
    key: str | None = None
