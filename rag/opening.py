"""Put the parts of answering together: settings in, a Chat out."""

from __future__ import annotations

from indexes.embedder import Embedder
from indexes.store import Store
from rag.answerable import AnswerableModel, load_answerable
from rag.chat import Chat, Limits
from rag.embedding import OnStatus, open_question_embedder
from rag.settings import Settings


def open_chat(
    settings: Settings,
    on_status: OnStatus | None = None,
    answerable: AnswerableModel | None = None,
    embedder: Embedder | None = None,
) -> Chat:
    """Open the live snapshot of `settings.home` for questions.

    `on_status` hears one-line messages of slow one-time work (preparing the model). `answerable`
    decides whether to answer; without it, the fit in the home or the one that ships. `embedder` is
    one that was opened before, to load its model once for several Chats.

    Raises:
        ModelUnavailable: the fit in the home cannot be used.
        SnapshotMissing, SnapshotCorrupt, EmbedderMismatch, ModelNotFound, ModelCorrupt.
    """
    embedder = embedder or open_question_embedder(settings, on_status)
    index = Store(settings.home).open(embedder_fingerprint=embedder.fingerprint)
    limits = Limits(settings.max_question_chars)
    return Chat(index, embedder, limits, answerable or load_answerable(settings.home))
