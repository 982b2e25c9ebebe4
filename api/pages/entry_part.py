"""The noun EntryPart: an entry as the source panel shows it, the quoted characters marked."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from api.errors import RequestInvalid
from api.markdown.markdown import entry_html
from corpus.entry import Entry
from rag.chat import Chat


@dataclass(frozen=True, slots=True)
class EntryPart:
    """An entry ready for the template; `html` is safe."""

    entry: Entry
    html: Markup

    @classmethod
    def of(cls, chat: Chat, entry_id: str, start: int, end: int) -> EntryPart:
        """Return an entry with the characters from `start` to `end` of its body marked.

        Raises:
            EntryMissing: there is no such entry.
            RequestInvalid: it has no such characters.
        """
        entry = chat.entry(entry_id)
        if not 0 <= start < end <= len(entry.body):
            raise RequestInvalid(
                f"query: entry {entry_id!r} has {len(entry.body)} characters, and the span is "
                f"{start} to {end}"
            )
        return cls(entry, Markup(entry_html(entry.body, (start, end))))  # noqa: S704  sanitised
