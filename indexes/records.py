"""JSON Lines with a table of offsets: any record is read without parsing the others."""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

OFFSETS = ".offsets.npy"


def write_records(path: Path, records: Iterable[Any]) -> None:
    """Write one JSON value a line, and (n + 1,) int64 byte offsets beside the file."""
    offsets = [0]
    with path.open("wb") as file:
        for record in records:
            line = json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
            offsets.append(offsets[-1] + file.write(line.encode()))
    np.save(path.with_name(path.name + OFFSETS), np.array(offsets, np.int64))


class Records:
    """The records of a file written by `write_records`, memory-mapped; safe for several threads."""

    def __init__(self, path: Path) -> None:
        offsets = np.load(path.with_name(path.name + OFFSETS), "r", allow_pickle=False)
        self._offsets = np.asarray(offsets)  # indexing a numpy.memmap is slow
        with path.open("rb") as file:
            empty = len(self) == 0
            self._bytes = None if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, row: int) -> Any:
        if self._bytes is None or not 0 <= row < len(self):
            raise IndexError(f"record {row} of {len(self)}")
        return json.loads(self._bytes[self._offsets[row] : self._offsets[row + 1]])

    def __iter__(self) -> Iterator[Any]:
        return (self[row] for row in range(len(self)))

    def close(self) -> None:
        """Release the memory map; the records cannot be read afterwards."""
        if self._bytes is not None:
            self._bytes.close()
