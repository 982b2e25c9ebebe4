"""`GET /evaluation`: the evaluations of this glossary, and the report of each."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from api.dependencies import ChatPoolDep
from api.pages.rendering import render_page

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.api_route("/evaluation", methods=["GET", "HEAD"])
def evaluation_page(request: Request, pool: ChatPoolDep) -> Any:
    """Show the kept evaluations with their key figures, the latest first."""
    from api.pages.evaluation_view import evaluation_view  # the harness brings SciPy

    return render_page(request, "evaluation.html", evaluation_view(pool.settings.home))


@router.api_route("/evaluation/{folder}/report", methods=["GET", "HEAD"])
def report(pool: ChatPoolDep, folder: Annotated[str, Path(max_length=200)]) -> Any:
    """Return the report of one evaluation: a page that runs nothing and loads nothing."""
    from api.pages.evaluation_view import report_of

    found = report_of(pool.settings.home, folder)
    if found is None:
        raise HTTPException(404)
    headers = {"Content-Security-Policy": found.policy, "Cache-Control": "no-cache"}
    return Response(found.html, headers=headers, media_type="text/html")
