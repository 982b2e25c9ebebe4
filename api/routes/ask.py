"""`POST /ask`: one question, one cited answer, of a language model where one is configured."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.answer_service import AnswerServiceDep, Ask
from api.dependencies import OwnerDep
from api.schemas.glossary import AnswerBody
from api.schemas.requests import Question, errors
from api.streams.gone import unless_gone
from rag.quoting.extractive import MODEL as EXTRACTIVE

router = APIRouter(tags=["questions"])


@router.post(
    "/ask",
    response_model=AnswerBody,
    responses=errors(400, 413, 422, 503, 504),
    summary="Answer one question, without a conversation",
)
async def ask(request: Request, service: AnswerServiceDep, owner: OwnerDep, body: Question) -> Any:
    """Return the answer with its citations, in the shape of `aifactory ask --json`.

    Who is configured writes it, and `llm: extractive` answers with quotes only. No conversation is
    kept; `POST /chat` keeps one.
    """
    service.check_model(body.llm)
    if service.generator is None or body.llm == EXTRACTIVE:
        answer = await service.pool.run(lambda chat: chat.ask(body.question))
        service.metrics.observe_answer(answer)
    else:
        asked = service.answer(Ask(body.question, owner, llm=body.llm))
        stored = await unless_gone(request, asked)
        if isinstance(stored, Response):
            return stored
        answer = stored.finished.answer
    return JSONResponse(answer.to_json())
