"""Parts of the chat page that its script fetches, as HTML and as Markdown."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse

from api.answer_markdown import to_markdown
from api.answer_service import AnswerServiceDep
from api.dependencies import ChatPoolDep, OwnerDep
from api.pages.entry_part import EntryPart
from api.pages.inspection import inspection
from api.pages.page_view import LISTED, thread_of
from api.pages.rendering import render_page
from api.pages.turn_view import recorded_turn
from api.permalink import base_url

router = APIRouter(prefix="/page", default_response_class=HTMLResponse)

Id = Annotated[str, Path(max_length=100)]


@router.get("/answers/{answer_id}")
async def turn(
    request: Request, service: AnswerServiceDep, pool: ChatPoolDep, owner: OwnerDep, answer_id: Id
) -> Any:
    """Return a question and its answer."""
    record = await service.in_database(lambda: service.answers.get(answer_id, owner))
    shown = await pool.run(lambda chat: recorded_turn(chat, record))
    return render_page(request, "chat_turn.html", shown)


@router.get("/answers/{answer_id}/inspection")
async def inspect(
    request: Request, service: AnswerServiceDep, owner: OwnerDep, answer_id: Id
) -> Any:
    """Return why an answer came out as it did."""
    record = await service.in_database(lambda: service.answers.get(answer_id, owner))
    return render_page(request, "chat_inspection.html", inspection(record))


@router.get("/answers/{answer_id}/markdown", response_class=PlainTextResponse)
async def markdown(
    request: Request, service: AnswerServiceDep, owner: OwnerDep, answer_id: Id
) -> Any:
    """Return an answer as Markdown with its sources."""
    record = await service.in_database(lambda: service.answers.get(answer_id, owner))
    text = to_markdown(record, base_url(request, service.settings))
    return PlainTextResponse(text, media_type="text/markdown; charset=utf-8")


@router.get("/conversations")
async def conversations(
    request: Request,
    service: AnswerServiceDep,
    owner: OwnerDep,
    search: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str | None, Query(max_length=100)] = None,
) -> Any:
    """Return a list of past conversations."""
    listed = await service.list_conversations(owner, LISTED, after, search)
    return render_page(request, "chat_conversations.html", listed)


@router.get("/conversations/{conversation_id}/turns")
async def turns(
    request: Request,
    service: AnswerServiceDep,
    pool: ChatPoolDep,
    owner: OwnerDep,
    conversation_id: Id,
    before: Annotated[int, Query(ge=1, le=1_000_000)],
) -> Any:
    """Return turns of a conversation that come before a position."""
    found = await service.in_database(lambda: service.conversations.get(conversation_id, owner))
    thread = await pool.run(lambda chat: thread_of(chat, found, before))
    return render_page(request, "chat_turns.html", thread)


@router.get("/sources/{entry_id}")
async def source(
    request: Request,
    pool: ChatPoolDep,
    entry_id: Annotated[str, Path(max_length=300)],
    start: Annotated[int, Query(ge=0, le=1_000_000_000)],
    end: Annotated[int, Query(ge=0, le=1_000_000_000)],
) -> Any:
    """Return an entry with the quoted characters marked."""
    shown = await pool.run(lambda chat: EntryPart.of(chat, entry_id, start, end))
    return render_page(request, "chat_source.html", shown)
