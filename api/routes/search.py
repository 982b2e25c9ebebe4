"""`GET /search`: what retrieval finds."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.dependencies import ChatPoolDep
from api.schemas import LONGEST_TEXT_CHARS, errors
from rag.hit import Mode

router = APIRouter(tags=["questions"])


@router.get("/search", responses=errors(422, 503), summary="Find the best passage of each concept")
async def search(
    pool: ChatPoolDep,
    q: Annotated[
        str,
        Query(
            max_length=LONGEST_TEXT_CHARS, description="What to look for.", examples=["embedding"]
        ),
    ],
    k: Annotated[int, Query(ge=1, le=1000, description="How many entries.")] = 10,
    mode: Annotated[Mode, Query(description="Which channels to use.")] = Mode.HYBRID,
) -> Any:
    """Return the `k` best hits, one per family, in the shape of `aifactory search --json`."""
    result = await pool.run(lambda chat: chat.search(q, k, mode))
    return JSONResponse(result.to_json())
