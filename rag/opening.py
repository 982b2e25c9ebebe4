"""Put the parts of answering together: settings in, a Chat out."""

from __future__ import annotations

from indexes.store import Store
from rag.answerable import AnswerableModel, load_answerable
from rag.chat import Chat, Limits
from rag.embedding import OnStatus, open_question_embedder
from rag.errors import ModelUnavailable
from rag.extractive import MODEL
from rag.settings import Settings


def open_chat(
    settings: Settings,
    on_status: OnStatus | None = None,
    answerable: AnswerableModel | None = None,
) -> Chat:
    """Open the live snapshot of `settings.home` for questions.

    `on_status` hears one-line messages of slow one-time work (preparing the model). `answerable`
    decides whether to answer; without it, the fit in the home or the one that ships.

    Raises:
        ModelUnavailable: `settings.llm` is not built into this version.
        SnapshotMissing, SnapshotCorrupt, EmbedderMismatch, ModelNotFound, ModelCorrupt.
    """
    if settings.llm != MODEL:
        raise ModelUnavailable(
            f"language model {settings.llm!r} is not available, this version answers with "
            f"{MODEL!r} only; leave out --llm and AIFACTORY_LLM"
        )
    embedder = open_question_embedder(settings, on_status)
    index = Store(settings.home).open(embedder_fingerprint=embedder.fingerprint)
    limits = Limits(settings.max_question_chars)
    return Chat(index, embedder, limits, answerable or load_answerable(settings.home))
