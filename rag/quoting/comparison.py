"""Compare two things side by side: what are they, and what is said of each?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.passage import UnitKind
from corpus.plain import table_cells
from indexes.embedder import Embedder
from indexes.index import Index
from rag.question.question import Kind, content_words
from rag.quoting.evidence import PROSE, Evidence, EvidenceScorer, Focus, names_entry
from rag.retriever import Retriever
from rag.terms.terms import Mention, singular, word_stems

_SPLITTERS = tuple(
    re.compile(pattern, re.IGNORECASE | re.VERBOSE)
    for pattern in (
        r"""(?:differences?|distinction|similarit(?:y|ies)|comparison|contrast|compare[ds]?
            |distinguish)(?:\ between|\ of)?
            \ (?P<a>.{1,200}?)\ (?:and|with|to|vs\.?|versus|from|against)\ (?P<b>.+)""",
        r"""(?:how\ (?:does|do|is|are)\ )(?P<a>.{1,200}?)\ and\ (?P<b>.{1,200}?)
            \ (?:differ|different)$""",
        r"""^(?:how\ (?:does|do|is|are)\ )?(?P<a>.{1,200}?)
            \ (?:differ|differs|different|distinct)(?:\ from)?\ (?P<b>.+)""",
        r"""^(?:how\ (?:does|do|is|are)\ |why\ (?:is|are|use)\ )?(?P<a>.{1,200}?)
            \ (?:compared?\ (?:to|with)|vs\.?|versus|better\ than|instead\ of|rather\ than)
            \ (?P<b>.+)""",
    )
)
_LEADING = re.compile(r"(?i)^(?:(?:is|are|does|do)\s+)?(?:a|an|the)?\s*\b")
_ENOUGH = 0.5  # share of an operand's own words that a unit must cover to speak of it


@dataclass(frozen=True, slots=True)
class Column:
    """One side of a comparison: its title, and the prose about it, best first.

    `is_entry` tells that an entry of the glossary is about nothing else.
    """

    title: str
    units: tuple[Evidence, ...]
    is_entry: bool


def operands(topic: str) -> tuple[str, str] | None:
    """Return the two things that a topic compares, or None when it names no two."""
    for splitter in _SPLITTERS:
        if match := splitter.search(topic):
            one, other = _bare(match["a"]), _bare(match["b"])
            if all(any(map(str.isalpha, operand)) for operand in (one, other)):
                return one, other
    return None


def with_head(operand: str, other: str) -> str:
    """Complete a lone adjective: of "structured vs unstructured pruning", "structured pruning".

    A plural is a noun, complete as it is.
    """
    head = other.split()[-1]
    is_lone = operand.islower() and len(operand.split()) == 1 and len(other.split()) > 1
    is_lone = is_lone and singular(operand) == operand
    return f"{operand} {head}" if is_lone and operand != head else operand


class Comparer:
    """Finds the columns of a comparison in the entries that were found."""

    def __init__(
        self, index: Index, embedder: Embedder, retriever: Retriever, scorer: EvidenceScorer
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._retriever = retriever
        self._scorer = scorer

    def columns(self, topic: str, entries: Sequence[tuple[int, str]]) -> list[Column]:
        """Return two columns, or none when the topic compares nothing the entries speak of."""
        pair = operands(topic)
        if pair is None:
            return []
        whole = self._retriever.terms.whole
        pair = (pair[0] if whole(pair[0]) else with_head(*pair), pair[1])
        one, other = (set(word_stems(self._index, content_words(operand))) for operand in pair)
        # What only the end of the question says, as in "EUV vs DUV wavelength", is asked of both.
        tail = (
            set(word_stems(self._index, pair[1].split()[-1])) if len(pair[1].split()) > 1 else set()
        )
        columns = [
            self._column(pair[0], one - other or one, tail, entries),
            self._column(pair[1], other - one - tail or other, tail, entries),
        ]
        if not all(column.units for column in columns):
            return []
        if columns[0].units[0].unit == columns[1].units[0].unit:
            return []
        # One sentence about both says more than an entry beside something that has none.
        uneven = columns[0].is_entry is not columns[1].is_entry
        return [] if uneven and self._joint(one, other, columns) else columns

    def rows(self, topic: str, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Return the rows of one table that begin with the two things compared, or none."""
        pair = operands(topic)
        if pair is None:
            return []
        one, other = (set(word_stems(self._index, content_words(operand))) for operand in pair)
        tables: dict[tuple[str, tuple[int, int] | None], list[Evidence]] = {}
        for e in evidence:
            if e.unit.kind is UnitKind.TABLE_ROW:
                tables.setdefault((e.entry.entry_id, e.unit.context), []).append(e)
        for rows in tables.values():
            heads = [set(word_stems(self._index, table_cells(row.quote)[0])) for row in rows]
            found = [
                next((row for row, head in zip(rows, heads, strict=True) if side & head), None)
                for side in (one - other, other - one)
            ]
            if found[0] and found[1] and found[0] is not found[1]:
                return [found[0], found[1]]
        return []

    def _joint(self, one: set[str], other: set[str], columns: Sequence[Column]) -> bool:
        units = [unit for column in columns for unit in column.units]
        stems = (set(word_stems(self._index, unit.quote)) for unit in units)
        return any(one <= own and other <= own for own in stems)

    def _column(
        self,
        operand: str,
        own_stems: set[str],
        tail: set[str],
        entries: Sequence[tuple[int, str]],
    ) -> Column:
        vector = self._embedder.embed_query(operand)
        named = self._named(operand)
        if named and names_entry(named, self._index):
            entry_id = named.entry_ids[0]
            own = self._scorer.gather([(1, entry_id)], vector, Focus({}), Kind.COMPARISON)
            return Column(named.name, _prose(own), is_entry=True)
        focus = Focus({stem: self._retriever.idf(stem) for stem in sorted(own_stems | tail)})
        found = self._scorer.gather(entries, vector, focus, Kind.COMPARISON)
        speaking = [
            e
            for e in found
            if max(e.covered, e.titled, e.labelled) >= _ENOUGH
            and own_stems & set(word_stems(self._index, f"{e.unit.section} {e.quote}"))
        ]
        return Column(operand, _prose(speaking), is_entry=False)

    def _named(self, operand: str) -> Mention | None:
        """Return the one name that an operand is, apart from words that say nothing."""
        terms = self._retriever.terms
        mentions = terms.mentions(operand)
        content = set(word_stems(self._index, content_words(operand)))
        if len(mentions) == 1 and content <= set(word_stems(self._index, mentions[0].written)):
            return mentions[0]
        return terms.whole(operand)


def _prose(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(e for e in evidence if e.unit.kind in PROSE and e.unit.kind is not UnitKind.STEP)


def _bare(operand: str) -> str:
    return _LEADING.sub("", operand.strip(" ?!.,;:\"'"))
