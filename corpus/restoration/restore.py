"""Flattened one-line Markdown made whole again: line breaks and damaged LaTeX, nothing else.

Only runs of white space are replaced, and only declared LaTeX repairs change other characters:
without white space, and with the repairs undone, the restored body equals the flat text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from corpus.restoration.blocks import block_gaps
from corpus.restoration.code import code_gaps, language_end
from corpus.restoration.latex import find_damage
from corpus.restoration.marks import find_marks
from corpus.restoration.spans import Span, SpanKind, mask, protected_spans
from corpus.restoration.tables import Table, find_tables

_STRUCTURED_LINE = re.compile(r"^[ \t]*(?:[-*+] |\d{1,3}[.)] |#{1,6} |\||```|$)", re.MULTILINE)
_FLAT_LINE = re.compile(
    r"(?![-*+] |[#>|\s]|\d{1,3}[.)] |```).*?"
    r"(?:\S - \*\*[^*\n]{1,120}\*\*:|\*\*[^*\n]{1,150}\*\*:? (?:- |1\. |```|\| ))"
)
_SPACE_BEFORE = re.compile(r"\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Repair:
    """One LaTeX repair: at `offset` of the body stands `restored`; the source had `damaged`."""

    offset: int
    damaged: str
    restored: str


@dataclass(frozen=True, slots=True)
class Restored:
    """A body made whole, and its repairs in the order of their offsets."""

    body: str
    repairs: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    """`damaged` at `start` of the flat text becomes `restored`; `gap` replaces the space before."""

    start: int
    damaged: str
    restored: str


def restore(flat: str) -> Restored:
    """Restore line breaks and formulas of a body whose Markdown stands on one line.

    A body that already has the lines of Markdown keeps them: its formulas are repaired, and only
    those of its lines are restored that are flat themselves.
    """
    text = flat.strip()
    if not ("\n" in text and _STRUCTURED_LINE.search(text)):
        return _restore_part(text, flat=True)
    parts = [_restore_part(part, flat=is_flat) for part, is_flat in _parts(text)]
    repairs: list[Repair] = []
    offset = 0
    for part in parts:
        repairs += [replace(repair, offset=repair.offset + offset) for repair in part.repairs]
        offset += len(part.body) + 1
    return Restored("\n".join(part.body for part in parts), tuple(repairs))


def undo(restored: Restored) -> str:
    """Return the body with every repair taken back."""
    pieces, position = [], 0
    for repair in restored.repairs:
        pieces += [restored.body[position : repair.offset], repair.damaged]
        position = repair.offset + len(repair.restored)
    return "".join([*pieces, restored.body[position:]])


def _restore_part(text: str, flat: bool) -> Restored:
    spans = protected_spans(text)
    masked = mask(text, [(span.start, span.end) for span in spans])
    tables = find_tables(masked)
    edits, gaps = _formula_edits(text, spans, tables)
    if flat:
        gaps |= _structure_gaps(text, masked, spans, tables)
    return _render(text, gaps, edits)


def _parts(text: str) -> list[tuple[str, bool]]:
    """Split a body with lines into its flat lines (True) and whatever lies between them."""
    parts: list[tuple[list[str], bool]] = []
    fenced = False
    for line in text.split("\n"):
        if line.strip().startswith("```") and line.count("```") == 1:
            fenced = not fenced
        flat = not fenced and bool(_FLAT_LINE.match(line))
        if flat or not parts or parts[-1][1]:
            parts.append(([line], flat))
        else:
            parts[-1][0].append(line)
    return [("\n".join(lines), flat) for lines, flat in parts]


def _structure_gaps(
    text: str, masked: str, spans: list[Span], tables: list[Table]
) -> dict[int, str]:
    """Return the offset of a first character -> the white space that belongs before it."""
    blocks = [(span.start, span.end) for span in spans if _is_block(span)]
    blocks += [(table.start, table.end) for table in tables]
    marks = find_marks(mask(masked, [(t.start, t.end) for t in tables]), sorted(blocks))
    gaps = block_gaps(text, marks)
    gaps |= {row[0]: "\n" for table in tables for row in table.rows[1:]}
    for span in spans:
        if span.kind is SpanKind.FENCE:
            gaps |= _fence_gaps(text, span)
    return gaps


def _is_block(span: Span) -> bool:
    return span.kind in (SpanKind.FENCE, SpanKind.DISPLAY)


def _fence_gaps(text: str, span: Span) -> dict[int, str]:
    code = text[span.inner_start : span.inner_end]
    if "\n" in code:
        return {}
    tag = language_end(code)
    gaps = {span.inner_start + space: gap for space, gap in code_gaps(code).items()}
    edges = {span.inner_start + tag: "\n", span.inner_start + len(code.rstrip()): "\n"}
    found = {}
    for space, gap in {**gaps, **edges}.items():
        run = _SPACE_BEFORE.match(text, space)
        if run:
            found[run.end()] = gap
    return found


def _formula_edits(
    text: str, spans: list[Span], tables: list[Table]
) -> tuple[list[_Edit], dict[int, str]]:
    edits: list[_Edit] = []
    gaps: dict[int, str] = {}
    starts = [table.start for table in tables]
    for span in spans:
        if span.kind not in (SpanKind.FORMULA, SpanKind.DISPLAY):
            continue
        formula = text[span.inner_start : span.inner_end]
        for damage in find_damage(formula):
            start = span.inner_start + damage.start
            edits.append(_Edit(start, damage.damaged, damage.restored))
            if damage.absorbs_gap:
                gaps[start] = ""
        index = bisect_right(starts, span.start) - 1
        if index >= 0 and span.start < tables[index].end:
            edits += _escaped_pipes(formula, span.inner_start)
    return sorted(edits, key=lambda edit: edit.start), gaps


def _escaped_pipes(formula: str, offset: int) -> list[_Edit]:
    """A bare pipe of a formula would end its table cell."""
    found = re.finditer(r"(?<!\\)\|", formula)
    return [_Edit(offset + pipe.start(), "|", "\\|") for pipe in found]


def _render(text: str, gaps: dict[int, str], edits: list[_Edit]) -> Restored:
    """Write the text with the gaps before their characters and the edits in their places."""
    pieces: list[str] = []
    repairs: list[Repair] = []
    position = length = 0

    def write(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)

    changed = {edit.start: edit for edit in edits}
    for start in sorted({*gaps, *changed}):
        if start < position:
            continue
        kept = text[position:start]
        bare = kept.rstrip()
        write(bare + gaps[start] if start in gaps and len(bare) < len(kept) else kept)
        position = start
        if start in changed:
            edit = changed[start]
            repairs.append(Repair(length, edit.damaged, edit.restored))
            write(edit.restored)
            position = start + len(edit.damaged)
    write(text[position:])
    return Restored("".join(pieces), tuple(repairs))
