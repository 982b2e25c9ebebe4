"""The noun Fields: which field of a record is the term, the body, and so on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from corpus.mapping import Mapping
from corpus.source_text import without_controls

_USUAL = {
    "term": ("term", "title", "name", "heading", "word"),
    "body": ("body", "definition", "def", "text", "description", "content"),
    "aliases": ("aliases", "alias", "synonyms", "acronym", "acronyms", "abbreviation"),
    "category": ("category", "topic", "type", "tags"),
    "key": ("_id", "slug"),
    "heading": ("heading",),
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_ENGLISH = ("en", "eng", "en-us", "en_us", "en-gb", "en_gb")


@dataclass(frozen=True, slots=True)
class Fields:
    """Finds the fields of a record: the mapped name, else the usual ones, whatever the case."""

    mapping: Mapping

    def describe(self, data: dict[str, Any]) -> bool:
        """Tell whether an object is itself a record."""
        return self.text(data, "term") is not None and self.body(data) is not None

    def text(self, data: dict[str, Any], field: str) -> str | None:
        """Return the first non-blank text of a field, or None."""
        return next((text for value in self._values(data, field) for text in _texts(value)), None)

    def body(self, data: dict[str, Any]) -> str | None:
        """Return the body (a list joined as paragraphs), "" when it is blank, None without one."""
        values = self._values(data, "body")
        if not values:
            return None
        return next((body for value in values if (body := "\n\n".join(_texts(value)))), "")

    def aliases(self, data: dict[str, Any]) -> list[str]:
        """Return every stated alias; one text may hold several, separated by `;`, `|` or `,`."""
        texts = [text for value in self._values(data, "aliases") for text in _texts(value)]
        return [name for text in texts for name in _separate(text)]

    def missing(self, field: str) -> str:
        """Describe where the field was looked for."""
        mapped = getattr(self.mapping, field)
        return f"looked for {mapped!r}" if mapped else f"looked for {', '.join(_USUAL[field])}"

    def _values(self, data: dict[str, Any], field: str) -> list[Any]:
        mapped = getattr(self.mapping, field)
        if mapped:
            value = _at_path(data, mapped)
            return [] if value is None else [value]
        lower = {str(name).strip().lower(): value for name, value in data.items()}
        found = (lower.get(name) for name in _USUAL[field])
        return [value for value in found if value is not None and not isinstance(value, dict)]


def english(data: dict[str, Any], fields: Fields) -> dict[str, Any] | None:
    """Return a record keyed by language as one of its English texts; None when it has none.

    A record that is not keyed by language is returned as it is.
    """
    languages = {
        str(name): value
        for name, value in data.items()
        if isinstance(value, dict) and _LANGUAGE.fullmatch(str(name))
    }
    if not languages or fields.describe(data):
        return data
    chosen = next((v for name, v in languages.items() if name.lower() in _ENGLISH), None)
    if chosen is None or not fields.describe(chosen):
        return None
    return {**{name: v for name, v in data.items() if name not in languages}, **chosen}


def _at_path(data: Any, path: str) -> Any:
    """Return the value at a dotted path; a column whose own name has dots comes first."""
    if isinstance(data, dict) and path in data:
        return data[path]
    for part in path.split("."):
        if not isinstance(data, dict):
            return None
        data = data.get(part)
    return data


def _texts(value: Any) -> list[str]:
    """Return the non-blank texts of a value: a list counts as several, an object as none."""
    values = value if isinstance(value, list) else [value]
    texts = [
        without_controls(str(item))[0].strip()
        for item in values
        if isinstance(item, str | int | float) and not isinstance(item, bool)
    ]
    return [text for text in texts if text]


def _separate(text: str) -> list[str]:
    separator = next((mark for mark in (";", "|", ",") if mark in text), None)
    return [text] if separator is None else text.split(separator)
