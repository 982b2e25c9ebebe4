"""Merge the entries of several sources into one glossary.

An id that two sources use for different texts would make one of them unreachable: all bearers of
such an id get a digest of their own body appended, whatever the order of the sources.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from corpus.entry import Entry


def merge_entries(*sources: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries of all sources, ascending by id; equal entries are kept once."""
    by_id: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
    for source in sources:
        for entry in map(_with_own_id, source):
            by_id[entry.entry_id].setdefault(entry.body, entry)
    merged = [
        entry if len(bearers) == 1 else replace(entry, entry_id=_told_apart(entry))
        for bearers in by_id.values()
        for entry in bearers.values()
    ]
    return tuple(sorted(merged, key=lambda entry: entry.entry_id))


def _digest(entry: Entry) -> str:
    return hashlib.sha256(entry.body.encode()).hexdigest()[:6]


def _told_apart(entry: Entry) -> str:
    return f"{entry.entry_id}-{_digest(entry)}"


def _with_own_id(entry: Entry) -> Entry:
    """Undo an earlier merge, so that merging again gives the same ids."""
    own = entry.entry_id.removesuffix(f"-{_digest(entry)}")
    return entry if own == entry.entry_id else replace(entry, entry_id=own)
