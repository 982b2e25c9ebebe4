"""What the verifier needs to know of the units of an entry, whatever the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.context import unit_words
from corpus.entry import Entry
from corpus.passage import Passage, Unit, UnitKind
from corpus.plain import plain_text, table_cells
from indexes.embedder import Vectors
from indexes.index import Index
from rag.quoting.unit_stems import label_of
from rag.support.claims import bare
from rag.support.numbers import Number
from rag.support.statement import Statement, StatementReader

_MARKS = re.compile(r"\*{1,3}|(?<!\w)__?(?=\w)|(?<=\w)__?(?!\w)|`+|\\[()\[\]]|\$+")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)")
_ENDING = ".!?;:,… "
_SPACE = re.compile(r"\s+")
_ENDS = re.compile(r"[.!?;:,…]*\s+|[.!?;:,…]+$")
_COUNTED_IN = re.compile(r"(?P<name>.+?)\s*\((?P<unit>[^()]+)\)")
_SHORTLY = 2
_EDGES = re.compile(r"\s*\|\s*")


@dataclass(frozen=True)
class UnitReading:
    """A unit, the statement it makes, and what is given where it stands.

    Attributes:
        place: the unit's place in its entry, from 0: its row in the entry's unit vectors.
        names: keys of the entry's names.
        given: the same, and those of the titles above the unit and what leads in to it.
        given_folded: `given`, not stemmed.
        label: keys of a table row's first cell, or of the label that a list item begins with.
        rivals: keys that only the first cells of the other rows of its table have.
        own_label: keys of the label that no other row's first cell has, nor a further cell of the
            row, as long as there are any.
        cells: keys of the title and of the text of each further cell of a table row.
        given_numbers: the numbers of what leads in to it.
        exact: the unit's text as it is compared for a verbatim quote.
        run: the same without punctuation, as it is compared for several quotes in a row.
    """

    passage: Passage
    unit: Unit
    place: int
    statement: Statement
    names: frozenset[str]
    given: frozenset[str]
    given_folded: frozenset[str]
    label: frozenset[str]
    rivals: frozenset[str]
    own_label: frozenset[str]
    cells: tuple[tuple[frozenset[str], frozenset[str]], ...]
    given_numbers: tuple[Number, ...]
    exact: str
    run: str

    def follows(self, other: UnitReading) -> bool:
        """Tell whether both are sentences or steps of one entry, the other shortly before."""
        return (
            self.passage.entry_id == other.passage.entry_id
            and 0 < self.place - other.place <= _SHORTLY
            and self.unit.kind is other.unit.kind
            and self.unit.kind in (UnitKind.SENTENCE, UnitKind.STEP)
        )


@dataclass(frozen=True)
class EntryReading:
    """The units of an entry in reading order; `vectors` (units, dimension), unit rows."""

    units: tuple[UnitReading, ...]
    vectors: Vectors


def read_entry(index: Index, reader: StatementReader, entry_id: str) -> EntryReading:
    """Read every unit of an entry."""
    entry = index.entry(entry_id)
    names = reader.read(" , ".join((entry.term, *entry.aliases, entry.heading)))
    pairs = [(passage, unit) for passage in index.passages(entry_id) for unit in passage.units]
    units = tuple(
        _read_unit(entry, passage, unit, place, names, reader)
        for place, (passage, unit) in enumerate(pairs)
    )
    return EntryReading(units, index.entry_unit_vectors(entry_id))


def _read_unit(
    entry: Entry,
    passage: Passage,
    unit: Unit,
    place: int,
    names: Statement,
    reader: StatementReader,
) -> UnitReading:
    quote = unit.quote(entry.body)
    is_row = unit.kind is UnitKind.TABLE_ROW
    statement = reader.read(quote, _row_words(entry.body, unit) if is_row else None)
    label = reader.read(table_cells(quote)[0] if is_row else label_of(entry, unit)).keys
    context = entry.body[slice(*unit.context)] if unit.context else ""
    rivals = _other_labels(entry, passage, unit, reader) if is_row else frozenset()
    cells = tuple(_cells(entry.body, unit, reader)) if is_row else ()
    own = label - rivals
    above = reader.read(f"{unit.section}. {plain_text(context)}")
    given = names.keys | above.keys
    folded = names.folded | above.folded
    numbers = () if is_row else above.numbers
    text = exact(quote)
    run = unpunctuated(text)
    return UnitReading(
        passage,
        unit,
        place,
        statement,
        names.keys,
        given,
        folded,
        label,
        rivals - label,
        own.difference(*(cell for _, cell in cells)) or own,
        cells,
        numbers,
        text,
        run,
    )


def _other_labels(
    entry: Entry, passage: Passage, unit: Unit, reader: StatementReader
) -> frozenset[str]:
    """Return the keys of the first cells of a table's other rows."""
    rows = [one for one in passage.units if one.context == unit.context and one is not unit]
    cells = [table_cells(one.quote(entry.body))[0] for one in rows]
    tokens = reader.read(" , ".join(cells)).tokens
    return frozenset(token.key for token in tokens if token.stem or token.number)


def _cells(
    body: str, unit: Unit, reader: StatementReader
) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Yield the keys of the title and of the text of each cell of a row but the first."""
    if unit.context:
        titles, cells = table_cells(body[slice(*unit.context)]), table_cells(unit.quote(body))
        for title, cell in list(zip(titles, cells, strict=False))[1:]:
            words = reader.read(title)
            yield words.stems or words.keys, reader.read(cell).keys


def _row_words(body: str, unit: Unit) -> str:
    """Return a table row in words; what a column is counted in follows its number."""
    if not unit.context:
        return unit_words(body, unit)
    header = table_cells(body[slice(*unit.context)])
    pairs = zip(header, table_cells(unit.quote(body)), strict=False)
    return plain_text(", ".join(_cell_words(name, cell) for name, cell in pairs))


def _cell_words(name: str, cell: str) -> str:
    counted = _COUNTED_IN.fullmatch(name)
    if counted and cell[-1:].isdigit():
        return f"{counted['name']} {cell} {counted['unit']}"
    return f"{name.replace('(', ' ').replace(')', ' ')} {cell}"


def exact(markdown: str) -> str:
    """Return a text as it is compared for a verbatim quote.

    Emphasis, delimiters of code and formulas, list markers, white space, punctuation at the end
    and a capital at the beginning make no difference; everything else does.
    """
    text = _LINK.sub(r"\1", bare(markdown))
    text = _EDGES.sub(" | ", _MARKS.sub("", text)).strip(" |")
    text = _SPACE.sub(" ", text).strip().rstrip(_ENDING)
    return text[:1].lower() + text[1:]


def find_exact(sentence: str, units: Sequence[UnitReading], longest: int) -> Sequence[UnitReading]:
    """Return the neighbouring units that a sentence is, character for character, if any."""
    wanted = exact(sentence)
    if not wanted:
        return ()
    run = unpunctuated(wanted)
    for first, unit in enumerate(units):
        if unit.exact == wanted:
            return (unit,)
        if len(unit.run) >= len(run) or not run.startswith(unit.run + " "):
            continue
        for length in range(2, longest + 1):
            several = units[first : first + length]
            if " ".join(one.run for one in several) == run:
                return several
    return ()


def unpunctuated(text: str) -> str:
    """Return a text without what ends sentences, so that neighbours may be joined anyhow."""
    return _ENDS.sub(" ", text.casefold()).strip()
