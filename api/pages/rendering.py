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
    """Return a template filled with `view`, and what the frame of all pages needs.

    Who was not let in gets no `site`.
    """
    root = request.scope.get("root_path", "")
    state = request.scope.get("state", {})
    static: StaticFiles = request.app.state.static_files
    html = request.app.state.templates.get_template(name).render(
        view=view,
        root=root,
        site=_site(request) if "owner" in state else None,
        signed_in=state.get("signed_in", False),
        static=lambda file: root + static.path(file),
    )
    return _response(request, html, status, headers or {})


def page_version(request: Request) -> str:
    """Return what changes when the frame does: with the program and its files, or by signing in."""
    static: StaticFiles = request.app.state.static_files
    signed_in = request.scope.get("state", {}).get("signed_in", False)
    return f"{version()}-{static.version}-{templates_digest()}-{signed_in:d}"


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
