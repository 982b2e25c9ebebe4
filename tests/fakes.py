"""Fakes at the seams, simple enough to compute their results by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from indexes.embedder import Fingerprint, Progress, Vectors


class WordEmbedder:
    """One dimension per vocabulary word, holding its count; rows scaled to length 1.

    Words outside the vocabulary are ignored, so the cosine of two texts follows from counting.
    `embedded` lists every passage text ever embedded, in order.
    """

    def __init__(self, *vocabulary: str, model: str = "words") -> None:
        self._position = {word: i for i, word in enumerate(vocabulary)}
        self.embedded: list[str] = []
        self._model = model

    @property
    def fingerprint(self) -> Fingerprint:
        return Fingerprint(
            model=self._model,
            weights_sha256="0" * 64,
            dimension=len(self._position),
            max_tokens=256,
            query_prefix="",
            passage_prefix="",
            runtime="counting",
        )

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.embedded.extend(texts)
        if progress:
            progress(len(texts))
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, len(self._position)), np.float32)

    def embed_query(self, text: str) -> Vectors:
        return self._vector(text)

    def count_tokens(self, text: str) -> int:
        """Count a lone word outside the vocabulary twice, as models do that have it in pieces."""
        tokens = re.findall(r"\w+|[^\w\s]", text)
        return len(tokens) + (len(tokens) == 1 and tokens[0] not in self._position)

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(len(self._position), np.float32)
        for word in re.findall(r"\w+", text.lower()):
            if word in self._position:
                vector[self._position[word]] += 1
        length = np.linalg.norm(vector)
        return vector / length if length else vector
