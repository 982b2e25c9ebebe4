"""Does this quote support this sentence? The verifier of what a language model writes.

A sentence is supported when quotes of the sources hold every number, unit, acronym and formula of
it, none of them denies, reverses or reorders what it says, and the logistic model of
`support_model` finds its words, clause by clause, and its meaning in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from heapq import nlargest

from corpus.passage import Passage
from indexes.embedder import Embedder, Vectors
from indexes.index import Index
from rag.answer import Verdict
from rag.sources import Source
from rag.support.claims import asserted, bare
from rag.support.edits import misedited
from rag.support.fit import Case, Fit, fit
from rag.support.judging import Judgment, coverage, facts_missing, judge
from rag.support.model import SupportModel, load_support
from rag.support.parts import cut
from rag.support.reading import UnitReading, find_exact, read_entry
from rag.support.rows import rows_asked_for
from rag.support.statement import Statement, StatementReader
from rag.support.words import Lexicon

CACHED_ENTRIES, CACHED_ABOVE = 1024, 256
MOST_QUOTES = 3
_SHORTLIST = 6
_CITED_BONUS = 0.1
_MARGIN = 0.1  # by which a quote that is refused may have the higher probability
_LEAST_GAIN = 0.02  # coverage that a further quote must bring


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim span of one source: `source.entry.body[start:end]`."""

    source: Source
    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return the quote's own characters."""
        return self.source.entry.body[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether the sources support a sentence, and by which quotes.

    Attributes:
        verdict: QUOTED, SUPPORTED or UNSUPPORTED.
        score: a calibrated probability, in [0, 1], that the quotes say what the sentence says.
        quotes: best first, at most three; empty when unsupported.
        missing: numbers, units, names and denials of the sentence that no quote has.
    """

    verdict: Verdict
    score: float
    quotes: tuple[Quote, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Quotes that may support a sentence, each with its source, and the judgment."""

    quotes: tuple[Quote, ...]
    judgment: Judgment


@dataclass(frozen=True, slots=True)
class _Standing:
    source: Source
    unit: UnitReading
    cosine: float
    bonus: float


@dataclass(frozen=True, slots=True)
class _Found:
    standing: _Standing
    fit: Fit


class SupportVerifier:
    """Verifies one sentence after another against sources. Safe to use from several threads."""

    def __init__(self, index: Index, embedder: Embedder, model: SupportModel | None = None) -> None:
        self._embedder = embedder
        self._model = model or load_support()
        self._reader = StatementReader(index)
        self._lexicon = Lexicon(index, self._reader, lambda word: embedder.count_tokens(word) == 1)
        self._above = lru_cache(CACHED_ABOVE)(lambda text: self._reader.read(text).keys)
        self._entry = lru_cache(CACHED_ENTRIES)(partial(read_entry, index, self._reader))

    def verify(
        self,
        sentence: str,
        cited: Sequence[int],
        sources: Sequence[Source],
        above: Sequence[str] = (),
    ) -> Finding:
        """Find quotes that support a sentence, in the cited sources when they have them.

        `sentence` is a sentence, list item, table row, formula or code block without citation
        markers; `cited` are the numbers of the sources that it cites, unknown ones ignored. `above`
        are the texts that tell what a sentence without a subject speaks of, nearest first.
        """
        ordered = sorted(sources, key=lambda source: source.number not in cited)
        if quoted := self._verbatim(sentence, ordered):
            return Finding(Verdict.QUOTED, 1.0, quoted)
        judged: list[Candidate] = []
        for tier in self.tiers(sentence, cited, ordered, above):
            supported = list(self._unrivalled(tier, judged))
            if supported:
                best = max(
                    supported, key=lambda o: (_cites(o, cited), self._probability(o.judgment))
                )
                return Finding(Verdict.SUPPORTED, self._probability(best.judgment), best.quotes)
            judged.extend(tier)
        return self._unsupported([one.judgment for one in judged])

    def tiers(
        self,
        sentence: str,
        cited: Sequence[int],
        sources: Sequence[Source],
        above: Sequence[str] = (),
    ) -> Iterator[list[Candidate]]:
        """Judge the sentence by the most promising quotes: alone, together, and part by part."""
        stated = asserted(bare(sentence))
        keys = tuple(map(self._above, above))
        rows = rows_asked_for(
            keys, (u for source in sources for u in self._entry(source.entry.entry_id).units)
        )
        case = Case(self._reader.read(stated), self._lexicon, keys, rows)
        if not (case.claim.words or case.claim.numbers or case.claim.formulas):
            return
        standing = list(self._standing(self._embedder.embed_query(stated), cited, sources))
        found = self._shortlist(case, standing)
        yield [self._candidate(case, [one]) for one in found]
        yield [self._candidate(case, several) for several in _joined(case, found)]
        yield [
            candidate
            for parts in cut(stated)
            if (candidate := self._in_parts(parts, standing, case))
        ]

    def _candidate(self, case: Case, several: Sequence[_Found]) -> Candidate:
        quotes = tuple(_quote(one.standing.source, one.fit.unit) for one in several)
        return Candidate(quotes, judge(case, [one.fit for one in several], self._lexicon))

    def _in_parts(
        self, parts: tuple[str, str], standing: Sequence[_Standing], whole: Case
    ) -> Candidate | None:
        """Return the quotes of both parts, judged as the weaker part is."""
        chosen: list[tuple[Judgment, _Found]] = []
        for part in parts:
            case = whole.of(self._reader.read(part))
            found = self._shortlist(case, standing)
            judged = [(judge(case, [one.fit], self._lexicon), one) for one in found]
            allowed = [one for one in judged if self._supports(one[0])]
            if not case.claim.words or not allowed:
                return None
            best = max(allowed, key=lambda one: self._probability(one[0]))
            if chosen and not _may_follow(chosen[0][1].fit.unit, best[1].fit.unit, case.claim):
                return None  # a quote of the whole sentence has been judged as such
            if misedited(whole.claim, best[1].fit.unit, self._lexicon, is_joined=True):
                return None
            chosen.append(best)
        weaker = min((judgment for judgment, _ in chosen), key=self._probability)
        quotes = (_quote(one.standing.source, one.fit.unit) for _, one in chosen)
        return Candidate(tuple(dict.fromkeys(quotes)), weaker)

    def _unrivalled(
        self, tier: Sequence[Candidate], before: Sequence[Candidate]
    ) -> Iterator[Candidate]:
        """Yield the candidates that support the sentence, and that none like it more denies.

        A quote that has nearly every word of the sentence but not its number, or that turns what
        it says, is what the sentence is about: one that merely shares some words cannot save it.
        """
        refused = [one.judgment for one in (*tier, *before) if one.judgment.missing]
        bar = max(map(self._probability, refused), default=0.0) - _MARGIN
        for one in tier:
            if self._supports(one.judgment) and self._probability(one.judgment) >= bar:
                yield one

    def _supports(self, judgment: Judgment) -> bool:
        return not judgment.missing and self._probability(judgment) >= self._model.threshold

    def _probability(self, judgment: Judgment) -> float:
        return self._model.probability(judgment.signs)

    def _unsupported(self, judged: Sequence[Judgment]) -> Finding:
        if not judged:
            return Finding(Verdict.UNSUPPORTED, 0.0)
        best = max(judged, key=lambda one: (self._probability(one), -len(one.missing)))
        allowed = [self._probability(one) for one in judged if not one.missing]
        return Finding(Verdict.UNSUPPORTED, max(allowed, default=0.0), (), best.missing)

    def _verbatim(self, sentence: str, sources: Sequence[Source]) -> tuple[Quote, ...]:
        for source in sources:
            if found := find_exact(sentence, list(self._units(source)), MOST_QUOTES):
                return tuple(_quote(source, unit) for unit in found)
        return ()

    def _units(self, source: Source) -> Iterator[UnitReading]:
        shown = {passage.passage_id for passage in source.passages}
        for unit in self._entry(source.entry.entry_id).units:
            if unit.passage.passage_id in shown:
                yield unit

    def _standing(
        self, vector: Vectors, cited: Sequence[int], sources: Sequence[Source]
    ) -> Iterator[_Standing]:
        for source in sources:
            cosines = (self._entry(source.entry.entry_id).vectors @ vector).tolist()
            bonus = _CITED_BONUS * (source.number in cited)
            for unit in self._units(source):
                yield _Standing(source, unit, cosines[unit.place], bonus)

    def _shortlist(self, case: Case, standing: Sequence[_Standing]) -> list[_Found]:
        best = nlargest(
            _SHORTLIST, standing, key=lambda one: one.cosine + one.bonus + case.overlap(one.unit)
        )
        return [_Found(one, fit(case, one.unit, one.cosine, self._lexicon)) for one in best]


def _joined(case: Case, found: list[_Found]) -> Iterator[list[_Found]]:
    """Yield the best quotes with those that hold what they lack."""

    def held(several: list[_Found]) -> tuple[int, float]:
        fits = [one.fit for one in several]
        return -len(facts_missing(case, fits)), coverage(case, fits)

    for first in found[:2]:
        chosen = [first]
        while len(chosen) < MOST_QUOTES and len(chosen) < len(found):
            rest = [one for one in found if one not in chosen]
            best = max(rest, key=lambda one: held([*chosen, one]))
            before, after = held(chosen), held([*chosen, best])
            if after[0] <= before[0] and after[1] < before[1] + _LEAST_GAIN:
                break
            chosen.append(best)
            yield list(chosen)


def _may_follow(first: UnitReading, second: UnitReading, claim: Statement) -> bool:
    """Tell whether a second statement may lean on another quote than the first one.

    Not on the same one, which joins both as it does. A row or item with a label speaks of what its
    label names: the statement must name it too.
    """
    if second is first:
        return False
    if second.follows(first) or not second.label:
        return True
    return not second.label.isdisjoint(claim.keys)


def _cites(candidate: Candidate, cited: Sequence[int]) -> bool:
    return candidate.quotes[0].source.number in cited


def _quote(source: Source, unit: UnitReading) -> Quote:
    return Quote(source, unit.passage, unit.unit.start, unit.unit.end)
