"""JSON and JSON Lines as located values: every record with its line, a broken one on its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from corpus.readers.located import Located
from corpus.report import Report

_SPACE = re.compile(r"[ \t\n\r]*")
_KINDS = {"{": "object", "[": "list"}
_DECODER = json.JSONDecoder()


class JsonText:
    """A JSON text whose values are decoded one by one, each with its line."""

    def __init__(self, text: str, file: str, report: Report) -> None:
        self._text = text
        self._file = file
        self._report = report
        self._counted_to = 0
        self._line = 1

    def root(self) -> Located:
        """Return the outermost value."""
        return self._located(self._skip_space(0), None)

    def _located(self, start: int, key: str | None) -> Located:
        return Located(
            line=self._line_at(start),
            key=key,
            kind=_KINDS.get(self._text[start : start + 1], "scalar"),
            value=lambda: self._decode(start)[0],
            members=lambda: self._members(start),
        )

    def _members(self, start: int) -> Iterator[Located]:
        """Walk a list or object; what follows a broken member is lost, and reported."""
        is_object = self._text[start] == "{"
        place = self._skip_space(start + 1)
        try:
            while self._text[place : place + 1] not in ("}", "]"):
                key, place = self._key(place) if is_object else (None, place)
                end = self._decode(place)[1]
                yield self._located(place, key)
                place = self._next_member(end)
        except ValueError as error:
            self._report.problem(
                self._file,
                self._line_at(getattr(error, "pos", place)),
                f"broken JSON, the rest of the file is lost: {_cause(error)}",
            )

    def _key(self, place: int) -> tuple[str, int]:
        key, end = self._decode(place)
        end = self._skip_space(end)
        if not isinstance(key, str) or self._text[end : end + 1] != ":":
            raise json.JSONDecodeError("expected a name and a colon", self._text, place)
        return key, self._skip_space(end + 1)

    def _next_member(self, end: int) -> int:
        end = self._skip_space(end)
        mark = self._text[end : end + 1]
        if mark not in (",", "}", "]") or not mark:
            raise json.JSONDecodeError("expected a comma or the end", self._text, end)
        return self._skip_space(end + 1) if mark == "," else end

    def _decode(self, start: int) -> tuple[Any, int]:
        return decode(self._text, start)

    def _skip_space(self, place: int) -> int:
        match = _SPACE.match(self._text, place)
        return match.end() if match else place

    def _line_at(self, place: int) -> int:
        if place < self._counted_to:
            self._counted_to, self._line = 0, 1
        self._line += self._text.count("\n", self._counted_to, place)
        self._counted_to = place
        return self._line


def decode(text: str, start: int = 0) -> tuple[Any, int]:
    """Decode the JSON value at a place; return it and its end.

    Raises:
        ValueError: it is not JSON, or nested too deeply.
    """
    try:
        return _DECODER.raw_decode(text, start)
    except RecursionError as error:
        raise json.JSONDecodeError("nested too deeply", text, start) from error


def json_lines(text: str, file: str, report: Report) -> Iterator[Located]:
    """Yield the value of every line that is not blank; a broken line is reported."""
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if not stripped:
            continue
        try:
            value, end = decode(stripped)
            if end != len(stripped):
                raise json.JSONDecodeError("more than one value on the line", stripped, end)
        except ValueError as error:
            report.problem(file, number, f"broken JSON: {_cause(error)}")
            continue
        yield _built(number, value)


def _built(line: int, value: Any) -> Located:
    kind = "object" if isinstance(value, dict) else "scalar"
    return Located(line, None, kind, lambda: value, lambda: iter(()))


def _cause(error: ValueError) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else str(error)
