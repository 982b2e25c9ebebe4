"""What becomes of an ingestion when its client, its server or itself ends early."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from api.uploads.ingestion_job import Event, IngestionJob
from api.uploads.ingestion_process import order
from api.uploads.upload_folder import UploadFolder
from indexes.errors import IngestionRunning
from indexes.staging import remove_litter
from indexes.store import Store
from rag.ingestion import Request
from rag.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
TERMS = "".join(f"## Lamp {n}\n\nLamp {n} is a small light for desk {n}.\n\n" for n in range(300))


class Live:
    """Counts how often it was told to look for a new snapshot."""

    def __init__(self) -> None:
        self.refreshed = 0

    def refresh(self) -> None:
        self.refreshed += 1


@pytest.fixture
def settings(tmp_path: Path, prepared_home: Path) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(prepared_home / "models", home / "models")
    return Settings(home=home)


def uploaded(settings: Settings) -> UploadFolder:
    folder = UploadFolder.take(settings.home)
    (folder.path / "lamps.md").write_text(f"# Lamps\n\n{TERMS}")
    return folder


REQUEST = Request((Path("lamps.md"),))


def test_a_job_goes_on_when_nobody_listens_and_ends_with_its_report(settings: Settings) -> None:
    folder, live = uploaded(settings), Live()

    async def ingest() -> list[Event]:
        job = IngestionJob(settings, folder, live)
        await job.run(REQUEST)
        return [event async for event in job.events()]

    *_, last = asyncio.run(ingest())
    assert (last.name, last.data["entries"]) == ("done", 300)
    assert Store(settings.home).current() == last.data["snapshot_id"]
    assert live.refreshed == 1
    assert not folder.path.exists()


def test_a_server_that_stops_stops_the_job_and_the_glossary_stays(settings: Settings) -> None:
    folder, live = uploaded(settings), Live()

    async def ingest() -> Event:
        job = IngestionJob(settings, folder, live)
        task = asyncio.create_task(job.run(REQUEST))
        events = job.events()
        while (await anext(events)).data.get("stage") != "embed":
            pass
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return [event async for event in events][-1]

    assert asyncio.run(ingest()).name == "error"
    home = Store(settings.home)
    with home.lock():
        assert home.current() is None
    assert live.refreshed == 0
    assert not folder.path.exists()


def test_a_process_that_dies_is_told_and_the_log_says_how(settings: Settings) -> None:
    folder = uploaded(settings)
    broken = settings.model_copy(update={"keep_snapshots": 0})  # which the process refuses

    async def ingest() -> Event:
        job = IngestionJob(broken, folder, Live())
        await job.run(REQUEST)
        return [event async for event in job.events()][-1]

    assert "exit code 1" in asyncio.run(ingest()).data["message"]


def test_an_ingestion_outlives_its_server_and_its_upload_is_not_swept_away(
    settings: Settings,
) -> None:
    folder = uploaded(settings)
    child = subprocess.Popen(
        [sys.executable, "-m", "api.uploads.ingestion_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        pass_fds=(folder.descriptor,),
    )
    child.stdin.write(json.dumps(order(settings, folder.path, REQUEST)).encode())
    child.stdin.close()
    child.stdout.close()  # as when the server was killed: nobody reads, and its descriptor is gone
    os.close(folder.descriptor)
    remove_litter(settings.home)
    with pytest.raises(IngestionRunning):
        UploadFolder.take(settings.home)
    assert child.wait(timeout=120) == 0
    with Store(settings.home).open() as index:
        assert len(index.entry_ids()) == 300
    remove_litter(settings.home)
    assert not folder.path.exists()


def test_an_upload_left_behind_is_emptied_before_the_next(settings: Settings) -> None:
    os.close(uploaded(settings).descriptor)
    folder = UploadFolder.take(settings.home)
    assert list(folder.path.iterdir()) == []
    folder.close()


def test_an_error_is_what_it_was_in_the_process() -> None:
    told = Event("error", {"type": "IngestionRunning", "message": "wait"})
    assert repr(told.error()) == "IngestionRunning('wait')"
    assert isinstance(Event("error", {"type": "Other", "message": ""}).error(), RuntimeError)
