"""The nouns Problem and Report: what reading a source found, and what it did not."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from corpus.errors import MalformedRecord


@dataclass(frozen=True, slots=True)
class Problem:
    """One malformed or skipped record: `file`, `line` (from 1) and what is wrong, in one line."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(slots=True)
class Report:
    """What one reading found; readers fill it while they read.

    `problems` are records that were left out although they look like entries (`strict` raises on
    the first). `skipped` counts records left out on purpose, by reason (another language, a
    navigation page). `notes` are statements about the whole source, for people.
    """

    source: str
    format: str
    strict: bool = False
    entries: int = 0
    repairs: int = 0  # LaTeX commands made whole
    problems: list[Problem] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def problem(self, file: str, line: int, message: str) -> None:
        """Count a malformed record; raise MalformedRecord when reading strictly."""
        found = Problem(file, line, message)
        if self.strict:
            raise MalformedRecord(f"{found} (stopped by --strict)")
        self.problems.append(found)

    def skip(self, reason: str) -> None:
        """Count a record left out on purpose."""
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def note(self, statement: str) -> None:
        """Add a statement about the whole source."""
        self.notes.append(statement)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON data."""
        return {
            "source": self.source,
            "format": self.format,
            "entries": self.entries,
            "repairs": self.repairs,
            "problems": [asdict(problem) for problem in self.problems],
            "skipped": dict(self.skipped),
            "notes": list(self.notes),
        }
