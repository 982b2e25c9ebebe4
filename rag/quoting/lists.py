"""The lists, procedures and tables of the entries read, and the one that a question asks for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, groupby

from corpus.passage import UnitKind
from corpus.units import SECTION_SEPARATOR
from rag.question.question import Kind
from rag.quoting.evidence import Evidence
from rag.quoting.selection import in_reading_order, word_count

_LISTED = (UnitKind.LIST_ITEM, UnitKind.STEP, UnitKind.TABLE_ROW)
_IN_FORM = 0.2  # what numbered steps are worth when the question asks for steps
_BEST = 3  # items whose mean score is the score of their list
List = Sequence[Evidence]


def lists(evidence: Sequence[Evidence]) -> list[List]:
    """Return the lists of two items or more, each in reading order."""
    listed = [e for e in in_reading_order(evidence) if e.unit.kind in _LISTED]
    groups = groupby(
        listed, key=lambda e: (e.entry.entry_id, e.unit.section, e.unit.kind, e.unit.context)
    )
    return [group for _, members in groups if len(group := list(members)) > 1]


def list_score(items: List, kind: Kind) -> float:
    """Return how well a list fits: its best items, its title, and its form."""
    best = sorted((e.score for e in items), reverse=True)[:_BEST]
    return (
        sum(best) / len(best) + items[0].titled + _IN_FORM * (kind is Kind.STEPS) * numbered(items)
    )


def numbered(items: List) -> bool:
    """Tell whether a list is a procedure."""
    return items[0].unit.kind is UnitKind.STEP


def rank_of_title(items: List) -> tuple[str, str, float]:
    """Return the entry and main section of a list, and how well its titles fit the question."""
    first = items[0]
    return first.entry.entry_id, first.unit.section.partition(SECTION_SEPARATOR)[0], first.titled


def subtitle(items: List) -> str:
    """Return the title below the title of its section; "" without one."""
    return items[0].unit.section.partition(SECTION_SEPARATOR)[2]


def leading(items: List, words: int, count: int) -> List:
    """Return the first items until the words run out; at least one."""
    lengths = accumulate(word_count([e]) for e in items)
    fitting = sum(1 for length in lengths if length <= words)
    return items[: max(1, min(fitting, count))]
