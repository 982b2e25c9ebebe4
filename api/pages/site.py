"""The noun Site: what every page says about the glossary behind it."""

from __future__ import annotations

from dataclasses import dataclass

from api.plain_text import counted
from rag.chat import Chat


@dataclass(frozen=True, slots=True)
class Site:
    """The open snapshot and how many entries it holds; no id where none is open."""

    snapshot_id: str = ""
    entries: int = 0

    @classmethod
    def of(cls, chat: Chat) -> Site:
        """Return what is behind a Chat."""
        return cls(chat.index.snapshot_id, len(chat.index.entry_ids()))

    @property
    def counted(self) -> str:
        """Return the number of entries, as the glossary says it."""
        definitions = counted(self.entries, "technical term and definition", _PLURAL)
        return definitions.replace(f"{self.entries} ", f"{self.entries:,} ", 1)


_PLURAL = "technical terms and definitions"
