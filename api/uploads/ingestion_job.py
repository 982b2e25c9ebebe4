"""The noun IngestionJob: one upload on its way into the glossary."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio import to_thread

from api.errors import EXPECTED
from api.live import LiveChat
from api.uploads.form_words import in_form_words
from api.uploads.ingestion_process import order
from api.uploads.upload_folder import UploadFolder
from rag.ingestion import Request
from rag.settings import Settings

NICENESS = 10  # an ingestion takes what answering questions leaves
STOP_WITHIN_S = 10.0

_CODE = Path(__file__).resolve().parent.parent.parent
_LONGEST_LINE_BYTES = 1 << 28  # a report names every malformed record
_log = logging.getLogger("aifactory")


@dataclass(frozen=True, slots=True)
class Event:
    """What an ingestion tells: "progress", "status", and at the end "done" or "error"."""

    name: str
    data: dict[str, Any]

    @property
    def is_last(self) -> bool:
        """Tell whether nothing comes after it."""
        return self.name in ("done", "error")

    def error(self) -> Exception:
        """Return the exception that an "error" stands for."""
        kinds = {kind.__name__: kind for root in EXPECTED for kind in _with_subclasses(root)}
        kind = kinds.get(self.data["type"], RuntimeError)
        return kind(self.data["message"])


class IngestionJob:
    """Runs one ingestion in a process of its own, to its end, whoever listens.

    When it is done, the server answers from the new snapshot before anybody hears of it.
    """

    def __init__(self, settings: Settings, folder: UploadFolder, live: LiveChat) -> None:
        self._settings = settings
        self._folder = folder
        self._live = live
        self._told: asyncio.Queue[Event] = asyncio.Queue()
        self.outcome = "failed"
        """`published` once the report is there, `failed` before and otherwise."""

    async def run(self, request: Request) -> None:
        """Ingest and remove the upload; a cancellation ends the process first."""
        last = Event("error", {"type": "Unexpected", "message": "the ingestion was stopped"})
        try:
            last = await self._ingest(request)
            if last.name == "done":
                await to_thread.run_sync(self._live.refresh)
                self.outcome = "published"
        finally:
            await asyncio.to_thread(self._folder.close)
            self._told.put_nowait(last)

    async def events(self) -> AsyncGenerator[Event]:
        """Yield what the ingestion tells, to its end; for one listener."""
        while True:
            event = await self._told.get()
            yield event
            if event.is_last:
                return

    async def _ingest(self, request: Request) -> Event:
        process = await self._start()
        try:
            await self._give(process, order(self._settings, self._folder.path, request))
            last = await self._listen(process)
            code = await process.wait()
        except BaseException:
            await _stop(process)
            raise
        if last is None:
            _log.error("an ingestion ended with exit code %d and without a report", code)
            message = f"the ingestion ended with exit code {code}; the log of the server says why"
            return Event("error", {"type": "Unexpected", "message": message})
        return last

    async def _start(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "api.uploads.ingestion_process",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=_CODE,
            pass_fds=(self._folder.descriptor,),  # the upload stays as long as it is read
            limit=_LONGEST_LINE_BYTES,
            start_new_session=True,  # Ctrl-C is for the server, which ends it in order
        )
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
        return process

    async def _give(self, process: asyncio.subprocess.Process, ordered: dict[str, Any]) -> None:
        assert process.stdin is not None
        with suppress(BrokenPipeError, ConnectionResetError):  # its exit code tells why
            process.stdin.write(json.dumps(ordered).encode())
            await process.stdin.drain()
        process.stdin.close()

    async def _listen(self, process: asyncio.subprocess.Process) -> Event | None:
        """Pass on what the process tells, and return the last of it."""
        assert process.stdout is not None
        async for line in process.stdout:
            said = json.loads(line)
            event = Event(said["event"], said["data"])
            if event.name == "error":
                return Event(
                    "error", {**event.data, "message": in_form_words(event.data["message"])}
                )
            if event.is_last:
                return event
            self._told.put_nowait(event)
        return None


async def _stop(process: asyncio.subprocess.Process) -> None:
    """End a process; a killed ingestion leaves the live glossary as it was."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_WITHIN_S):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _with_subclasses(kind: type[Exception]) -> list[type[Exception]]:
    return [kind, *(below for child in kind.__subclasses__() for below in _with_subclasses(child))]
