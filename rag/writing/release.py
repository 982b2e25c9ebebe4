"""Release a model's text piece by piece, each once a source supports it.

A marker that names no source disappears, a supported sentence gets the citations of the quotes
that support it, and an unsupported one is withheld, marked or allowed. What only arranges the text
(a heading, a lead-in, the head of a table) waits for the supported piece that it arranges; unless
a source supports it as it stands, it may only name what the sources have titles for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from corpus.plain import plain_text, table_cells
from rag.answer import Support, Verdict
from rag.characters import as_read, visible
from rag.citations import CitationList
from rag.inert import inert
from rag.sources import Source
from rag.support.claims import is_claim
from rag.support.support import Finding, Quote
from rag.writing.judged import Judged
from rag.writing.known_words import KnownWords, Quoted
from rag.writing.markers import read_markers
from rag.writing.piece_text import (
    closed,
    gap_inside,
    headers,
    is_fragment,
    is_label,
    own_words,
    repeated_numbers,
    row_in_words,
    with_markers,
)
from rag.writing.pieces import Piece, PieceKind
from rag.writing.topic import HEADING, ITEM, LEAD_IN, Topic

MARKED = "*(not supported by the sources)*"
_DEEPEST = 999
ARRANGING = (PieceKind.HEADING, PieceKind.TABLE_HEAD)


class Policy(StrEnum):
    """What becomes of a sentence that no source supports."""

    WITHHOLD = "withhold"
    MARK = "mark"
    ALLOW = "allow"


class Verifier(Protocol):
    """Tells whether sources support a sentence."""

    def verify(
        self,
        sentence: str,
        cited: Sequence[int],
        sources: Sequence[Source],
        above: Sequence[str] = (),
    ) -> Finding:
        """Return the verdict and the quotes that support the sentence.

        `above` are the texts that tell what a sentence without a subject speaks of, nearest first.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Held:
    """Something that only arranges, held back until what it arranges is released.

    Attributes:
        place: of its judgement in `judged`.
        finding: what supports it as it stands, if anything does.
        level: how deep it stands: a heading, a lead-in, or an item above others.
    """

    kind: PieceKind
    gap: str
    mark: str
    text: str
    place: int
    finding: Finding | None
    level: int


