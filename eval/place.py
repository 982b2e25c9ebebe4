"""The noun Place: a split of a dataset and where what it judges lies, as FOLDER=HOME:SPLIT."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of a dataset, the home (or the source) of its glossary, and the split."""

    folder: Path
    home: Path
    split: str

    @classmethod
    def parse(cls, written: str) -> Place:
        """Read "FOLDER=HOME:SPLIT"; the home may itself hold colons and equal signs.

        Raises:
            argparse.ArgumentTypeError: a part is missing; the message names it.
        """
        folder, _, rest = written.partition("=")
        home, _, split = rest.rpartition(":") if ":" in rest else (rest, "", "")
        missing = [
            name
            for name, part in (("FOLDER", folder), ("HOME", home), ("SPLIT", split))
            if not part
        ]
        if missing:
            raise argparse.ArgumentTypeError(
                f"{written!r} lacks {' and '.join(missing)}; write FOLDER=HOME:SPLIT"
            )
        return cls(Path(folder), Path(home), split)


def add_places(parser: argparse.ArgumentParser, shape: str = "FOLDER=HOME:SPLIT") -> None:
    """Let a command take one place or several, as `places`."""
    parser.add_argument("places", nargs="+", metavar=shape, type=Place.parse)
