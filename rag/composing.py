"""Choose the form of a quoted answer that fits the question and what was found, and write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from corpus.passage import UnitKind
from indexes.index import Index
from rag.citations import CitationList
from rag.inquiry import Inquiry
from rag.question.question import Kind
from rag.quoting.comparison import Comparer
from rag.quoting.evidence import Evidence, EvidenceScorer, Focus, entries_to_read
from rag.quoting.extractive import ExtractiveAnswerer
from rag.retriever import Retrieval
from rag.terms.terms import defines, speaks_of, word_stems

_BULLET = re.compile(r"^( *)- ", re.MULTILINE)
HOMONYMS = 4  # hits among which one name is looked for twice
MUCH = 0.9  # coverage of the focus from which a unit says all that is asked


class Composer:
    """Composes answers of quotes, each cited to its characters. Safe in several threads."""

    def __init__(
        self,
        index: Index,
        scorer: EvidenceScorer,
        comparer: Comparer,
        answerer: ExtractiveAnswerer,
    ) -> None:
        self._index = index
        self._scorer = scorer
        self._comparer = comparer
        self._answerer = answerer

    def compose(self, inquiry: Inquiry, citations: CitationList) -> str:
        """Return the text that answers an answerable inquiry."""
        if inquiry.halves:
            return "\n\n".join(told_apart(self._halves(inquiry, citations)))
        kind, found, evidence = inquiry.kind, inquiry.found, inquiry.evidence
        best = evidence[0]
        is_tabled = best.unit.kind is UnitKind.TABLE_ROW and best.covered >= MUCH
        if kind is Kind.COMPARISON and (rows := self._comparer.rows(found.topic, evidence)):
            return self._answerer.tabulate(rows, evidence, citations)
        if kind is Kind.COMPARISON and not is_tabled:
            columns = self._comparer.columns(found.topic, entries_to_read(found.hits))
            if columns:
                return self._answerer.compare(columns, evidence, citations)
        if kind is Kind.FORMULA:
            return self._answerer.state(kind, evidence, citations, describes=not found.entry_ids)
        if kind is Kind.DEFINITION and len(homonyms := self._homonyms(found)) > 1:
            return self._answerer.tell_apart(homonyms, citations)
        if kind is Kind.DEFINITION and found.entry_ids:
            own = [e for e in evidence if e.entry.entry_id == found.entry_ids[0]]
            if own and _asks_for_entry(inquiry.focus, found, own):
                return self._answerer.define(own, citations)
        top = [e for e in evidence if e.entry.entry_id == found.hits[0].entry.entry_id]
        if kind is Kind.DEFINITION and top and self._is_part_of_term(found):
            return self._answerer.define(top, citations)
        if kind not in (Kind.QUANTITY, Kind.NAME):
            listed = self._answerer.enumerate(kind, evidence, citations)
            if listed:
                return listed
        describes = kind is Kind.NAME or (
            not found.entry_ids and kind in (Kind.FACT, Kind.DEFINITION)
        )
        return self._answerer.state(kind, evidence, citations, describes=describes)

    def _halves(self, inquiry: Inquiry, citations: CitationList) -> Iterator[str]:
        """Yield the answers of the questions that a question joins, each thing said once."""
        said = ""
        for half in inquiry.halves:
            if half.answerable and (text := _fresh(self.compose(half, citations), said)):
                said += text
                yield text

    def _homonyms(self, found: Retrieval) -> list[Evidence]:
        """Return the openings of the found entries that define the very name asked for.

        Twins define one concept and share a hit; two hits that define one name are two concepts.
        """
        hits = [(hit.rank, hit.entry.entry_id) for hit in found.hits[:HOMONYMS]]
        units = self._scorer.gather(hits, found.vector, Focus({}), Kind.DEFINITION)
        openings = [e for e in units if e.opens and defines(e.quote, found.topic)]
        return sorted(openings, key=lambda e: e.hit_rank)

    def _is_part_of_term(self, found: Retrieval) -> bool:
        """Tell whether a question names no entry and says nothing beyond the first one's term.

        "What is pruning?" asks for "neural network pruning" when no entry is called just that.
        """
        term = word_stems(self._index, found.hits[0].entry.term)
        return not found.mentions and bool(found.stems) and set(found.stems) <= set(term)


def _fresh(text: str, said: str) -> str:
    """Return the blocks and list items of a text that were not `said` before."""
    blocks = []
    for block in text.split("\n\n"):
        if _BULLET.match(block):
            block = "\n".join(line for line in block.split("\n") if line not in said)
        if block and block not in said:
            blocks.append(block)
    return "\n\n".join(blocks)


def told_apart(texts: Iterable[str]) -> Iterator[str]:
    """Give a list that follows a list other bullets: Markdown makes one list of both otherwise."""
    end = ""
    for text in texts:
        if text.startswith("- ") and end.lstrip().startswith("- "):
            text = _BULLET.sub(r"\1* ", text)
        yield text
        end = text.rpartition("\n")[2]


def _asks_for_entry(focus: Focus, found: Retrieval, evidence: Sequence[Evidence]) -> bool:
    """Tell whether a question is about a whole entry rather than something that it mentions.

    An alias may be a synonym ("NCP") or one topic among others ("lottery ticket hypothesis"): it
    is a topic when the entry has a title or label for it that is not in its opening sentence.
    """
    if not focus.weights:
        return True
    if not found.is_name:
        return False
    opening = next((e.quote for e in evidence if e.opens), "")
    has_title = any(max(e.titled, e.labelled) == 1 for e in evidence)
    return speaks_of(opening, found.topic) or not has_title
