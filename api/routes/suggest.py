"""`GET /suggest`: type-ahead over terms and aliases."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.dependencies import ChatPoolDep
from api.schemas.glossary import SuggestionsBody
from api.schemas.requests import errors
from rag.chat import Chat
from rag.terms.suggestions import SuggestionTable

router = APIRouter(tags=["glossary"])


@router.head("/suggest", include_in_schema=False)
@router.get(
    "/suggest",
    response_model=SuggestionsBody,
    responses=errors(422, 503, 504),
    summary="Offer entries while a name is typed",
)
async def suggest(
    pool: ChatPoolDep,
    prefix: Annotated[
        str, Query(max_length=500, description="What was typed so far.", examples=["embe"])
    ],
    limit: Annotated[int, Query(ge=1, le=50, description="How many at most.")] = 8,
) -> Any:
    """Return entries with a name that begins so, or nearly so when none does."""

    def read(chat: Chat) -> dict[str, Any]:
        table = pool.live.derived(chat, suggestion_table)
        suggestions = [asdict(found) for found in table.suggest(prefix, limit)]
        return {
            "prefix": prefix,
            "snapshot_id": chat.index.snapshot_id,
            "suggestions": suggestions,
        }

    return JSONResponse(await pool.run(read))


def suggestion_table(chat: Chat) -> SuggestionTable:
    """Return the table of the names behind a Chat."""
    return SuggestionTable(chat.index)
