"""The bodies of requests and answers of the administration."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

_SNAPSHOT = "0123456789abcdef"


class ProblemBody(BaseModel):
    """A malformed record that was left out."""

    file: str
    line: int
    message: str


class ReportBody(BaseModel):
    """What reading one source found, and what it left out."""

    source: str
    format: str
    entries: int
    repairs: int
    problems: list[ProblemBody]
    skipped: dict[str, int]
    notes: list[str]


class IngestedBody(BaseModel):
    """The body of `POST /admin/ingest`, as of `aifactory ingest --json`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "snapshot_id": _SNAPSHOT,
                    "changed": True,
                    "entries": 14,
                    "passages": 59,
                    "units": 250,
                    "families": 0,
                    "embedded": 309,
                    "reused": 0,
                    "removed_snapshots": [],
                    "reports": [
                        {
                            "source": "glossary.md",
                            "format": "markdown",
                            "entries": 14,
                            "repairs": 0,
                            "problems": [],
                            "skipped": {},
                            "notes": [],
                        }
                    ],
                    "duration_s": 6.5,
                }
            ]
        }
    )

    snapshot_id: str
    changed: bool
    entries: int
    passages: int
    units: int
    families: int
    embedded: int
    reused: int
    removed_snapshots: list[str]
    reports: list[ReportBody]
    duration_s: float


class CountsBody(BaseModel):
    """How much a snapshot holds."""

    entries: int
    passages: int
    units: int
    families: int


class SnapshotBody(BaseModel):
    """One snapshot; `problem` says what is wrong with a corrupt one."""

    snapshot_id: str
    is_live: bool
    created_at: str | None
    counts: CountsBody | None
    size_bytes: int | None
    model: str | None
    problem: str | None


class SnapshotsBody(BaseModel):
    """The body of `GET /admin/snapshots`, the oldest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "current": _SNAPSHOT,
                    "snapshots": [
                        {
                            "snapshot_id": _SNAPSHOT,
                            "is_live": True,
                            "created_at": "2026-01-31T12:00:00+00:00",
                            "counts": {
                                "entries": 14,
                                "passages": 59,
                                "units": 250,
                                "families": 0,
                            },
                            "size_bytes": 700_000,
                            "model": "all-MiniLM-L6-v2",
                            "problem": None,
                        }
                    ],
                }
            ]
        }
    )

    current: str | None
    snapshots: list[SnapshotBody]


class ActivatedBody(BaseModel):
    """Which snapshot is live now, and which was before."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"snapshot_id": _SNAPSHOT, "previous": "fedcba9876543210"}]}
    )

    snapshot_id: str
    previous: str | None


UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary"},
                            "description": "Sources; a zip archive is a folder of them.",
                        },
                        "format": {"type": "string", "description": "Do not guess the format."},
                        "map": {
                            "type": "array",
                            "items": {"type": "string"},
                            "description": "FIELD=COLUMN: where records keep a field.",
                        },
                        "strict": {
                            "type": "boolean",
                            "description": "Stop at a malformed record.",
                        },
                        "add": {"type": "boolean", "description": "Keep what is live."},
                    },
                }
            }
        },
    }
}
"""The body of `POST /admin/ingest`, which is read as it comes."""
