"""The noun SortedIds: ids in ascending order, found by their row or by themselves."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property

import numpy as np
import numpy.typing as npt

FEW = 50_000  # ids that are kept decoded: some megabytes, for lookups that take no search


class SortedIds:
    """Ids of a snapshot, memory-mapped; a few are decoded once, many are looked up where they lie.

    `ids` is (n,) of bytes in UTF-8, ascending. Safe to use from several threads.
    """

    def __init__(self, ids: npt.NDArray[np.bytes_]) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    def all(self) -> list[str]:
        """Return every id, ascending."""
        return [found.decode() for found in self._ids.tolist()]

    def at(self, rows: Iterable[int]) -> list[str]:
        """Return the ids at some rows."""
        if len(self._ids) <= FEW:
            known = self._decoded
            return [known[row] for row in rows]
        return [self._ids[row].decode() for row in rows]

    def row(self, wanted: str) -> int:
        """Return the row of an id.

        Raises:
            KeyError: there is no such id.
        """
        if len(self._ids) <= FEW:
            return self._rows[wanted]
        encoded = wanted.encode("utf-8", "replace")
        row = bisect_left(self._ids, encoded)
        if row == len(self._ids) or self._ids[row] != encoded:
            raise KeyError(wanted)
        return row

    @cached_property
    def _decoded(self) -> list[str]:
        return self.all()

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {known: row for row, known in enumerate(self._decoded)}
