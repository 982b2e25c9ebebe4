"""One entry as JSON: `show --json` and `GET /entries/{entry_id}`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from corpus.entry import Entry
from corpus.passage import Passage
from indexes.index import Index


def entry_json(index: Index, entry: Entry) -> dict[str, Any]:
    """Return the entry with its family and its passages; offsets count characters of the body."""
    return {
        "snapshot_id": index.snapshot_id,
        **entry.to_json(),
        "family": list(index.family(entry.entry_id)),
        "passages": [_passage_json(passage) for passage in index.passages(entry.entry_id)],
    }


def without_folders(entry: Entry) -> Entry:
    """Return an entry as others than its server see it: of its file they learn the name alone."""
    name = re.split(r"[/\\]", entry.source.file)[-1]
    return replace(entry, source=replace(entry.source, file=name))


def _passage_json(passage: Passage) -> dict[str, Any]:
    return {
        "passage_id": passage.passage_id,
        "start": passage.start,
        "end": passage.end,
        "section": passage.section,
        "text": passage.text,
        "units": [
            {"kind": unit.kind.value, "start": unit.start, "end": unit.end, "section": unit.section}
            for unit in passage.units
        ],
    }
