"""The noun Entry: one glossary entry, and where it came from."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import Any

ENTRY_ID = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry was read: `file` as given by the user, `line` counted from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One glossary entry.

    Attributes:
        entry_id: stable slug, a permalink; lower-case ASCII letters, digits and hyphens.
        heading: the source's own heading line, unchanged.
        term: the name of the concept.
        aliases: other names of the same concept, without the term itself; no two equal.
        category: the subject area, or None when the source names none.
        body: clean Markdown; every offset of the project counts characters of this string.
        source: file and line.
    """

    entry_id: str
    heading: str
    term: str
    aliases: tuple[str, ...]
    category: str | None
    body: str
    source: Source

    def __post_init__(self) -> None:
        if not ENTRY_ID.fullmatch(self.entry_id):
            raise ValueError(f"entry_id {self.entry_id!r} is not a slug like 'neural-ode'")
        if not self.term.strip():
            raise ValueError(f"entry {self.entry_id!r} has an empty term")

    def fingerprint(self) -> str:
        """Return the SHA-256 (hex) of everything but the source location."""
        content = [self.entry_id, self.heading, self.term, self.aliases, self.category, self.body]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return the entry as plain JSON data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Entry:
        """Rebuild an entry from `to_json`."""
        return cls(
            **{**data, "aliases": tuple(data["aliases"]), "source": Source(**data["source"])}
        )
