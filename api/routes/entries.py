"""`GET /entries` and `GET /entries/{entry_id}`: what the glossary holds."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse

from api.dependencies import ChatPoolDep
from api.entry_view import entry_json, without_folders
from api.pages.entry_list import EntryFilter, EntryList
from api.schemas.glossary import EntryBody, EntryPage
from api.schemas.requests import errors
from rag.chat import Chat

router = APIRouter(tags=["glossary"])

_LONGEST_CHARS = 500


@router.head("/entries", include_in_schema=False)
@router.get(
    "/entries",
    response_model=EntryPage,
    responses=errors(422, 503, 504),
    summary="List entries, page by page",
)
async def list_entries(
    pool: ChatPoolDep,
    offset: Annotated[
        int, Query(ge=0, le=1_000_000_000, description="How many entries to leave out.")
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many entries at most.")] = 100,
    letter: Annotated[
        str | None,
        Query(min_length=1, max_length=1, description="First letter of the term; # for others."),
    ] = None,
    category: Annotated[
        str | None, Query(max_length=_LONGEST_CHARS, description="Exactly as entries name it.")
    ] = None,
    q: Annotated[
        str, Query(max_length=_LONGEST_CHARS, description="Beginnings of words of a name.")
    ] = "",
) -> Any:
    """Return entries by term, each in the shape of `aifactory entries --json`."""
    wanted = EntryFilter(letter, category, q)

    def read(chat: Chat) -> dict[str, Any]:
        return pool.live.derived(chat, EntryList.of).page(wanted, offset, limit)

    return JSONResponse(await pool.run(read))


@router.head("/entries/{entry_id}", include_in_schema=False)
@router.get(
    "/entries/{entry_id}",
    response_model=EntryBody,
    responses=errors(404, 422, 503, 504),
    summary="Show one entry in full",
)
async def show(
    pool: ChatPoolDep,
    entry_id: Annotated[
        str, Path(max_length=_LONGEST_CHARS, description="As a hit or citation names it.")
    ],
) -> Any:
    """Return the entry with its passages, in the shape of `aifactory show --json`."""

    def read(chat: Chat) -> dict[str, Any]:
        return entry_json(chat.index, without_folders(chat.entry(entry_id)))

    return JSONResponse(await pool.run(read))
