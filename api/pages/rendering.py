"""Render a page for a request: the frame that all pages share, compressed for who can unpack it."""

from __future__ import annotations

import gzip
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.site import Site
from api.pages.static_files import StaticFiles, accepts_gzip
from api.pages.templating import templates_digest
from api.version import version

_WORTH_COMPRESSING_BYTES = 1024
_QUICK = 5  # of gzip's levels


def render_page(
    request: Request,
    name: str,
    view: Any,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    """Return a template filled with `view`; it also gets `root`, `site` and `static(name)`."""
    root = request.scope.get("root_path", "")
    static: StaticFiles = request.app.state.static_files
    html = request.app.state.templates.get_template(name).render(
        view=view,
        root=root,
        site=_site(request),
        static=lambda file: root + static.path(file),
    )
    return _response(request, html, status, headers or {})


def page_version(request: Request) -> str:
    """Return what changes when the templates, the static files or the program change."""
    static: StaticFiles = request.app.state.static_files
    return f"{version()}-{static.version}-{templates_digest()}"


def _site(request: Request) -> Site:
    live = request.app.state.chat_pool.live
    return live.derived(live.chat(), Site.of) if live.snapshot_id else Site()


def _response(request: Request, html: str, status: int, headers: dict[str, str]) -> HTMLResponse:
    content = html.encode("utf-8", "replace")
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding", **headers}
    if len(content) >= _WORTH_COMPRESSING_BYTES and accepts_gzip(request):
        content = gzip.compress(content, _QUICK, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return HTMLResponse(content, status, headers)
