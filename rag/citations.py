"""Number quotes in the order they are shown; a quote shown twice keeps its number."""

from __future__ import annotations

from corpus.entry import Entry
from corpus.passage import Passage
from rag.answer import Citation, Support, Verdict

QUOTED = Support(Verdict.QUOTED, 1.0)


class CitationList:
    """The citations of one answer while it is being composed."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._citations: list[Citation] = []

    def cite(
        self,
        entry: Entry,
        passage: Passage,
        start: int,
        end: int,
        support: Support = QUOTED,
    ) -> str:
        """Return the marker ("[3]") of the characters [start, end) of the entry's body."""
        key = (entry.entry_id, start, end)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self._citations.append(
                Citation(
                    number=self._numbers[key],
                    entry_id=entry.entry_id,
                    heading=entry.heading,
                    passage_id=passage.passage_id,
                    quote=entry.body[start:end],
                    start=start,
                    end=end,
                    support=support,
                )
            )
        return f"[{self._numbers[key]}]"

    def citations(self) -> tuple[Citation, ...]:
        """Return the citations, numbered from 1."""
        return tuple(self._citations)
