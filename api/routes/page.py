"""The web page: `GET /` asks and answers, `GET /read/{entry_id}` shows one entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.dependencies import ChatPool, ChatPoolDep
from api.errors import EXPECTED, outcome
from api.page_view import entry_view, page_view, problem_view
from rag.chat import Chat

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

T = TypeVar("T")


@router.api_route("/", methods=["GET", "HEAD"])
async def ask_page(request: Request, pool: ChatPoolDep, q: str = "") -> Any:
    """Show the question box and, when a question is given, its answer."""
    return await _rendered(request, pool, "page.html", q, lambda chat: page_view(chat, q))


@router.api_route("/read/{entry_id}", methods=["GET", "HEAD"])
async def entry_page(request: Request, pool: ChatPoolDep, entry_id: str) -> Any:
    """Show one entry in full."""
    return await _rendered(request, pool, "entry.html", "", lambda chat: entry_view(chat, entry_id))


async def _rendered(
    request: Request, pool: ChatPool, name: str, question: str, work: Callable[[Chat], T]
) -> HTMLResponse:
    view: Any
    try:
        view, status = await pool.run(work), 200
    except EXPECTED as problem:
        view, status = problem_view(question, problem), outcome(type(problem)).status
        name = "page.html"
    template = request.app.state.templates.get_template(name)
    html = template.render(view=view, root=request.scope.get("root_path", ""))
    return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-cache"})