class Release:
    """Checks the pieces of one answer, in order, and says what may be shown."""

    def __init__(
        self,
        verifier: Verifier,
        known_words: KnownWords,
        sources: Sequence[Source],
        policy: Policy,
        citations: CitationList,
    ) -> None:
        self._verifier = verifier
        self._known_words = known_words
        self._sources = sources
        self._numbers = frozenset(source.number for source in sources)
        self._policy = policy
        self._citations = citations
        self._held: list[_Held] = []
        self._gap = ""
        self._mark = ""
        self._ordinal = 0
        self._columns: list[str] = []
        self._has_released = False
        self._topic = Topic(known_words)
        self.judged: list[Judged] = []

    def feed(self, piece: Piece) -> str:
        """Return what a piece adds to the answer: text with its markers, or ""."""
        is_literal = piece.kind in (PieceKind.CODE, PieceKind.FORMULA)
        text, cited = self._read(piece, is_literal=is_literal)
        self._gap = max(self._gap, piece.gap, gap_inside(piece.text), key=len)
        if "\n" in piece.gap or not self._has_released:
            self._mark = self._list_mark(piece.mark)
        if piece.kind not in (PieceKind.TABLE_ROW, PieceKind.TABLE_HEAD):
            self._columns = []
        if not any(map(str.isalnum, text)):
            return ""
        if piece.kind is PieceKind.TABLE_HEAD:
            self._columns = table_cells(text.partition("\n")[0])
        if piece.kind in ARRANGING or not (piece.mark or is_literal or is_claim(text)):
            return self._hold(piece, text, cited)
        if piece.mark and is_label(text) and not is_literal:
            return self._hold(piece, text, cited)
        return self._check(piece, text, cited)

    def start_over(self) -> None:
        """Forget what is held back; what comes now stands in a paragraph of its own."""
        self._held.clear()
        self._columns = []
        self._gap, self._mark, self._ordinal = "\n\n", "", 0
        self._topic = Topic(self._known_words)

    def _read(self, piece: Piece, *, is_literal: bool) -> tuple[str, tuple[int, ...]]:
        """Return the text of a piece as it may be shown, and the numbers that it cites."""
        if is_literal:
            return inert(visible(piece.text), is_block=True).strip(), ()
        read = self._known_words.without_symbols(as_read(piece.text))
        text, cited = read_markers(read, self._known_words.literal_brackets)
        return closed(inert(text).strip()), cited

    def _list_mark(self, mark: str) -> str:
        """Return a list mark; a number that does not count on becomes a bullet."""
        number = "".join(filter(str.isdecimal, mark))
        if not number:
            return mark
        if int(number) not in (1, self._ordinal + 1):
            return f"{mark[: mark.index(number)]}- "
        self._ordinal = int(number)
        return mark

    def _check(self, piece: Piece, text: str, cited: tuple[int, ...]) -> str:
        finding = self._verified(piece, text, cited)
        if finding.quotes and not self._stands(text, finding):
            finding = Finding(Verdict.UNSUPPORTED, finding.score)
        is_supported = finding.verdict is not Verdict.UNSUPPORTED
        is_shown = is_supported or self._policy is not Policy.WITHHOLD
        place = self._judge(piece, cited, finding, is_shown=is_shown)
        if not is_shown:
            return ""
        before = self._arranged(piece, finding.quotes)
        markers = self._cite(finding, place)
        if not is_supported and self._policy is Policy.MARK:
            markers = MARKED
        gap = self._gap if self._has_released or before else ""
        shown = f"{before}{gap}{self._mark}{with_markers(piece.kind, text, markers)}"
        self._gap = self._mark = ""
        self._has_released = True
        self._topic.spoke(text, [_place(quote) for quote in finding.quotes])
        return shown

    def _verified(
        self, piece: Piece, text: str, cited: tuple[int, ...], *, is_label: bool = False
    ) -> Finding:
        """Return what the sources have for a text; nothing for one that was cut in the middle."""
        if not piece.is_whole:
            return Finding(Verdict.UNSUPPORTED, 0.0)
        known = [number for number in cited if number in self._numbers]
        if unknown := self._known_words.unknown_characters(text):
            return Finding(Verdict.UNSUPPORTED, 0.0, (), unknown)
        finding = self._verifier.verify(text, known, self._sources, self._topic.above)
        is_titled = bool(finding.quotes) and all(map(self._has_columns, finding.quotes))
        if piece.kind is PieceKind.TABLE_ROW and self._columns and not is_titled:
            text = row_in_words(self._columns, text)
            finding = self._verifier.verify(text, known, self._sources, self._topic.above)
        if finding.verdict is Verdict.SUPPORTED:
            places = [_place(quote) for quote in finding.quotes]
            foreign = (
                *self._known_words.foreign_names(text, places),
                *own_words(text, finding),
                *repeated_numbers(text, finding),
            )
            if foreign:
                return Finding(Verdict.UNSUPPORTED, 0.0, (), foreign)
            is_running = piece.kind is PieceKind.SENTENCE
            if (
                not is_label
                and is_running
                and is_fragment(text)
                and not self._known_words.answers(places)
            ):
                return Finding(Verdict.UNSUPPORTED, finding.score)
        return finding

    def _stands(self, text: str, finding: Finding) -> bool:
        """Tell whether a text stands where what it is quoted from is spoken of."""
        places = [_place(quote) for quote in finding.quotes]
        labels = [held for held in self._held if held.finding]
        return self._topic.fits(text, places) and all(
            self._suits(held, finding.quotes) for held in labels
        )

    def _has_columns(self, quote: Quote) -> bool:
        """Tell whether a quote is a row under the very titles of the columns."""
        own = [plain_text(title).casefold() for title in self._columns]
        return any(
            [plain_text(title).casefold() for title in table_cells(header)] == own
            for header in headers(quote)
        )

    def _judge(
        self, piece: Piece, cited: tuple[int, ...], finding: Finding | None, *, is_shown: bool
    ) -> int:
        """Record a judgement; return its place."""
        unknown = tuple(number for number in cited if number not in self._numbers)
        verdict = finding.verdict if finding else None
        score, missing = (finding.score, finding.missing) if finding else (0.0, ())
        self.judged.append(
            Judged(piece.text, cited, unknown, verdict, score, missing, (), is_shown)
        )
        return len(self.judged) - 1

    def _cite(self, finding: Finding, place: int) -> str:
        """Number the quotes of what is released at `place`; return their markers."""
        support = Support(finding.verdict, round(finding.score, 4))
        markers = dict.fromkeys(
            self._citations.cite(q.source.entry, q.passage, q.start, q.end, support)
            for q in finding.quotes
        )
        numbers = tuple(int(marker[1:-1]) for marker in markers)
        self.judged[place] = replace(self.judged[place], citations=numbers, is_shown=True)
        return "".join(markers)

    def _hold(self, piece: Piece, text: str, cited: tuple[int, ...]) -> str:
        """Keep an arranging piece for later, unless it says something of its own."""
        finding = None
        level = _level(piece)
        self._held = [held for held in self._held if held.level < level]
        is_kept = self._policy is Policy.ALLOW or self._known_words.arrange(text)
        if not is_kept and piece.kind is not PieceKind.TABLE_HEAD:
            self._topic.leave(level)
            found = self._verified(piece, text, cited, is_label=True)
            is_kept = found.verdict is not Verdict.UNSUPPORTED
            finding = found if is_kept else None
        if piece.kind is not PieceKind.TABLE_HEAD:
            self._topic.label(level, text, is_kept=is_kept)
        place = self._judge(piece, cited, finding, is_shown=False)
        if is_kept:
            self._held.append(_Held(piece.kind, self._gap, self._mark, text, place, finding, level))
            self._gap = ""
        return ""

    def _arranged(self, piece: Piece, quotes: Sequence[Quote]) -> str:
        """Return what was held back for a piece that is released now."""
        shown = ""
        for held in self._held:
            if not (_leads_to(held, piece) and self._suits(held, quotes)):
                continue
            markers = self._cite(held.finding, held.place) if held.finding else ""
            self.judged[held.place] = replace(self.judged[held.place], is_shown=True)
            gap = held.gap if self._has_released or shown else ""
            shown += f"{gap}{held.mark}{with_markers(held.kind, held.text, markers)}"
        self._held.clear()
        return shown

    def _suits(self, held: _Held, quotes: Sequence[Quote]) -> bool:
        if self._policy is Policy.ALLOW:
            return True
        is_label = held.finding is not None
        return self._known_words.fit(held.text, map(_place, quotes), or_within=is_label)


def _level(piece: Piece) -> int:
    if piece.kind is PieceKind.HEADING:
        return HEADING
    if piece.kind is PieceKind.TABLE_HEAD:
        return _DEEPEST
    return ITEM if piece.mark else LEAD_IN


def _leads_to(held: _Held, piece: Piece) -> bool:
    """Tell whether something that arranges can arrange a piece: a lead-in only what it led in."""
    kind = held.kind
    if kind is PieceKind.TABLE_HEAD:
        return piece.kind is PieceKind.TABLE_ROW
    is_running_text = piece.kind is PieceKind.SENTENCE and not piece.mark
    if held.level == ITEM:
        return not is_running_text
    return kind is PieceKind.HEADING or not is_running_text or "\n" not in piece.gap


def _place(quote: Quote) -> Quoted:
    return quote.source, quote.passage, (quote.start, quote.end)
