"""The noun SourceCard: what an answer quotes of one entry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from api.cited_source import CitedSource, sources_of
from api.markdown.markdown import to_html
from api.pages.entry_names import EntryName, entry_names
from api.plain_text import printable
from rag.answer import Citation
from rag.chat import Chat

_FRAME = re.compile(r"^\s*(?:#{1,6}|[-*+]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class Quote:
    """A numbered quote ready for the template; `html` is safe and without its context."""

    source: CitedSource
    html: Markup


@dataclass(frozen=True, slots=True)
class SourceCard:
    """An entry that an answer cites.

    Attributes:
        quotes: of the entry, in the order of their numbers; never empty.
        twins: the other entries that define the same concept.
    """

    quotes: tuple[Quote, ...]
    twins: tuple[EntryName, ...]

    @property
    def entry(self) -> CitedSource:
        """The first of its sources, for the term, the category and the link."""
        return self.quotes[0].source


def source_cards(chat: Chat, citations: Iterable[Citation]) -> tuple[SourceCard, ...]:
    """Return what is cited, one card an entry; what the entry no longer says has its own."""
    found: dict[tuple[str, bool], list[CitedSource]] = {}
    for source in sources_of(chat, citations):
        found.setdefault((source.entry_id, source.is_current), []).append(source)
    return tuple(_card(chat, sources) for sources in found.values())


def _card(chat: Chat, sources: list[CitedSource]) -> SourceCard:
    first = sources[0]
    twins: tuple[EntryName, ...] = ()
    if first.twins:
        others = (chat.entry(twin.entry_id) for twin in first.twins)
        twins = entry_names(others, beside=[chat.entry(first.entry_id)])
    return SourceCard(tuple(map(_quote, sources)), twins)


def _quote(source: CitedSource) -> Quote:
    """Return a quote as it reads by itself: a cell, an item or a heading without its marks."""
    quote = _FRAME.sub("", printable(source.quote)).strip()
    if quote.startswith("|"):
        quote = " · ".join(cell.strip() for cell in quote.strip("| ").split("|"))
    return Quote(source, Markup(to_html(quote)))  # noqa: S704  sanitised
