"""Does a sentence speak of what its quote speaks of, where it does not say so itself?"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.passage import UnitKind
from rag.support.reading import UnitReading
from rag.support.statement import Statement

UNNAMED = "(of what?)"


def other_subject(
    claim: Statement, unit: UnitReading, above: Sequence[frozenset[str]]
) -> list[str]:
    """Return what a sentence lacks to speak of the row of a table that it takes a value from.

    It must name the row, or stand under or behind a text that does; the nearest text that names a
    row of the table decides.
    """
    if unit.unit.kind is not UnitKind.TABLE_ROW or not unit.rivals:
        return []
    own = unit.own_label or unit.label
    if own <= claim.keys:
        return []
    for keys in (claim.keys, *above):
        rivals = keys & unit.rivals
        if rivals and not (keys is claim.keys and own & keys):
            return sorted(rivals)
        if own <= keys:
            return []
    return [UNNAMED] if above and own.isdisjoint(claim.keys) else []
