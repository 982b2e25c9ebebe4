"""Tell what a text takes from its sources, apart from what it claims: titles, characters.

A heading or lead-in is shown without a quote, so it may only name what the sources have titles for.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from corpus.passage import Passage
from corpus.plain import plain_text
from indexes.index import Index
from rag.sources import Source
from rag.terms.terms import TermTable, name_words
from rag.writing.shown_source import shown_parts

# Words that arrange and claim nothing; none of them denies, compares or counts.
_ARRANGING = frozenset(
    (
        "a an and are as at below by definition example examples following follows for from "
        "here how in include includes into is it its key list main of on or overview part parts "
        "point points step steps summary term terms the their these this to versus vs what which "
        "with work works comparison difference differences feature features aspect aspects answer "
        "question has have using component components type types kind kinds description property "
        "properties explanation meaning about"
    ).split()
)
Quoted = tuple[Source, Passage, tuple[int, int]]
"""A quote: its source, its passage, and its characters of the body."""

_SIGNS = ("Sm", "Mn", "Me")  # mathematical signs, and marks that change the letter before
_WORD = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"\[\d[\d\s.,;–-]*\]")


class KnownWords:
    """The words and characters of one question and its sources."""

    def __init__(
        self, index: Index, terms: TermTable, question: str, sources: Sequence[Source]
    ) -> None:
        self._index = index
        self._terms = terms
        self.question = question
        self._sources = sources

    @cached_property
    def literal_brackets(self) -> frozenset[str]:
        """Return what the sources have in brackets like a citation and is none, as "[0, 1]"."""
        numbers = {str(source.number) for source in self._sources}
        found = {b for text in self._texts for b in _BRACKETS.findall(text)}
        return frozenset(b for b in found if not numbers.issuperset(re.findall(r"\d+", b)))

    def arrange(self, text: str) -> bool:
        """Tell whether a text only names things that the sources have titles for.

        Every word of it is arranging or stands in a title; or it is the question itself.
        """
        own = list(self._significant(text))
        return self._stems(own) <= self._titles or _folded(text) == _folded(self.question)

    def fit(self, text: str, quoted: Iterable[Quoted], *, or_within: bool = False) -> bool:
        """Tell whether a text that only arranges suits the quotes of what it arranges.

        Its words are in names of sources, at least one of them quoted, or in the titles above the
        quotes: "Benefits" does not stand above what the sources list as limitations. With
        `or_within` its words may stand in the quotes themselves: a label names what they say.
        """
        if _folded(text) == _folded(self.question):
            return True
        wanted = self._stems(self._significant(text))
        quoted = list(quoted)
        above = self._stems(
            word
            for source, passage, span in quoted
            for title in _titles_above(source, passage, span)
            for word in _folded(title)
        )
        if or_within:
            texts = (source.entry.body[slice(*span)] for source, _, span in quoted)
            above |= self._stems(word for text in texts for word in _folded(text))
        named = self._names & wanted
        return wanted <= self._names | above and (not named or bool(named & above))

    def foreign_names(self, text: str, quoted: Iterable[Quoted]) -> tuple[str, ...]:
        """Return the names in a text that neither its quotes nor what stands above them have.

        A sentence that is true of one entry is not true of another one put in its place.
        """
        quoted = list(quoted)
        entry_ids = {source.entry.entry_id for source, _, _ in quoted}
        ours = {twin for entry_id in entry_ids for twin in self._index.family(entry_id)}
        above = " . ".join(
            text
            for source, passage, span in quoted
            for text in (source.entry.body[slice(*span)], *_titles_above(source, passage, span))
        )
        mentions = self._terms.mentions(plain_text(text))
        said = Counter(mention.name for mention in mentions)
        return tuple(
            mention.written
            for mention in mentions
            if ours.isdisjoint(mention.entry_ids)
            and said[mention.name] > _occurrences(above, mention.name)
        )

    def entries_named(self, text: str) -> frozenset[str]:
        """Return the ids of the entries that a text names."""
        mentions = self._terms.mentions(plain_text(text))
        return frozenset(entry_id for one in mentions for entry_id in one.entry_ids)

    def count_names(self, text: str) -> int:
        """Return how many different names of entries a text has."""
        return len({mention.name for mention in self._terms.mentions(plain_text(text))})

    def family(self, entry_id: str) -> frozenset[str]:
        """Return the ids of an entry and of its twins in other glossaries."""
        return frozenset((entry_id, *self._index.family(entry_id)))

    def answers(self, quoted: Iterable[Quoted]) -> bool:
        """Tell whether quotes are about all that the question names, and it names more than a term.

        Then a bare value is an answer.
        """
        wanted = self._stems(self._significant(self.question))
        about = self._stems(
            word
            for source, passage, span in quoted
            for text in (source.entry.body[slice(*span)], *_titles_above(source, passage, span))
            for word in _folded(text)
        )
        return not wanted <= self._names and wanted <= about

    def unknown_characters(self, text: str) -> tuple[str, ...]:
        """Return the letters, digits and signs beyond ASCII that no source has, each once."""
        beyond = (
            c
            for c in unicodedata.normalize("NFC", text)
            if c > "\x7f" and (c.isalnum() or unicodedata.category(c) in _SIGNS)
        )
        return tuple(dict.fromkeys(c for c in beyond if c not in self._characters))

    def without_symbols(self, text: str) -> str:
        """Return a text without pictures and other symbols that no source has."""
        if text.isascii():
            return text
        return "".join(
            c
            for c in text
            if c in self._characters or unicodedata.category(c) not in ("So", "Sk", "Cn", "Co")
        )

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return tuple("".join(shown_parts(source)) for source in self._sources)

    @cached_property
    def _characters(self) -> frozenset[str]:
        titles = (f"{s.entry.heading} {s.entry.term}" for s in self._sources)
        return frozenset("".join((*self._texts, *titles, self.question)))

    @cached_property
    def _names(self) -> frozenset[str]:
        """Return the stems of the names of all sources."""
        return self._stems(
            word
            for source in self._sources
            for name in (source.entry.term, *source.entry.aliases)
            for word in _folded(name)
        )

    @cached_property
    def _titles(self) -> frozenset[str]:
        """Return the stems of all names and titles."""
        titles = (
            title
            for source in self._sources
            for passage in source.passages
            for span in ((unit.start, unit.end) for unit in passage.units)
            for title in _titles_above(source, passage, span)
        )
        return self._names | self._stems(word for title in set(titles) for word in _folded(title))

    def _significant(self, text: str) -> Iterable[str]:
        return (word for word in _folded(text) if word not in _ARRANGING)

    def _stems(self, words: Iterable[str]) -> frozenset[str]:
        """Return the stems of words; of stop words ("not") the words themselves."""
        return frozenset(stem for word in set(words) for stem in self._index.stems(word) or [word])


def _folded(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(plain_text(text))]


def _occurrences(text: str, name: str) -> int:
    words, wanted = name_words(text), name_words(name)
    starts = range(len(words) - len(wanted) + 1)
    return sum(words[start : start + len(wanted)] == wanted for start in starts)


def _titles_above(source: Source, passage: Passage, span: tuple[int, int]) -> Iterable[str]:
    entry = source.entry
    yield from (entry.term, entry.heading, *entry.aliases, passage.section)
    for unit in passage.units:
        if unit.start == span[0] and unit.end == span[1]:
            yield unit.section
            if unit.context:
                yield entry.body[slice(*unit.context)]
