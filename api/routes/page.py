"""The chat page: `GET /` shows it, and answers `?q=` where no script runs.

A question is answered under `?q=`, and the answer is shown under `?c=`, so that reloading a page
asks nothing twice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.answer_service import AnswerService, AnswerServiceDep, Ask
from api.dependencies import OwnerDep
from api.errors import EXPECTED, outcome
from api.pages.page_view import LISTED, PageView, examples, problem_view, thread_of
from api.pages.rendering import render_page
from api.routes import page_parts
from api.streams.gone import unless_gone
from indexes.errors import SnapshotMissing
from rag.chat import Chat
from rag.errors import DatabaseUnusable
from rag.storing.identifier import new_id

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
router.include_router(page_parts.router)

Text = Annotated[str, Query()]


@router.api_route("/", methods=["GET", "HEAD"])
async def show_chat(
    request: Request,
    service: AnswerServiceDep,
    owner: OwnerDep,
    q: Text = "",
    c: Annotated[str, Query(max_length=100)] = "",
    whole: Text = "",
    before: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Any:
    """Show a conversation, or what can be asked.

    With a language model the script of the page asks `q` and shows the answer as it is written;
    without one, or with `whole`, it is answered here.
    """
    try:
        if q.strip() and request.method == "GET" and (whole or service.generator is None):
            return await _answered(request, service, owner, q, c)
        view = await _view(service, owner, c, before)
    except EXPECTED as problem:
        return await _refused(request, service, owner, q, problem)
    pending = bool(q.strip()) and request.method == "GET"
    return render_page(request, "chat.html", replace(view, question=q, is_pending=pending))


async def _answered(
    request: Request, service: AnswerService, owner: str, question: str, conversation_id: str
) -> Response:
    """Answer a question within its conversation and lead to where it is shown."""
    ask = Ask(
        question,
        owner,
        conversation_id=conversation_id or new_id(),
        begins=not conversation_id,
        answer_id=new_id(),
    )
    stored = await unless_gone(request, service.answer(ask))
    if isinstance(stored, Response):
        return stored
    query = urlencode({"c": ask.conversation_id})
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/?{query}#turn-{ask.answer_id}", status_code=303)


async def _view(service: AnswerService, owner: str, conversation_id: str, before: int) -> PageView:
    conversations = service.conversations
    listed = await service.list_conversations(owner, LISTED)
    longest = service.settings.max_question_chars
    view = PageView(listed=listed, longest_question=longest)
    if not conversation_id:
        return await service.pool.run(lambda chat: _begun(chat, view))
    found = await service.in_database(lambda: conversations.get(conversation_id, owner))
    thread = await service.pool.run(lambda chat: thread_of(chat, found, before))
    return replace(view, thread=thread)


def _begun(chat: Chat, view: PageView) -> PageView:
    return replace(view, examples=examples(chat), entries=len(chat.index.entry_ids()))


async def _refused(
    request: Request, service: AnswerService, owner: str, question: str, problem: Exception
) -> Response:
    """Say what is wrong, beside the conversations that are there."""
    longest = service.settings.max_question_chars
    view = replace(problem_view(question, problem), longest_question=longest)
    if not isinstance(problem, DatabaseUnusable | SnapshotMissing):
        listed = await service.list_conversations(owner, LISTED)
        view = replace(view, listed=listed)
    status = outcome(type(problem)).status
    return render_page(request, "chat.html", view, status)
