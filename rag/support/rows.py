"""What a sentence takes from a row of a table, and the row that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.passage import UnitKind
from rag.support.reading import UnitReading
from rag.support.statement import Statement, Token
from rag.support.words import Lexicon

_AFFIRMING = frozenset("yes true ✓ ✔ ✅ full".split())
_SHORT = 6  # telling words up to which a sentence is a mere value, without a subject of its own
_NAMED = 0.5  # share of a row's label that names it


def misread_cells(claim: Statement, unit: UnitReading, lexicon: Lexicon) -> list[str]:
    """Return the words that a sentence has from the title of a column without its cell.

    "Adaptive" over "no" does not say that anything is adaptive; nor does "networks" over "1" say
    "1 model".
    """
    found = [token.text for token in claim.words if _is_said_twice(token, claim, unit, lexicon)]
    for title, cell in unit.cells:
        others = [
            key for other in unit.cells if other[0] != title for key in (*other[0], *other[1])
        ]
        if not title or not title <= claim.keys or title <= unit.names.union(others):
            continue
        says_cell = any(lexicon.credit(token, cell) or token.key in cell for token in claim.tokens)
        if not (says_cell or cell & _AFFIRMING):
            found += sorted(title)
    return found


def _is_said_twice(token: Token, claim: Statement, unit: UnitReading, lexicon: Lexicon) -> bool:
    """Tell whether a word is none of a row's, but says once more what another word has said."""
    if token.key in unit.statement.keys or token.key not in lexicon.synonyms:
        return False
    alike = lexicon.synonyms[token.key]
    said = sum(one.key in alike for one in claim.tokens)
    return 0 < sum(one.key in alike for one in unit.statement.tokens) < said


def rows_asked_for(
    above: Sequence[frozenset[str]], units: Iterable[UnitReading]
) -> tuple[UnitReading, ...]:
    """Return the rows that the nearest of the texts above a sentence names, if any names one."""
    rows = [one for one in units if one.unit.kind is UnitKind.TABLE_ROW and one.own_label]
    for keys in above:
        if named := tuple(one for one in rows if one.own_label <= keys):
            return named
    return ()


def of_other_row(claim: Statement, unit: UnitReading, asked: Sequence[UnitReading]) -> list[str]:
    """Return the titles under which a mere value is said that is not of the row asked for."""
    if sum(bool(token.stem or token.number) for token in claim.tokens) > _SHORT:
        return []
    around = unit.statement.keys | unit.label | unit.names
    for row in asked:
        titles = [title for title, _ in row.cells if title and title <= claim.keys]
        shared = len(row.own_label & around) / len(row.own_label)
        if titles and shared < _NAMED and not row.own_label <= claim.keys:
            return sorted(titles[0])
    return []
