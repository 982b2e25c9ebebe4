"""The noun RememberedSearches: what was found for the last queries of one snapshot.

A snapshot never changes, so the same query finds the same hits. They are kept as JSON.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict

from rag.chat import Chat
from rag.hit import Mode, SearchResult

MOST_SEARCHES = 2000
MOST_CHARS = 32_000_000  # of all that is kept

Key = tuple[str, int, Mode]


class RememberedSearches:
    """The last searches, used on one event loop; the least recently asked for goes first."""

    def __init__(self, snapshot_id: str) -> None:
        self.snapshot_id = snapshot_id
        self._hits: OrderedDict[Key, str] = OrderedDict()
        self._chars = 0

    def find(self, key: Key) -> bytes | None:
        """Return the body of a response to a query asked before, or None."""
        begun_s = time.perf_counter()
        hits = self._hits.get(key)
        if hits is None:
            return None
        self._hits.move_to_end(key)
        spent_ms = round((time.perf_counter() - begun_s) * 1e3, 3)
        return _body(key[0], self.snapshot_id, {"remembered": spent_ms, "total": spent_ms}, hits)

    def add(self, key: Key, result: SearchResult) -> bytes:
        """Remember what was found, if it is of this snapshot; return the body of the response."""
        hits = json.dumps([hit.to_json() for hit in result.hits], separators=(",", ":"))
        if result.snapshot_id == self.snapshot_id and key not in self._hits:
            self._hits[key] = hits
            self._chars += len(hits)
            self._forget()
        return _body(result.query, result.snapshot_id, result.timings_ms, hits)

    def _forget(self) -> None:
        while self._chars > MOST_CHARS or len(self._hits) > MOST_SEARCHES:
            _, hits = self._hits.popitem(last=False)
            self._chars -= len(hits)


def remembered_searches(chat: Chat) -> RememberedSearches:
    """Return what is remembered of a snapshot: nothing yet."""
    return RememberedSearches(chat.index.snapshot_id)


def _body(query: str, snapshot_id: str, timings_ms: dict[str, float], hits: str) -> bytes:
    return (
        f'{{"query":{json.dumps(query)},"snapshot_id":{json.dumps(snapshot_id)},'
        f'"timings_ms":{json.dumps(timings_ms)},"hits":{hits}}}'
    ).encode("ascii")
