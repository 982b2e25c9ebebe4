"""The project as parts for LangChain: a retriever and embeddings, for chains and agents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from indexes.embedder import Embedder
from rag.chat import Chat
from rag.embedding import open_question_embedder
from rag.hit import Hit, Mode
from rag.opening import open_chat
from rag.settings import Settings, load_settings


class GlossaryRetriever(BaseRetriever):
    """Finds the best passage of each concept, as `aifactory search` does.

    A document's text is the passage, `entry.body[start:end]`. Its metadata are `entry_id`,
    `heading`, `term`, `passage_id`, `start`, `end`, `score`, `rank` (from 1), `family` (ids),
    `snapshot_id` and `permalink` (where the web server shows these characters).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    chat: Chat = Field(exclude=True, repr=False)
    k: int = Field(5, ge=1, le=1000)
    mode: Mode = Mode.HYBRID

    @classmethod
    def open(
        cls,
        home: Path | str | None = None,
        k: int = 5,
        mode: Mode | str = Mode.HYBRID,
        settings: Settings | None = None,
    ) -> GlossaryRetriever:
        """Open the live snapshot of a home; without one, of the settings or the environment.

        Raises:
            SnapshotMissing, SnapshotCorrupt, EmbedderMismatch, ModelNotFound, SettingsInvalid.
        """
        return cls(chat=open_chat(_settings(home, settings)), k=k, mode=Mode(mode))

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002  its name is prescribed
        **given: Any,
    ) -> list[Document]:
        """Return the documents for a query; `k` and `mode` may be given for one call."""
        found = self.chat.search(query, given.get("k", self.k), Mode(given.get("mode", self.mode)))
        return [_document(hit, found.snapshot_id) for hit in found.hits]


class GlossaryEmbeddings(Embeddings):
    """The embedding model of the glossary: unit vectors, questions and passages kept apart."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @classmethod
    def open(
        cls, home: Path | str | None = None, settings: Settings | None = None
    ) -> GlossaryEmbeddings:
        """Open the model that the settings name.

        Raises:
            ModelNotFound, SettingsInvalid.
        """
        return cls(open_question_embedder(_settings(home, settings)))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector per passage."""
        return [[float(x) for x in row] for row in self._embedder.embed_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return [float(x) for x in self._embedder.embed_query(text)]


def _settings(home: Path | str | None, settings: Settings | None) -> Settings:
    folder = Path(home) if home is not None else None
    if settings is None:
        return load_settings(home=folder)
    return settings.model_copy(update={"home": folder}) if folder else settings


def _document(hit: Hit, snapshot_id: str) -> Document:
    passage, entry = hit.passage, hit.entry
    span = f"start={passage.start}&end={passage.end}"
    return Document(
        id=passage.passage_id,
        page_content=passage.text,
        metadata={
            "entry_id": entry.entry_id,
            "heading": entry.heading,
            "term": entry.term,
            "passage_id": passage.passage_id,
            "start": passage.start,
            "end": passage.end,
            "score": hit.score,
            "rank": hit.rank,
            "family": list(hit.family),
            "snapshot_id": snapshot_id,
            "permalink": f"/glossary/{entry.entry_id}?{span}#quote",
        },
    )
