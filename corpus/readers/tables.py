"""CSV and TSV as located values: a broken row is reported and does not swallow its neighbours."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from corpus.readers.located import Located
from corpus.report import Report

_DELIMITERS = ",;\t"
_MOST_BROKEN_ROWS = 100


def table_rows(text: str, file: str, report: Report, delimiter: str | None) -> Iterator[Located]:
    """Yield a record per row, its fields named by the header; `delimiter` None looks for it."""
    rows = _rows(text, file, report, delimiter or _delimiter(text))
    _, header = next(rows, (1, []))
    names = [name.strip() for name in header]
    for line, row in rows:
        if len(row) > len(names):
            report.problem(
                file,
                line,
                f"{len(row)} fields where the header has {len(names)}; "
                "quote fields that contain the delimiter",
            )
        else:
            yield _record(line, dict(zip(names, row, strict=False)))


def _record(line: int, row: dict[str, str]) -> Located:
    return Located(line, None, "object", lambda: row, lambda: iter(()))


def _delimiter(text: str) -> str:
    header = next((line for line in text.split("\n", 50) if line.strip()), "")
    return max(_DELIMITERS, key=header.count)


def _rows(text: str, file: str, report: Report, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield line and fields of every row; after a broken row, start again on the line below it."""
    lines = text.split("\n")
    start = 0
    broken = 0
    while start < len(lines):
        reader = csv.reader(
            (line + "\n" for line in lines[start:]), delimiter=delimiter, strict=True
        )
        first = start
        try:
            for row in reader:
                if any(field.strip() for field in row):
                    yield first + 1, row
                first = start + reader.line_num
            return
        except csv.Error as error:
            report.problem(file, first + 1, f"broken row: {error}")
        start = first + 1
        broken += 1
        if broken == _MOST_BROKEN_ROWS:
            report.problem(file, start + 1, f"{broken} broken rows; the rest of the file is lost")
            return
