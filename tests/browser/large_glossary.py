"""A server of a glossary as large as asked for, made in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.app import create_app
from corpus.entry import Entry, Source
from rag.settings import Settings
from tests.api.contract.serving import Served, served
from tests.api.fake_chat import SNAPSHOT, FakeChat, opening

ENTRIES = 1000
CATEGORIES = 40
BODY = (
    "Thing {number} is made of **parts** that `fit` each other, and of $x_{{{number}}}$ more. "
    "Its first sentence says what it is, and the ones after it say how.\n\n"
    "## Parts\n\n" + "- a part that is needed\n" * 30
)


@contextmanager
def large_glossary(home: Path, entries: int = ENTRIES) -> Iterator[Served]:
    """Serve so many entries; the home holds nothing of them."""
    chat = FakeChat()
    chat.index._entries = {f"thing-{number}": _entry(number) for number in range(entries)}
    chat.index.names = lambda: iter(())  # type: ignore[method-assign]
    with served(create_app(Settings(home=home), opening(chat), lambda: SNAPSHOT)) as running:
        yield running


def _entry(number: int) -> Entry:
    return Entry(
        f"thing-{number}",
        f"{chr(65 + number % 26)}thing {number}, Things",
        f"{chr(65 + number % 26)}thing {number:04}",
        (f"alias {number}",),
        f"Category {number % CATEGORIES:02}",
        BODY.format(number=number),
        Source("large.md", number + 1),
    )
