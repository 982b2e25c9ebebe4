"""Open what answering over HTTP needs, and close it again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.answer_service import AnswerService
from api.dependencies import ChatPool
from api.observing.metrics import Metrics
from rag.models.models import open_generator
from rag.settings import Settings
from rag.storing.answers import Answers
from rag.storing.conversations import Conversations
from rag.storing.database import open_database
from rag.storing.feedbacks import Feedbacks


@asynccontextmanager
async def answer_service(
    settings: Settings, pool: ChatPool, metrics: Metrics, has_other_workers: bool = False
) -> AsyncIterator[AnswerService]:
    """Provide the service of one process; the language model is ready when it begins.

    Raises:
        ModelUnavailable: the configured language model cannot be had.
    """
    generator = open_generator(settings)
    database = open_database(settings.database.get_secret_value(), settings.home)
    conversations = Conversations(database, settings.conversation_turns, settings.conversation_days)
    try:
        if generator:
            await generator.prepare()
        yield AnswerService(
            pool,
            settings,
            generator,
            conversations,
            Answers(database),
            Feedbacks(database),
            metrics,
            has_other_workers=has_other_workers,
        )
    finally:
        database.close()
        if generator:
            await generator.aclose()
