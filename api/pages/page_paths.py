"""Which addresses show pages for people, and which requests come from a browser that opens one."""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.types import Scope

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"

_SECTIONS = ("glossary", "evaluation")
_ROOTS = (*(f"/{name}" for name in _SECTIONS), SIGN_IN, SIGN_OUT)
_LONGEST_CHARS = 4000
# browsers read a backslash as a slash and leave tabs and line ends out: "/\t/host" is a host
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def path_of(scope: Scope) -> str:
    """Return the path of a request below the root of the application."""
    return str(scope["path"]).removeprefix(scope.get("root_path", ""))


def is_page(scope: Scope) -> bool:
    """Tell whether a request is for a page, or for what would be one if it were there."""
    path = path_of(scope)
    return path == "/" or any(path == root or path.startswith(root + "/") for root in _ROOTS)


def section_of(scope: Scope) -> str:
    """Return the page in the navigation to which a request belongs; "" for none."""
    if path_of(scope) == "/":
        return "chat"
    return next((name for name in _SECTIONS if path_of(scope).startswith(f"/{name}")), "")


def accepts_page(scope: Scope) -> bool:
    """Tell whether a request comes from a browser that opens an address, not from a script."""
    return "text/html" in Headers(scope=scope).get("accept", "")


def local_path(text: str) -> str:
    """Return `text` when it is a path of this server, with its query and fragment, else "/"."""
    return text if len(text) <= _LONGEST_CHARS and _LOCAL.fullmatch(text) else "/"
