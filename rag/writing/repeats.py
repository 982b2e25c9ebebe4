"""The noun Repeats: sentences that a model says again, left out.

A model that is caught in a loop says one sentence up to its limit, every time as true as before.
"""

from __future__ import annotations

from dataclasses import replace

from rag.writing.markers import read_markers
from rag.writing.pieces import Piece, PieceKind

FEWEST_WORDS = 4


class Repeats:
    """Knows the sentences of one answer that the reader has seen.

    Below another heading, table or short line the same sentence may be about something else.
    """

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._gap = ""

    def new(self, piece: Piece) -> Piece | None:
        """Return a piece with the gap of those left out before it; None for a repeated one."""
        said = _said(piece)
        if len(said.split()) < FEWEST_WORDS or said.rstrip("*_").endswith(":"):
            self._seen.clear()
        if said in self._seen:
            self._gap = max(self._gap, piece.gap, key=len)
            return None
        gap, self._gap = max(self._gap, piece.gap, key=len), ""
        return piece if gap == piece.gap else replace(piece, gap=gap)

    def shown(self, piece: Piece) -> None:
        """Remember a piece that has reached the reader."""
        self._seen.add(_said(piece))


def _said(piece: Piece) -> str:
    """Return what a piece says, without its citations; "" unless it is a sentence."""
    if piece.kind is not PieceKind.SENTENCE:
        return ""
    return " ".join(read_markers(piece.text)[0].casefold().split())
