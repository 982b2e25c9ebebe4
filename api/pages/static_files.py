"""The noun StaticFiles: what `api/static` holds, compressed, under addresses that never change."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

FOLDER = Path(__file__).resolve().parent.parent / "static"
PREFIX = "/static"
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_WORTH_COMPRESSING_BYTES = 512


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    compressed: bytes | None
    kind: str
    etag: str

    @classmethod
    def read(cls, path: Path) -> _File:
        content = path.read_bytes()
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
        etag = hashlib.sha256(content).hexdigest()[:16]
        return cls(content, _compressed(content), kind or "application/octet-stream", etag)


class StaticFiles:
    """Serves a folder from memory; an ASGI application, to be mounted at `PREFIX`.

    The address of a file holds the version of the whole folder, so that the modules of one page
    import each other in one version, and every answer may be kept for ever. An address without
    the version, or with another one, gives the present file, to be asked for again each time.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files: Mapping[str, _File] = {
            path.name: _File.read(path) for path in sorted(folder.iterdir()) if path.is_file()
        }
        digests = "".join(f"{name}\n{file.etag}\n" for name, file in self._files.items())
        self.version = hashlib.sha256(digests.encode()).hexdigest()[:12]

    def path(self, name: str) -> str:
        """Return the path of a file below the root of the application.

        Raises:
            KeyError: the folder holds no such file.
        """
        if name not in self._files:
            raise KeyError(f"api/static holds no {name!r}")
        return f"{PREFIX}/{self.version}/{name}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; 404 and 405 as everywhere else."""
        request = Request(scope)
        if request.method not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        below = scope["path"].removeprefix(scope.get("root_path", "")).strip("/")
        version, _, name = below.rpartition("/")
        file = self._files.get(name)
        if file is None or "/" in version:
            raise HTTPException(404)
        response = _response(request, file, _FOR_EVER if version == self.version else _ASK_AGAIN)
        await response(scope, receive, send)


def accepts_gzip(request: Request) -> bool:
    """Tell whether the reader of a response can unpack gzip."""
    offered = request.headers.get("accept-encoding", "").lower().replace(" ", "").split(",")
    return any(name in offered for name in ("gzip", "*"))


def has_it(request: Request, etag: str) -> bool:
    """Tell whether the reader has what bears `etag` (without quotes) already."""
    known = request.headers.get("if-none-match", "")
    return any(part.strip().removeprefix("W/") == f'"{etag}"' for part in known.split(","))


def _compressed(content: bytes) -> bytes | None:
    if len(content) < _WORTH_COMPRESSING_BYTES:
        return None
    smaller = gzip.compress(content, 9, mtime=0)
    return smaller if len(smaller) < len(content) else None


def _response(request: Request, file: _File, caching: str) -> Response:
    headers = {"Cache-Control": caching, "ETag": f'W/"{file.etag}"', "Vary": "Accept-Encoding"}
    if has_it(request, file.etag):
        return Response(status_code=304, headers=headers)
    content = file.content
    if file.compressed is not None and accepts_gzip(request):
        content, headers["Content-Encoding"] = file.compressed, "gzip"
    if request.method == "HEAD":
        headers["Content-Length"] = str(len(content))
        content = b""
    return Response(content, headers=headers, media_type=file.kind)
