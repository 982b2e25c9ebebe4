"""Open what answering over HTTP needs, and close it again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.answer_service import AnswerService
from api.dependencies import ChatPool
from api.errors import one_line
from api.observing.metrics import Metrics
from rag.errors import DatabaseUnusable
from rag.models.models import open_generator
from rag.settings import Settings
from rag.storing.database import open_database

LOOK_EVERY_S = 600.0
"""How often it is seen to that old conversations and answers are deleted."""

_log = logging.getLogger("aifactory")


@asynccontextmanager
async def answer_service(
    settings: Settings, pool: ChatPool, metrics: Metrics
) -> AsyncIterator[AnswerService]:
    """Provide the service of one process; the language model is ready when it begins.

    Raises:
        ModelUnavailable: the configured language model cannot be had.
    """
    generator = open_generator(settings)
    database = open_database(settings.database.get_secret_value(), settings.home)
    try:
        if generator:
            await generator.prepare()
        service = AnswerService(pool, settings, generator, database, metrics)
        async with _expiring(service):
            yield service
    finally:
        database.close()
        if generator:
            await generator.aclose()


@asynccontextmanager
async def _expiring(service: AnswerService) -> AsyncIterator[None]:
    """Delete what is too old, from the start on, whoever asks and however."""
    task = asyncio.create_task(_expire(service))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _expire(service: AnswerService) -> None:
    while True:
        try:
            await service.in_database(service.conversations.expire_if_due)
        except DatabaseUnusable as error:
            fields = {"reason": one_line(error)}
            _log.warning("what is too old was not deleted", extra={"fields": fields})
        await asyncio.sleep(LOOK_EVERY_S)
