"""The noun Source: whole passages of one entry, under the number by which a model cites them."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.entry import Entry
from corpus.passage import Passage


@dataclass(frozen=True, slots=True)
class Source:
    """What a prompt shows of one entry; families are shown once.

    Attributes:
        number: from 1, in the order of the prompt.
        entry: the entry.
        passages: whole passages of it in reading order; never empty.
    """

    number: int
    entry: Entry
    passages: tuple[Passage, ...]
