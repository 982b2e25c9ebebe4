"""`GET /entries/{entry_id}`: one entry in full."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from api.dependencies import ChatPoolDep
from api.entry_view import entry_json
from api.schemas import errors
from rag.chat import Chat

router = APIRouter(tags=["glossary"])


@router.get(
    "/entries/{entry_id}", responses=errors(404, 422, 503), summary="Show one entry in full"
)
async def show(
    pool: ChatPoolDep,
    entry_id: Annotated[str, Path(max_length=500, description="As a hit or citation names it.")],
) -> Any:
    """Return the entry with its passages, in the shape of `aifactory show --json`."""

    def read(chat: Chat) -> dict[str, Any]:
        return entry_json(chat.index, chat.entry(entry_id))

    return JSONResponse(await pool.run(read))
