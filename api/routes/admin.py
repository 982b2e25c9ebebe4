"""`/admin`: ingest an upload, list the snapshots, make another one live."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, FastAPI, Path, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from api.dependencies import ChatPool, ChatPoolDep
from api.door.body_bounds import MIB
from api.errors import EXPECTED
from api.observing.metrics import Metrics
from api.schemas.admin import UPLOAD, ActivatedBody, IngestedBody, SnapshotsBody
from api.schemas.requests import errors
from api.snapshot_switching import Switched, activate, roll_back
from api.snapshot_text import snapshot_json
from api.streams.chat_events import PING
from api.uploads.ingestion_job import Event, IngestionJob
from api.uploads.upload_folder import UploadFolder
from api.uploads.upload_request import ingestion_request
from api.uploads.uploads import receive_upload
from indexes.staging import remove_litter
from indexes.store import Store
from rag.settings import Settings

PING_S = 10.0

_Jobs = set[asyncio.Task[None]]


@asynccontextmanager
async def _keeping_jobs(app: FastAPI) -> AsyncIterator[None]:
    """Remove what killed ingestions left; at the end stop those that run."""
    jobs: _Jobs = set()
    app.state.ingestions = jobs
    pool: ChatPool = app.state.chat_pool
    with suppress(OSError):  # a home that cannot be written holds nothing to remove
        await to_thread.run_sync(remove_litter, pool.settings.home)
    yield
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)


router = APIRouter(prefix="/admin", tags=["administration"], lifespan=_keeping_jobs)


@router.post(
    "/ingest",
    response_model=IngestedBody,
    responses={
        200: {
            "description": "The report; as server-sent events, progress before it.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **errors(400, 409, 413, 422, 500, 503, 504, 507),
    },
    openapi_extra=UPLOAD,
    summary="Make an upload the live glossary",
)
async def ingest(request: Request, pool: ChatPoolDep) -> Response:
    """Ingest one or several files, or zip archives of folders.

    The live glossary becomes exactly these sources; with `add` these are added to it. The answer is
    the report of `aifactory ingest --json`. With `Accept: text/event-stream` it comes as the event
    `done`, after events `progress` and `status`; a failure is the event `error`. An ingestion that
    has begun goes on to its end when the client leaves.
    """
    job = await _begun(request, pool)
    events = job.events()
    first = await anext(events)
    if first.name == "error":
        raise first.error()
    if "text/event-stream" in request.headers.get("accept", ""):
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        frames = _frames(first, events)
        return StreamingResponse(frames, media_type="text/event-stream", headers=headers)
    last = first
    while not last.is_last:
        last = await anext(events)
    if last.name == "error":
        raise last.error()
    return JSONResponse(last.data)


@router.get(
    "/snapshots",
    response_model=SnapshotsBody,
    responses=errors(503, 504),
    summary="List the snapshots",
)
async def list_snapshots(pool: ChatPoolDep) -> Any:
    """Return every snapshot, verified, in the shape of `aifactory snapshots list --json`."""
    store = Store(pool.settings.home)

    def read() -> dict[str, Any]:
        rows = [snapshot_json(snapshot) for snapshot in store.list()]
        return {"current": store.current(), "snapshots": rows}

    return JSONResponse(await to_thread.run_sync(read))


@router.post(
    "/snapshots/rollback",
    response_model=ActivatedBody,
    responses=errors(404, 409, 503, 507),
    summary="Go back to the snapshot before the live one",
)
async def rollback(pool: ChatPoolDep) -> Any:
    """Make the sound snapshot live that was before; questions are answered from it at once."""
    return await _switched(pool, roll_back)


@router.post(
    "/snapshots/{snapshot_id}/activate",
    response_model=ActivatedBody,
    responses=errors(404, 409, 422, 503, 507),
    summary="Make a snapshot live",
)
async def activate_snapshot(
    pool: ChatPoolDep,
    snapshot_id: Annotated[str, Path(max_length=200, description="As the list names it.")],
) -> Any:
    """Make a snapshot live after opening it; questions are answered from it at once."""
    return await _switched(pool, lambda settings: activate(settings, snapshot_id))


async def _switched(pool: ChatPool, switch: Callable[[Settings], Switched]) -> JSONResponse:
    def run() -> Switched:
        switched = switch(pool.settings)
        pool.live.refresh()
        if pool.live.snapshot_id != switched.snapshot_id and isinstance(
            failure := pool.live.failure, EXPECTED
        ):
            raise type(failure)(*failure.args)  # live, and yet this server cannot open it
        return switched

    return JSONResponse(asdict(await to_thread.run_sync(run)))


async def _begun(request: Request, pool: ChatPool) -> IngestionJob:
    """Receive the upload and begin to ingest it; nothing is left of one that is refused."""
    settings = pool.settings
    max_bytes = settings.max_upload_mib * MIB
    folder = await to_thread.run_sync(UploadFolder.take, settings.home)
    try:
        content_type = request.headers.get("content-type", "")
        upload = await receive_upload(content_type, request.stream(), folder.path)
        ordered = await to_thread.run_sync(ingestion_request, upload, folder.path, max_bytes)
        job = IngestionJob(settings, folder, pool.live)
    except BaseException:
        folder.close()
        raise
    jobs: _Jobs = request.app.state.ingestions
    metrics: Metrics = request.app.state.metrics
    task = asyncio.create_task(job.run(ordered), name="ingestion")
    task.add_done_callback(lambda _: metrics.ingested(job.outcome))
    jobs.add(task)
    task.add_done_callback(jobs.discard)
    return job


async def _frames(first: Event, events: AsyncGenerator[Event]) -> AsyncGenerator[bytes]:
    """Yield events as frames, and a comment when there is none for a while."""
    yield _frame(first)
    waiting: asyncio.Task[Event] | None = None
    try:
        while not first.is_last:
            waiting = waiting or asyncio.ensure_future(anext(events))
            done, _ = await asyncio.wait({waiting}, timeout=PING_S)
            if not done:
                yield PING
                continue
            first, waiting = waiting.result(), None
            yield _frame(first)
    finally:
        if waiting:
            waiting.cancel()


def _frame(event: Event) -> bytes:
    data = {"error": event.data} if event.name == "error" else event.data
    return f"event: {event.name}\ndata: {json.dumps(data)}\n\n".encode()
