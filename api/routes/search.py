"""`GET /search`: what retrieval finds."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.dependencies import ChatPoolDep, MetricsDep
from api.remembered_searches import remembered_searches
from api.schemas.glossary import SearchBody
from api.schemas.requests import ASKABLE, errors
from rag.hit import Mode

LONGEST_QUERY_CHARS = 5000  # escaped, it still is within the 64 KiB that a request line may have

router = APIRouter(tags=["questions"])


@router.head("/search", include_in_schema=False)
@router.get(
    "/search",
    response_model=SearchBody,
    responses=errors(422, 503, 504),
    summary="Find the best passage of each concept",
)
async def search(
    pool: ChatPoolDep,
    metrics: MetricsDep,
    q: Annotated[
        str,
        Query(
            max_length=LONGEST_QUERY_CHARS,
            description="What to look for.",
            examples=["embedding"],
            json_schema_extra=ASKABLE,
        ),
    ],
    k: Annotated[int, Query(ge=1, le=1000, description="How many entries.")] = 10,
    mode: Annotated[Mode, Query(description="Which channels to use.")] = Mode.HYBRID,
) -> Any:
    """Return the `k` best hits, one per family, in the shape of `aifactory search --json`."""
    remembered = pool.live.derived(pool.live.chat(), remembered_searches)
    body = remembered.find((q, k, mode))
    if body is None:
        result = await pool.run(lambda chat: chat.search(q, k, mode))
        metrics.observe_search(result)
        body = remembered.add((q, k, mode), result)
    else:
        metrics.observe_remembered_search()
    return Response(body, media_type="application/json")
