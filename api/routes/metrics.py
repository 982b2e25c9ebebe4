"""`GET /metrics`: what the server counts and times, for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from api.dependencies import ChatPoolDep, MetricsDep
from api.observing.metrics import CONTENT_TYPE

router = APIRouter(tags=["health"])


@router.head("/metrics", include_in_schema=False)
@router.get(
    "/metrics", response_class=PlainTextResponse, summary="Tell the metrics in Prometheus' format"
)
async def exposition(pool: ChatPoolDep, metrics: MetricsDep) -> PlainTextResponse:
    """Return the metrics of all workers of this server; with keys, the scope `admin` is needed."""
    return PlainTextResponse(metrics.exposition(pool.live.snapshot_id), media_type=CONTENT_TYPE)
