"""An embedder that embeds each question once: for trials that ask the same questions anew."""

from __future__ import annotations

from collections.abc import Sequence

from indexes.embedder import Embedder, Fingerprint, Progress, Vectors


class RememberingEmbedder:
    """Keeps the vector of every question; passages are embedded as ever."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    @property
    def fingerprint(self) -> Fingerprint:
        """The fingerprint of the embedder behind it."""
        return self._embedder.fingerprint

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return (n, dimension) float32 unit rows."""
        return self._embedder.embed_passages(texts, progress)

    def embed_query(self, text: str) -> Vectors:
        """Return a (dimension,) float32 unit vector, worked out once per text."""
        if text not in self._known:
            self._known[text] = self._embedder.embed_query(text)
        return self._known[text]

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text costs."""
        return self._embedder.count_tokens(text)
