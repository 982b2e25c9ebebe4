"""`GET /health/live` and `GET /health/ready`: what a supervisor asks."""

from __future__ import annotations

from fastapi import APIRouter

from api.dependencies import ChatPoolDep, DrainDep
from api.errors import Overloaded, one_line
from api.schemas.requests import Alive, Ready, errors

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live", summary="Tell that the process lives")
async def live() -> Alive:
    """Return 200 as long as the process answers at all."""
    return Alive()


@router.get(
    "/ready", responses=errors(500, 503, 504), summary="Tell whether questions can be answered"
)
async def ready(pool: ChatPoolDep, drain: DrainDep) -> Ready:
    """Return the open snapshot; 503 with the reason when none is open or the server is stopping."""
    if drain.begun:
        raise Overloaded("this server is stopping; ask another one, or this one in a moment")
    snapshot_id = await pool.run(lambda chat: chat.index.snapshot_id)
    failure = pool.live.failure
    return Ready(
        status="ready", snapshot_id=snapshot_id, warning=one_line(failure) if failure else None
    )
