"""Read records - JSON, JSON Lines, CSV, TSV, YAML - with the usual field names or a mapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from corpus.draft import Draft
from corpus.entry import Source
from corpus.errors import BadMapping
from corpus.mapping import Mapping
from corpus.readers.fields import Fields, english
from corpus.readers.json_values import JsonText, json_lines
from corpus.readers.located import Located, records
from corpus.readers.naming import aliases_of, one_line
from corpus.readers.tables import table_rows
from corpus.readers.yaml_values import yaml_roots
from corpus.report import Report

FORMATS = ("json", "jsonl", "csv", "tsv", "yaml")


def read(text: str, file: str, report: Report, mapping: Mapping | None = None) -> Iterator[Draft]:
    """Yield the drafts of a text of records; `report.format` says which of `FORMATS` it is.

    Raises:
        BadMapping: there are records, and not one has the fields of a term and a body.
        SourceUnreadable, SourceTooLarge: YAML that cannot be read safely.
    """
    fields = Fields(mapping or Mapping())
    columns: dict[str, None] = {}
    found = 0
    problems: list[tuple[int, str]] = []
    for record in _located_records(text, file, report, fields):
        try:
            draft = _draft(record, file, report, fields, columns)
        except ValueError as error:
            if found or report.strict:
                report.problem(file, record.line, str(error))
            else:
                problems.append((record.line, str(error)))
            continue
        if draft is not None:
            yield from _reported(problems, file, report)
            found += 1
            yield draft
    if not found and columns:
        raise BadMapping(_nothing_mapped(file, fields, columns))
    yield from _reported(problems, file, report)


def _reported(problems: list[tuple[int, str]], file: str, report: Report) -> Iterable[Draft]:
    """Report the problems held back until a first record showed that the mapping is right."""
    for line, message in problems:
        report.problem(file, line, message)
    problems.clear()
    return ()


def _located_records(text: str, file: str, report: Report, fields: Fields) -> Iterator[Located]:
    if report.format == "jsonl":
        yield from json_lines(text, file, report)
    elif report.format in ("csv", "tsv"):
        yield from table_rows(text, file, report, "\t" if report.format == "tsv" else None)
    elif report.format == "yaml":
        for root in yaml_roots(text, file):
            yield from records(root, fields.describe)
    else:
        root = JsonText(text, file, report).root()
        if root.kind == "scalar":
            report.problem(file, root.line, "not a JSON list or object")
        yield from records(root, fields.describe)


def _draft(
    record: Located, file: str, report: Report, fields: Fields, columns: dict[str, None]
) -> Draft | None:
    """Return the draft of one record, or None when it was skipped on purpose.

    Raises:
        ValueError: it is no record, or lacks the term or the body.
    """
    data = record.value()
    if isinstance(data, str) and record.key is not None:
        data = {"term": record.key, "definition": data}
    if not isinstance(data, dict):
        raise ValueError(f"a {type(data).__name__} where a record with named fields is expected")
    if not fields.mapping.term and (data := english(data, fields)) is None:
        report.skip("no English definition")
        return None
    columns.update(dict.fromkeys(str(name) for name in data))
    return _built(data, record, file, fields)


def _built(data: dict[str, Any], record: Located, file: str, fields: Fields) -> Draft:
    key = fields.text(data, "key") or record.key
    term = fields.text(data, "term") or (None if fields.mapping.term else key)
    if term is None:
        raise ValueError(f"no term: {fields.missing('term')}")
    body = fields.body(data)
    if body is None:
        raise ValueError(f"no body: {fields.missing('body')}")
    term = one_line(term)
    heading = fields.text(data, "heading") if fields.mapping.heading else None
    return Draft(
        heading=heading or term,
        body=body,
        source=Source(file, record.line),
        term=term,
        aliases=aliases_of(term, fields.aliases(data), from_parentheses="_id" not in data),
        category=fields.text(data, "category"),
        key=key,
    )


def _nothing_mapped(file: str, fields: Fields, columns: dict[str, None]) -> str:
    names = ", ".join(list(columns)[:20])
    return (
        f"{file}: no record has a term ({fields.missing('term')}) and a body "
        f"({fields.missing('body')}); name them with --map term=... --map body=... among: {names}"
    )
