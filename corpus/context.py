"""What is embedded for a passage or a unit: its words with the context they need.

Quotes come from the body; these texts only steer retrieval. They name the term, so that a passage
which says "it" is still found under the name of its entry.
"""

from __future__ import annotations

from corpus.entry import Entry
from corpus.passage import Passage, Unit, UnitKind
from corpus.plain import plain_text, table_cells


def passage_context(entry: Entry, passage: Passage) -> str:
    """Return the text to embed for a passage: term, section, words."""
    section = f" – {passage.section}" if passage.section else ""
    return f"{entry.term}{section}: {plain_text(passage.text)}"


def unit_context(entry: Entry, unit: Unit) -> str:
    """Return the text to embed for a unit: term, section, words; a row with its column names."""
    section = f" – {unit.section}" if unit.section else ""
    return f"{entry.term}{section}: {unit_words(entry.body, unit)}"


def unit_words(body: str, unit: Unit) -> str:
    """Return the unit's plain words; the cells of a table row follow their column names."""
    quote = unit.quote(body)
    if unit.kind is UnitKind.TABLE_ROW and unit.context:
        header = table_cells(body[slice(*unit.context)])
        cells = table_cells(quote)
        pairs = zip(header, cells, strict=False)
        return plain_text(", ".join(f"{name} {cell}" for name, cell in pairs))
    return plain_text(quote)
