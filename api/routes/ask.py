"""`POST /ask`: one question, one cited answer."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.dependencies import ChatPool, ChatPoolDep
from api.schemas import Question, errors
from rag.errors import ModelUnavailable

router = APIRouter(tags=["questions"])


@router.post("/ask", responses=errors(400, 413, 422, 503), summary="Answer a question with quotes")
async def ask(pool: ChatPoolDep, body: Question) -> Any:
    """Return the answer with its citations, in the shape of `aifactory ask --json`."""
    _require_configured(pool, body.llm)
    answer = await pool.run(lambda chat: chat.ask(body.question))
    return JSONResponse(answer.to_json())


def _require_configured(pool: ChatPool, llm: str | None) -> None:
    configured = pool.settings.llm
    if llm is not None and llm != configured:
        raise ModelUnavailable(
            f"llm {llm!r} is not served here; this server answers with {configured!r}"
        )
