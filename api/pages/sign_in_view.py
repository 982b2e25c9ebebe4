"""What the page that asks for an API key shows."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.types import Scope

from api.pages.page_paths import SIGN_IN, local_path, path_of


@dataclass(frozen=True, slots=True)
class SignInView:
    """Everything the template needs.

    Attributes:
        leads_to: where a right key leads: a path of this server with its query.
        problem: why the key given before does not open it.
        is_crossing: whether a page elsewhere led here. The browser has kept the cookie back then,
            and sends it when this page asks again.
    """

    leads_to: str = "/"
    problem: str = ""
    is_crossing: bool = False

    @classmethod
    def of(cls, scope: Scope, problem: str = "") -> SignInView:
        """Return what is shown in the place of what a request asked for."""
        if scope["method"] not in ("GET", "HEAD"):
            return cls(problem=problem)
        query = scope.get("query_string", b"").decode("latin-1")
        if path_of(scope) == SIGN_IN:
            asked = parse_qs(query).get("next", ["/"])[0]
            return cls(local_path(asked), problem)
        path = quote(scope["path"], safe="/:@!$&'()*+,;=-._~")
        crossing = Headers(scope=scope).get("sec-fetch-site") == "cross-site"
        return cls(local_path(f"{path}?{query}" if query else path), problem, crossing)
