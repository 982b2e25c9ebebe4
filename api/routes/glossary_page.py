"""The glossary: `GET /glossary` lists entries, `GET /glossary/{entry_id}` shows one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.dependencies import ChatPool, ChatPoolDep
from api.errors import EXPECTED, one_line, outcome
from api.pages.entry_list import EntryFilter, EntryList
from api.pages.entry_page_view import entry_view, span_of
from api.pages.glossary_view import glossary_view
from api.pages.problem_view import ProblemView
from api.pages.rendering import page_version, render_page
from api.pages.static_files import has_it
from api.plain_text import printable
from api.routes.suggest import suggestion_table
from indexes.errors import SnapshotMissing
from rag.chat import Chat
from rag.errors import EntryMissing
from rag.terms.suggestions import Suggestion

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

T = TypeVar("T")
_LONGEST_CHARS = 500
_NEAREST = 5


@router.api_route("/glossary", methods=["GET", "HEAD"])
async def glossary_page(
    request: Request,
    pool: ChatPoolDep,
    letter: Annotated[str, Query(max_length=8)] = "",
    category: Annotated[str, Query(max_length=_LONGEST_CHARS)] = "",
    q: Annotated[str, Query(max_length=_LONGEST_CHARS)] = "",
    page: str = "1",
) -> Any:
    """Show the entries of a letter, of a category, with such a name, or all of them."""
    wanted = EntryFilter(letter[:1] or None, category or None, printable(q).strip())
    number = int(page) if page.isdecimal() and len(page) < 8 else 1

    def read(chat: Chat) -> Any:
        entries = pool.live.derived(chat, EntryList.of)
        names = pool.live.derived(chat, suggestion_table)
        return glossary_view(chat.index, entries, names, wanted, number)

    return await _shown(request, pool, "glossary.html", read)


@router.api_route("/glossary/{entry_id}", methods=["GET", "HEAD"])
async def entry_page(
    request: Request,
    pool: ChatPoolDep,
    entry_id: Annotated[str, Path(max_length=_LONGEST_CHARS)],
    start: str = "",
    end: str = "",
) -> Any:
    """Show one entry in full, the characters that a citation quotes marked in it."""
    span = span_of(start, end)
    etag = _etag(request, pool.live.snapshot_id, entry_id, span)
    if pool.live.snapshot_id and has_it(request, etag):
        return Response(
            status_code=304, headers={"ETag": f'W/"{etag}"', "Cache-Control": "no-cache"}
        )

    def read(chat: Chat) -> Any:
        entries = pool.live.derived(chat, EntryList.of)
        return entry_view(chat.index, entries, chat.entry(entry_id), span)

    missing = _Missing(pool, entry_id)
    return await _shown(request, pool, "entry.html", read, etag, missing)


def _etag(request: Request, snapshot_id: str | None, *parts: object) -> str:
    root = request.scope.get("root_path", "")
    named = repr((snapshot_id, root, page_version(request), *parts))
    return hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:20]


class _Missing:
    """Finds entries with nearly the name of one that is not there."""

    def __init__(self, pool: ChatPool, entry_id: str) -> None:
        self._pool = pool
        self.name = entry_id.replace("-", " ").strip()

    def __call__(self, chat: Chat) -> tuple[Suggestion, ...]:
        table = self._pool.live.derived(chat, suggestion_table)
        words = self.name.split()
        found = [table.suggest(" ".join(words[:length]), _NEAREST) for length in (len(words), 1)]
        unique = {suggestion.entry_id: suggestion for near in found for suggestion in near}
        return tuple(unique.values())[:_NEAREST]


async def _shown(
    request: Request,
    pool: ChatPool,
    template: str,
    read: Callable[[Chat], T],
    etag: str | None = None,
    missing: _Missing | None = None,
) -> Response:
    try:
        view = await pool.run(read)
    except EXPECTED as problem:
        return await _problem(request, pool, problem, missing)
    return render_page(request, template, view, headers={"ETag": f'W/"{etag}"'} if etag else None)


async def _problem(
    request: Request, pool: ChatPool, problem: Exception, missing: _Missing | None
) -> Response:
    status = outcome(type(problem)).status
    is_empty = isinstance(problem, SnapshotMissing)
    view = ProblemView(status, one_line(problem), "glossary", needs_ingestion=is_empty)
    if missing and isinstance(problem, EntryMissing):
        view = replace(view, missing=missing.name, nearest=await pool.run(missing))
    return render_page(request, "problem.html", view, status)
