"""The administration over real snapshots; every ingestion runs in a process of its own."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.door.drain import Drain
from api.door.exposure import Exposure
from api.door.guards import Serving
from api.schemas.admin import ActivatedBody, IngestedBody, SnapshotsBody
from api.uploads.upload_folder import NAME, UploadFolder
from indexes.store import Store
from rag.settings import Settings

LAMPS = """# Lamps

## Table lamp

A table lamp is a small light for a desk.

## Floor lamp

A floor lamp is a tall light that stands on the floor.
"""
FANS = """# Fans

## Desk fan

A desk fan moves air with a blade.
"""


@pytest.fixture
def settings(tmp_path: Path, prepared_home: Path) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(prepared_home / "models", home / "models")
    return Settings(home=home, max_upload_mib=1, keep_snapshots=2)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    serving = Serving(Exposure(keys_needed=False, this_machine_only=True), Drain(60))
    with TestClient(
        create_app(settings, serving=serving),
        base_url="http://127.0.0.1",
        client=("127.0.0.1", 50000),
        raise_server_exceptions=False,
    ) as client:
        yield client


def file(name: str, content: str | bytes) -> tuple[str, tuple[str, str | bytes]]:
    return ("file", (name, content))


def upload(client: TestClient, *files: Any, **fields: Any) -> Any:
    return client.post("/admin/ingest", files=files, data=fields)


def zipped(**texts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def terms(client: TestClient) -> list[str]:
    return [entry["term"] for entry in client.get("/entries").json()["entries"]]


def refused(response: Any) -> tuple[int, str]:
    assert "\n" not in response.json()["error"]["message"]
    return response.status_code, response.json()["error"]["type"]


def test_uploads_go_live_are_replaced_added_to_and_rolled_back(
    client: TestClient, settings: Settings
) -> None:
    assert client.get("/search", params={"q": "lamp"}).status_code == 503
    first = upload(client, file("lamps.md", LAMPS))
    assert first.status_code == 200
    report = IngestedBody.model_validate(first.json(), strict=True)
    assert (report.entries, report.changed) == (2, True)
    assert [source.source for source in report.reports] == ["lamps.md"]
    assert terms(client) == ["Floor lamp", "Table lamp"]
    assert client.get("/entries/table-lamp").json()["source"] == {"file": "lamps.md", "line": 3}

    added = upload(client, file("fans.md", FANS), add="true").json()
    assert terms(client) == ["Desk fan", "Floor lamp", "Table lamp"]

    shorter = LAMPS[: LAMPS.index("## Floor")]
    again = upload(client, file("lamps.md", shorter), add="true").json()
    assert terms(client) == ["Desk fan", "Table lamp"]  # the file of that name was replaced
    assert again["removed_snapshots"] == [report.snapshot_id]

    listed = client.get("/admin/snapshots").json()
    SnapshotsBody.model_validate(listed, strict=True)
    assert listed["current"] == again["snapshot_id"]
    assert [row["snapshot_id"] for row in listed["snapshots"]] == [
        added["snapshot_id"],
        again["snapshot_id"],
    ]

    back = client.post("/admin/snapshots/rollback").json()
    ActivatedBody.model_validate(back, strict=True)
    assert back == {"snapshot_id": added["snapshot_id"], "previous": again["snapshot_id"]}
    assert terms(client) == ["Desk fan", "Floor lamp", "Table lamp"]

    forth = client.post(f"/admin/snapshots/{again['snapshot_id']}/activate").json()
    assert forth == {"snapshot_id": again["snapshot_id"], "previous": added["snapshot_id"]}
    assert terms(client) == ["Desk fan", "Table lamp"]

    home = settings.home
    with Store(home).lock():
        held = client.post(f"/admin/snapshots/{added['snapshot_id']}/activate")
        assert refused(held) == (409, "IngestionRunning")
        assert refused(upload(client, file("fans.md", FANS))) == (409, "IngestionRunning")
    assert terms(client) == ["Desk fan", "Table lamp"]
    assert not (home / NAME).exists()


def events_of(text: str) -> list[tuple[str, dict[str, Any]]]:
    frames = [frame for frame in text.split("\n\n") if frame and not frame.startswith(":")]
    lines = [frame.split("\n") for frame in frames]
    return [(one.removeprefix("event: "), json.loads(other[6:])) for one, other in lines]


def test_progress_comes_as_events_and_the_report_last(client: TestClient) -> None:
    packed = zipped(**{"a/lamps.md": LAMPS, "fans.md": FANS})
    response = client.post(
        "/admin/ingest",
        files=[file("things.zip", packed)],
        data={"format": "markdown"},
        headers={"Accept": "text/event-stream"},
    )
    assert response.headers["content-type"].startswith("text/event-stream")
    events = events_of(response.text)
    stages = [data["stage"] for name, data in events if name == "progress"]
    assert list(dict.fromkeys(stages)) == ["read", "embed", "index"]
    name, report = events[-1]
    assert (name, report["entries"]) == ("done", 3)
    assert [source["source"] for source in report["reports"]] == ["things"]
    assert client.get("/entries/desk-fan").json()["source"]["file"] == "fans.md"


@pytest.mark.parametrize(
    ("files", "fields", "expected"),
    [
        ([file("picture.md", b"\xff\xfe\x00\xd8")], {}, (422, None)),
        ([file("unknown.bin", "nothing of ours")], {}, (422, "UnknownFormat")),
        ([file("empty.md", "")], {}, (422, None)),
        ([file("lamps.md", LAMPS)], {"format": "word"}, (422, "UnknownFormat")),
        ([file("lamps.md", LAMPS)], {"map": "term"}, (422, "BadMapping")),
        ([file("lamps.md", LAMPS)], {"strict": "perhaps"}, (422, "RequestInvalid")),
        ([file("lamps.md", LAMPS)], {"nothing": "1"}, (422, "RequestInvalid")),
        ([file("broken.zip", b"PK\x03\x04 nothing")], {}, (422, "RequestInvalid")),
        ([file("a.md", LAMPS), file("b/a.md", FANS)], {}, (422, "RequestInvalid")),
        ([file(".hidden", LAMPS)], {}, (422, "RequestInvalid")),
        ([file("big.md", b"x" * 1_200_000)], {}, (413, "BodyTooLarge")),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_ingested_changes_nothing(
    client: TestClient, settings: Settings, files: Any, fields: Any, expected: Any
) -> None:
    status, kind = refused(upload(client, *files, **fields))
    assert status == expected[0]
    assert expected[1] in (None, kind)
    assert "--" not in upload(client, *files, **fields).json()["error"]["message"]
    assert Store(settings.home).current() is None
    assert not (settings.home / NAME).exists()


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("application/json", b"{}", (422, "RequestInvalid")),
        ("multipart/form-data", b"", (422, "RequestInvalid")),
        ("multipart/form-data; boundary=x", b"--x--\r\n", (422, "RequestInvalid")),
        ("multipart/form-data; boundary=x", b"nothing", (400, "RequestMalformed")),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\nhalf',
            (400, "RequestMalformed"),
        ),
    ],
)
def test_a_body_that_is_no_upload_is_refused(
    client: TestClient, settings: Settings, content_type: str, body: bytes, expected: Any
) -> None:
    headers = {"Content-Type": content_type}
    assert refused(client.post("/admin/ingest", content=body, headers=headers)) == expected
    assert not (settings.home / NAME).exists()


def test_one_upload_at_a_time(client: TestClient, settings: Settings) -> None:
    folder = UploadFolder.take(settings.home)
    assert refused(upload(client, file("lamps.md", LAMPS))) == (409, "IngestionRunning")
    folder.close()


def test_what_a_killed_server_left_is_removed_at_the_next_start(settings: Settings) -> None:
    (settings.home / NAME / "folder").mkdir(parents=True)
    (settings.home / NAME / "half.md").write_text("half")
    with TestClient(create_app(settings)):
        assert not (settings.home / NAME).exists()


@pytest.mark.parametrize("snapshot_id", ["0123456789abcdef", "..", "x" * 100, "%00"])
def test_an_unknown_snapshot_is_not_found(client: TestClient, snapshot_id: str) -> None:
    response = client.post(f"/admin/snapshots/{snapshot_id}/activate")
    assert response.status_code == 404


def test_there_may_be_nothing_to_go_back_to(client: TestClient) -> None:
    assert refused(client.post("/admin/snapshots/rollback")) == (404, "SnapshotUnknown")
    assert client.get("/admin/snapshots").json() == {"current": None, "snapshots": []}
