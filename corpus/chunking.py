"""Cut entries into passages: section-aware, near a token budget, never through a unit.

Pure: the same entry, budget and token counter give the same passages. A unit longer than the
model reads is first split into smaller units by LangChain's recursive splitter, offsets kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil
from operator import attrgetter

from corpus.entry import Entry
from corpus.passage import Passage, Unit, UnitKind
from corpus.units import find_units

CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class ChunkSize:
    """How large passages may become: `budget_tokens`, unless a single unit is larger.

    A unit is split only past `longest_unit_tokens`, which the embedding model would cut off.
    """

    budget_tokens: int = 128
    longest_unit_tokens: int = 240


def cut_passages(entry: Entry, size: ChunkSize, count_tokens: CountTokens) -> tuple[Passage, ...]:
    """Return the passages of an entry in reading order; an entry without units has none."""
    units = [
        piece
        for unit in find_units(entry.body)
        for piece in _split_long(entry.body, unit, size.longest_unit_tokens, count_tokens)
    ]
    groups = _group(entry.body, units, size.budget_tokens, count_tokens)
    passages: list[Passage] = []
    for number, group in enumerate(groups):
        start = _with_header(group[0], passages[-1].end if passages else 0)
        passages.append(
            Passage.cut(entry, number, start, group[-1].end, group[0].section, tuple(group))
        )
    return tuple(passages)


def _with_header(first: Unit, free_from: int) -> int:
    """Return where a passage starts: at the header row when its first unit is a table's first."""
    if first.kind is UnitKind.TABLE_ROW and first.context and first.context[0] >= free_from:
        return first.context[0]
    return first.start


def _group(
    body: str, units: list[Unit], budget: int, count_tokens: CountTokens
) -> Iterator[list[Unit]]:
    """Collect whole sections while they fit; a section over the budget is cut into even parts."""
    current: list[Unit] = []
    filled = 0
    for _, section in groupby(units, key=attrgetter("section")):
        members = list(section)
        costs = [count_tokens(unit.quote(body)) for unit in members]
        if current and filled + sum(costs) <= budget:
            current, filled = current + members, filled + sum(costs)
            continue
        if current:
            yield current
        *whole, current = _even_parts(members, costs, budget)
        yield from whole
        filled = sum(costs[len(members) - len(current) :])
    if current:
        yield current


def _even_parts(units: list[Unit], costs: list[int], budget: int) -> Iterator[list[Unit]]:
    target = sum(costs) / max(1, ceil(sum(costs) / budget))
    part: list[Unit] = []
    filled = 0
    for unit, cost in zip(units, costs, strict=True):
        over_target = filled + cost / 2 > target
        if part and (filled + cost > budget or over_target):
            yield part
            part, filled = [], 0
        part.append(unit)
        filled += cost
    yield part


def _split_long(body: str, unit: Unit, longest: int, count_tokens: CountTokens) -> Iterator[Unit]:
    quote = unit.quote(body)
    # A token is at least one character: most units are settled without counting.
    if len(quote) <= longest or count_tokens(quote) <= longest:
        yield unit
        return
    # Loaded only when needed: the library takes half a second to import.
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=longest,
        chunk_overlap=0,
        length_function=count_tokens,
        add_start_index=True,
        separators=["\n\n", "\n", "; ", ", ", " ", ""],
        keep_separator="end",
    )
    for document in splitter.create_documents([quote]):
        start = unit.start + int(document.metadata["start_index"])
        yield replace(unit, start=start, end=start + len(document.page_content))
