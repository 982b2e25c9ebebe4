"""What the page of one entry shows: the entry, its family, its neighbours, questions about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from api.entry_view import without_folders
from api.markdown.markdown import entry_html
from api.pages.entry_list import EntryList
from api.pages.entry_names import EntryName, entry_names
from api.pages.example_questions import ExampleQuestion, questions_about
from api.plain_text import printable
from corpus.entry import Entry
from indexes.index import Index

RELATED = 5
_PASSAGES_OF_ENTRY = 12  # how many passages of one entry may crowd out others
_LONGEST_CARRIED_CHARS = 200


@dataclass(frozen=True, slots=True)
class EntryView:
    """Everything the template of one entry needs; `html` is safe.

    `is_quoted` tells whether characters are marked; `span_missing`, whether some were asked for
    that the entry does not have.
    """

    entry: Entry
    html: Markup
    twins: tuple[EntryName, ...]
    related: tuple[EntryName, ...]
    before: EntryName | None
    after: EntryName | None
    questions: tuple[ExampleQuestion, ...]
    is_quoted: bool
    span_missing: bool


def entry_view(
    index: Index, entries: EntryList, entry: Entry, span: tuple[int, int] | None
) -> EntryView:
    """Return the page of an entry; `span` are the characters of its body to point out."""
    is_there = span is not None and 0 <= span[0] < span[1] <= len(entry.body)
    before, after = _neighbours(index, entries, entry)
    family = (index.entry(other) for other in index.family(entry.entry_id))
    twins = tuple(twin for twin in family if twin.entry_id != entry.entry_id)
    return EntryView(
        entry=without_folders(entry),
        html=Markup(_html(entry.body, span if is_there else None)),  # noqa: S704  sanitised
        twins=entry_names(twins, beside=(entry,)),
        related=entry_names(_related(index, entry.entry_id), beside=(entry,)),
        before=before,
        after=after,
        questions=questions_about(entry.term[:_LONGEST_CARRIED_CHARS]),
        is_quoted=is_there,
        span_missing=span is not None and not is_there,
    )


def span_of(start: str, end: str) -> tuple[int, int] | None:
    """Return the span that a permalink names; None when it names none."""
    if not (start.isdecimal() and end.isdecimal() and max(len(start), len(end)) < 10):
        return None
    return int(start), int(end)


def _html(body: str, span: tuple[int, int] | None) -> str:
    shown = printable(body)
    if span and len(shown) != len(body):  # characters were left out: count them again
        span = len(printable(body[: span[0]])), len(printable(body[: span[1]]))
    return entry_html(shown, span if span and span[0] < span[1] else None)


def _neighbours(
    index: Index, entries: EntryList, entry: Entry
) -> tuple[EntryName | None, EntryName | None]:
    """Return the entries before and after one in the alphabet, told apart from it."""
    rows = entries.around(entry.entry_id)
    found = [index.entry(row.shown["entry_id"]) for row in rows if row]
    names = iter(entry_names(found, beside=(entry,)))
    before, after = (next(names) if row else None for row in rows)
    return before, after


def _related(index: Index, entry_id: str) -> Iterator[Entry]:
    """Yield the nearest entries by the mean of the passage vectors, twins left out."""
    vectors = index.passage_vectors(entry_id)
    mean = vectors.mean(axis=0) if len(vectors) else np.zeros(0, np.float32)
    length = float(np.linalg.norm(mean))
    if not length:
        return
    left_out = set(index.family(entry_id))
    yielded = 0
    found = index.dense((mean / length).astype(np.float32), _PASSAGES_OF_ENTRY * (RELATED + 1))
    for scored in found:
        other = scored.id.rpartition("#")[0]
        if other not in left_out and yielded < RELATED:
            left_out.update(index.family(other))
            yielded += 1
            yield index.entry(other)
