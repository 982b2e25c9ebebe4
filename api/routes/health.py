"""`GET /health/live` and `GET /health/ready`: what a supervisor asks."""

from __future__ import annotations

from fastapi import APIRouter

from api.answer_service import AnswerServiceDep
from api.dependencies import ChatPoolDep, DrainDep
from api.errors import Overloaded, one_line
from api.schemas.requests import Alive, Ready, errors

router = APIRouter(prefix="/health", tags=["health"])


@router.head("/live", include_in_schema=False)
@router.get("/live", summary="Tell that the process lives")
async def live() -> Alive:
    """Return 200 as long as the process answers at all."""
    return Alive()


@router.head("/ready", include_in_schema=False)
@router.get(
    "/ready", responses=errors(500, 503, 504), summary="Tell whether questions can be answered"
)
async def ready(pool: ChatPoolDep, service: AnswerServiceDep, drain: DrainDep) -> Ready:
    """Return the open snapshot; 503 with the reason when there is none to answer from.

    So too when answers cannot be stored, and while the server is stopping.
    """
    if drain.begun:
        raise Overloaded("this server is stopping; ask another one, or this one in a moment")
    await service.check_database()
    snapshot_id = await pool.run(lambda chat: chat.index.snapshot_id)
    failure = pool.live.failure
    return Ready(
        status="ready", snapshot_id=snapshot_id, warning=one_line(failure) if failure else None
    )
