"""The noun Opener: opens one Chat after another with one embedding model."""

from __future__ import annotations

from indexes.embedder import Embedder
from rag.chat import Chat
from rag.embedding import open_question_embedder
from rag.opening import open_chat
from rag.settings import Settings


class Opener:
    """Opens the live snapshot; the model is loaded once, however often snapshots change."""

    def __init__(self) -> None:
        self._embedder: Embedder | None = None

    def __call__(self, settings: Settings) -> Chat:
        """Return a Chat on the live snapshot; raises what `rag.opening.open_chat` raises."""
        if self._embedder is None:
            self._embedder = open_question_embedder(settings)
        return open_chat(settings, embedder=self._embedder)
