"""Signing in to the pages: `POST /sign-in` keeps an API key in a cookie, `POST /sign-out` does not.

Admission lets both through without a key, and counts them towards the rate of the address.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.dependencies import ChatPoolDep, MetricsDep
from api.door.admission import Door
from api.door.credential import forget_key, keep_key
from api.door.refusals import key_refused
from api.errors import KeyNeeded, ScopeNeeded
from api.pages.page_paths import SIGN_IN, SIGN_OUT, local_path

router = APIRouter(include_in_schema=False)

_UNKNOWN = "This API key is unknown, revoked or expired."
_WITHOUT_ASK = "This API key has the scope {scopes}; the pages need one with the scope ask."


@router.get(SIGN_IN)
async def signed_in(leads_to: Annotated[str, Query(alias="next")] = "/") -> Response:
    """Lead on: whoever comes here needs no key or has one."""
    return _leading_to(local_path(leads_to))


@router.post(SIGN_IN)
async def sign_in(request: Request, pool: ChatPoolDep, metrics: MetricsDep) -> Response:
    """Keep the key of the form, when it opens the pages, and lead to where the form says."""
    body = (await request.body()).decode("utf-8", "replace")
    given = dict(parse_qsl(body))
    leads_to = local_path(given.get("next", "/"))
    door: Door = request.app.state.door
    if door.exposure.this_machine_only:
        return _leading_to(leads_to)
    token = given.get("key", "").strip()
    key = await door.keys.find(token)
    if key is None:
        metrics.refused(KeyNeeded.__name__)
        return key_refused(request, leads_to, KeyNeeded(_UNKNOWN), _UNKNOWN)
    if "ask" not in key.scopes:
        problem = _WITHOUT_ASK.format(scopes=", ".join(key.scopes))
        metrics.refused(ScopeNeeded.__name__)
        return key_refused(request, leads_to, ScopeNeeded(problem), problem)
    response = _leading_to(leads_to)
    is_https = request.url.scheme == "https" or pool.settings.public_url.startswith("https:")
    keep_key(response, token, secure=is_https)
    return response


@router.post(SIGN_OUT)
async def sign_out(request: Request) -> Response:
    """Have the browser forget its key and lead to the first page."""
    response = _leading_to(request.scope.get("root_path", "") + "/")
    forget_key(response)
    return response


def _leading_to(path: str) -> Response:
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})
