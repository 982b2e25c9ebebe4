"""True words where they are false: after another subject, or under another label."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.entry import Entry
from corpus.passage import UnitKind
from corpus.plain import plain_text, table_cells
from eval.adversarial_case import Case, cited, question_about
from eval.adversarial_changes import Said
from indexes.index import Index

_VERB = r"(?= (?:is|are|was|were|has|have|uses?|takes?|gives?|makes?|works?|can|combines?)\b)"
_PLURAL = re.compile(r" (?:are|were|have)\b")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table that another row has otherwise: `label` has `value`, `other` has not."""

    entry: Entry
    title: str
    label: str
    value: str
    other: str


def misplaced_cases(
    index: Index, said: Sequence[Said], chooser: random.Random, per_kind: int
) -> list[Case]:
    """Return answers that state a fact about another thing than it is a fact about."""
    subjects = [*_pronouns(said, chooser)][:per_kind]
    cells = [*_cells(index)]
    chooser.shuffle(cells)
    makers = (_headed, _labelled, _nested, _referring, _asked_for)
    return subjects + [make(cell) for make in makers for cell in cells[:per_kind]]


def _pronouns(said: Sequence[Said], chooser: random.Random) -> Iterator[Case]:
    """Yield what is true of one entry, said of another one by a pronoun."""
    for one in said:
        found = re.match(rf"(?i)(?:an? |the )?{re.escape(one.entry.term)}s?{_VERB}", one.text)
        if not found:
            continue
        rest = one.text[found.end() :]
        wrong = ("They" if _PLURAL.match(rest) else "It") + rest
        other = chooser.choice([s for s in said if s.entry.entry_id != one.entry.entry_id])
        question = f"How do {other.entry.term} and {one.entry.term} compare?"
        text = f"{cited(other.text)} {cited(wrong, '{other}')}"
        yield Case("pronoun", other.entry.entry_id, question, text, (wrong,))


def _headed(cell: Cell) -> Case:
    return _case("heading above", cell, f"### {cell.other}\n\n- {cell.title}: {cell.value} [{{n}}]")


def _labelled(cell: Cell) -> Case:
    return _case("bold above", cell, f"**{cell.other}:**\n\n{cell.title}: {cell.value} [{{n}}].")


def _nested(cell: Cell) -> Case:
    text = f"- **{cell.other}**\n    - {cell.title}: {cell.value} [{{n}}]"
    return _case("item above", cell, text)


def _referring(cell: Cell) -> Case:
    text = f"{cell.other}: Its {cell.title.lower()} is {cell.value} [{{n}}]."
    return _case("own label", cell, text, f"Its {cell.title} is {cell.value}")


def _asked_for(cell: Cell) -> Case:
    """Return the value of another row as what a question asks for."""
    question = f"What is the {cell.title.lower()} of {cell.other}?"
    text = f"The {cell.title.lower()} is {cell.value} [{{n}}]."
    said = f"The {cell.title} is {cell.value}"
    return Case("row asked for", cell.entry.entry_id, question, text, (said,))


def _case(kind: str, cell: Cell, text: str, said: str = "") -> Case:
    question = question_about(cell.entry)
    hostile = (said or f"{cell.title}: {cell.value}",)
    return Case(kind, cell.entry.entry_id, question, text, hostile)


def _cells(index: Index) -> Iterator[Cell]:
    for entry_id in sorted(index.entry_ids()):
        entry = index.entry(entry_id)
        for passage in index.passages(entry_id):
            units = [unit for unit in passage.units if unit.kind is UnitKind.TABLE_ROW]
            for unit in units:
                if not unit.context:
                    continue
                rows = [u for u in units if u.context == unit.context]
                titles = table_cells(entry.body[slice(*unit.context)])
                table = [[plain_text(c) for c in table_cells(r.quote(entry.body))] for r in rows]
                own = table[rows.index(unit)]
                yield from _row_cells(entry, [plain_text(t) for t in titles], own, table)


def _row_cells(
    entry: Entry, titles: Sequence[str], own: Sequence[str], table: Sequence[Sequence[str]]
) -> Iterator[Cell]:
    """Yield the cells of a row that no row of one other label shares."""
    if not len(own) == len(titles) > 1 or "$" in "".join(own):
        return
    for other in table:
        for title, value, theirs in zip(titles[1:], own[1:], other[1:], strict=False):
            if other[0] != own[0] and value != theirs and any(map(str.isalnum, value)):
                yield Cell(entry, title, own[0], value, other[0])
