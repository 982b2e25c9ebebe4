"""The project as parts for LangChain: a retriever and embeddings, for chains and agents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from indexes.embedder import Embedder
from rag.chat import Chat
from rag.embedding import open_question_embedder
from rag.hit import Hit, Mode
from rag.opening import open_chat
from rag.settings import Settings, load_settings

MOST_DOCUMENTS = 1000
HowMany = Annotated[int, Field(ge=1, le=MOST_DOCUMENTS)]
_SHOWN_CHARS = 40  # of a wrong value, in a message


class _Call(BaseModel):
    """What one call asks for."""

    model_config = ConfigDict(extra="forbid")

    k: HowMany
    mode: Mode


class GlossaryRetriever(BaseRetriever):
    """Finds the best passage of each concept, as `aifactory search` does.

    A document's text is the passage, `entry.body[start:end]`. Its metadata are `entry_id`,
    `heading`, `term`, `passage_id`, `start`, `end`, `score`, `rank` (from 1), `family` (ids),
    `snapshot_id` and `permalink` (where the web server shows these characters).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    chat: Chat = Field(exclude=True, repr=False)
    k: HowMany = 5
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
        """Return the documents for a query; `k` and `mode` may be given for one call.

        Raises:
            ValueError: another keyword is given, or a value that the retriever would not take.
        """
        call = _read_call({"k": self.k, "mode": self.mode, **given})
        found = self.chat.search(query, call.k, call.mode)
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
        """Return one vector per passage.

        Raises:
            TypeError: one string is given instead of a list, or something that is no string.
        """
        given = _checked_texts(texts)
        return [[float(x) for x in row] for row in self._embedder.embed_passages(given)]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question.

        Raises:
            TypeError: it is no string.
        """
        return [float(x) for x in self._embedder.embed_query(_checked_text(text))]


def _read_call(given: Mapping[str, Any]) -> _Call:
    try:
        return _Call.model_validate(given)
    except ValidationError as invalid:
        wrong = invalid.errors()[0]
    name = str(wrong["loc"][0])
    raise ValueError(
        f"{name}={_clipped(given[name])} cannot be used: {wrong['msg']}; for one call, "
        f"k (1 to {MOST_DOCUMENTS}) and mode ({', '.join(Mode)}) may be given"
    )


def _checked_texts(texts: object) -> list[str]:
    if isinstance(texts, str | bytes) or not isinstance(texts, Iterable):
        raise TypeError(
            f"embed_documents takes a list of strings, not {_named(texts)}; "
            f"put one text into a list, or give a question to embed_query"
        )
    given = list(texts)
    for place, text in enumerate(given):
        if not isinstance(text, str):
            raise TypeError(f"embed_documents takes strings; item {place} is {_named(text)}")
    return given


def _checked_text(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(
            f"embed_query takes one string, not {_named(text)}; "
            f"give several texts to embed_documents"
        )
    return text


def _named(value: object) -> str:
    return f"{type(value).__name__} {_clipped(value)}"


def _clipped(value: object) -> str:
    shown = " ".join(repr(value).split())
    return shown if len(shown) <= _SHOWN_CHARS else f"{shown[: _SHOWN_CHARS - 3]}..."


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
