"""Tables of a flat Markdown text, found by their delimiter row."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

_DELIMITER_ROW = re.compile(r"\|(?:\s*:?-{2,}:?\s*\|)+")
_PIPE = re.compile(r"(?<!\\)\|")
_MOST_COLUMNS = 64
_MOST_HEADER_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `rows` are (start, end) of the header, the delimiter row and every other row."""

    rows: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        """Where the header row starts."""
        return self.rows[0][0]

    @property
    def end(self) -> int:
        """Where the last row ends."""
        return self.rows[-1][1]


def find_tables(masked: str) -> list[Table]:
    """Find the tables of a text whose code and formulas are masked, in order."""
    pipes = [found.start() for found in _PIPE.finditer(masked)]
    delimiters = dict(found.span() for found in _DELIMITER_ROW.finditer(masked))
    tables: list[Table] = []
    for start, end in delimiters.items():
        columns = masked.count("|", start, end) - 1
        header = _header(masked, pipes, start, columns)
        if header is None or columns > _MOST_COLUMNS:
            continue
        if not tables or header[0] >= tables[-1].end:
            rows = _rows_after(masked, pipes, end, columns, delimiters)
            tables.append(Table((header, (start, end), *rows)))
    return tables


def _rows_after(
    masked: str, pipes: list[int], end: int, columns: int, delimiters: dict[int, int]
) -> list[tuple[int, int]]:
    """Read rows up to the end of the table, or to the header row of the next one."""
    rows: list[tuple[int, int]] = []
    while (row := _row_after(masked, pipes, end, columns)) is not None:
        following = _row_after(masked, pipes, row[1], columns)
        if row[0] in delimiters or (following is not None and following[0] in delimiters):
            break
        rows.append(row)
        end = row[1]
    return rows


def _header(masked: str, pipes: list[int], start: int, columns: int) -> tuple[int, int] | None:
    first = bisect_left(pipes, start) - columns - 1
    if first < 0:
        return None
    begin, end = pipes[first], pipes[first + columns] + 1
    apart = end < start and masked[end:start].isspace()
    framed = begin == 0 or masked[begin - 1].isspace()
    return (begin, end) if apart and framed and start - begin < _MOST_HEADER_CHARACTERS else None


def _row_after(masked: str, pipes: list[int], end: int, columns: int) -> tuple[int, int] | None:
    first = bisect_right(pipes, end - 1)
    if first + columns >= len(pipes):
        return None
    begin, last = pipes[first], pipes[first + columns]
    if not (begin > end and masked[end:begin].isspace()):
        return None
    return begin, last + 1
