"""One ingestion in a process of its own: a JSON object on stdin, events as JSON lines on stdout.

`python -m api.uploads.ingestion_process` is what a server runs for an upload. Whatever happens
to this process, the server goes on, and its memory is not touched. Whatever happens to the server,
the ingestion goes on to its end.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from api.errors import EXPECTED, one_line, outcome
from corpus.mapping import Mapping
from rag.ingestion import Request, run_ingestion
from rag.settings import Settings

PASSED_ON = {"home", "model", "runtime", "precision", "threads", "keep_snapshots"}
"""The settings that an ingestion needs."""

REPORT_EVERY_S = 0.2


def order(settings: Settings, folder: Path, request: Request) -> dict[str, Any]:
    """Return what the process reads; the sources of `request` are names in `folder`."""
    chosen = settings.model_dump(mode="json", include=PASSED_ON)
    chosen["home"] = str(settings.home.resolve())
    if Path(settings.model).expanduser().is_dir():
        chosen["model"] = str(Path(settings.model).expanduser().resolve())
    return {
        "settings": chosen,
        "folder": str(folder),
        "sources": [str(source) for source in request.sources],
        "add": request.add,
        "strict": request.strict,
        "format": request.format,
        "mapping": asdict(request.mapping) if request.mapping else None,
    }


class Events:
    """Writes events on a descriptor; that nobody reads them any more is no reason to stop."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._told: dict[str, float] = {}

    def send(self, event: str, **data: Any) -> None:
        """Write one event."""
        line = json.dumps({"event": event, "data": data}, default=str) + "\n"
        remaining = memoryview(line.encode())
        with suppress(BrokenPipeError):
            while remaining:
                remaining = remaining[os.write(self._descriptor, remaining) :]

    def progress(self, stage: str, done: int, total: int) -> None:
        """Tell how far a stage is, a few times a second and when it is through."""
        now = time.monotonic()
        if done >= total or now - self._told.get(stage, float("-inf")) >= REPORT_EVERY_S:
            self._told[stage] = now
            self.send("progress", stage=stage, done=done, total=total)

    def status(self, message: str) -> None:
        """Tell of slow one-time work."""
        self.send("status", message=message)


def run(given: dict[str, Any], events: Events) -> int:
    """Ingest as ordered and return the exit code."""
    os.chdir(given["folder"])
    request = Request(
        sources=tuple(map(Path, given["sources"])),
        add=given["add"],
        strict=given["strict"],
        format=given["format"],
        mapping=Mapping(**given["mapping"]) if given["mapping"] else None,
    )
    settings = Settings(**given["settings"])
    try:
        ingested = run_ingestion(settings, request, events.progress, events.status)
    except EXPECTED as error:
        events.send("error", type=type(error).__name__, message=one_line(error))
        return outcome(type(error)).exit_code
    events.send("done", **ingested.to_json())
    return 0


def main() -> None:
    """Run the ingestion that stdin orders; what libraries print goes to stderr."""
    events = Events(os.dup(sys.stdout.fileno()))
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.exit(run(json.load(sys.stdin), events))


if __name__ == "__main__":
    main()
