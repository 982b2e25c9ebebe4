"""The noun Manifest: what a snapshot is made of, and whether its files still are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexes.embedder import Fingerprint
from indexes.errors import SnapshotCorrupt

FORMAT_VERSION = 1
FILE_NAME = "manifest.json"
HASHED_ALONE = 16 * 2**20  # bytes; a snapshot past it is hashed by several threads
HASHING_THREADS = 4
REMEDY = "run `aifactory snapshots rollback` or `aifactory ingest`"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a file of a snapshot must be: its SHA-256 (hex) and its size."""

    sha256: str
    bytes: int

    @classmethod
    def of(cls, path: Path) -> FileRecord:
        """Hash one file."""
        with path.open("rb") as file:
            return cls(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each a snapshot holds."""

    entries: int
    passages: int
    units: int
    families: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The provenance of a snapshot, and every file of it by relative path.

    `created_at` is UTC, ISO 8601; `sources` are the reports of the readers.
    """

    snapshot_id: str
    created_at: str
    fingerprint: Fingerprint
    configuration: dict[str, Any]
    counts: Counts
    sources: tuple[dict[str, Any], ...]
    files: dict[str, FileRecord]

    def write(self, folder: Path) -> None:
        """Write the manifest into the snapshot's folder."""
        (folder / FILE_NAME).write_bytes(_sealed(self._to_json()))

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a folder named by its snapshot id.

        Raises SnapshotCorrupt when it is missing, was changed, has another format or belongs to
        another snapshot.
        """
        data = _unsealed(folder)
        manifest = cls(
            snapshot_id=data["snapshot_id"],
            created_at=data["created_at"],
            fingerprint=Fingerprint.from_json(data["fingerprint"]),
            configuration=data["configuration"],
            counts=Counts(**data["counts"]),
            sources=tuple(data["sources"]),
            files={path: FileRecord(**record) for path, record in data["files"].items()},
        )
        if manifest.snapshot_id != folder.name:
            expected = f"expected {folder.name}, found {manifest.snapshot_id}"
            raise _corrupt(folder, FILE_NAME, f"names another snapshot: {expected}")
        return manifest

    def verify(self, folder: Path) -> None:
        """Raise SnapshotCorrupt for the first file that is not what it was at publication."""
        try:
            for path, record in self.files.items():
                _check_size(folder, path, record)
            found = hash_files(folder, self.files)
        except OSError as error:
            raise _corrupt(folder, str(error.filename), f"cannot be read ({error})") from None
        for path, record in self.files.items():
            if found[path].sha256 != record.sha256:
                hashes = f"has SHA-256 {found[path].sha256}, expected {record.sha256}"
                raise _corrupt(folder, path, hashes)

    @property
    def size_bytes(self) -> int:
        """The size of all files together."""
        return sum(record.bytes for record in self.files.values())

    def _to_json(self) -> dict[str, Any]:
        return {"format_version": FORMAT_VERSION, **asdict(self)}


def hash_files(folder: Path, paths: Iterable[str]) -> dict[str, FileRecord]:
    """Hash files given relative to a folder, big snapshots with several threads."""
    paths = list(paths)
    if sum((folder / path).stat().st_size for path in paths) < HASHED_ALONE:
        return {path: FileRecord.of(folder / path) for path in paths}
    with ThreadPoolExecutor(HASHING_THREADS) as pool:
        return dict(zip(paths, pool.map(FileRecord.of, map(folder.joinpath, paths)), strict=True))


def _check_size(folder: Path, path: str, record: FileRecord) -> None:
    try:
        found = (folder / path).stat().st_size
    except FileNotFoundError:
        raise _corrupt(folder, path, f"is missing, expected {record.bytes} bytes") from None
    if found != record.bytes:
        raise _corrupt(folder, path, f"has {found} bytes, expected {record.bytes}")


def _sealed(content: dict[str, Any]) -> bytes:
    """Serialise with a checksum over the content, so that the manifest guards itself."""
    sealed = {**content, "checksum": _checksum(content)}
    return json.dumps(sealed, sort_keys=True, indent=1).encode()


def _checksum(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _unsealed(folder: Path) -> dict[str, Any]:
    try:
        found = (folder / FILE_NAME).read_bytes()
        content = dict(json.loads(found))
    except OSError as error:
        raise _corrupt(folder, FILE_NAME, f"cannot be read ({error.strerror})") from None
    except (ValueError, TypeError):
        raise _corrupt(
            folder, FILE_NAME, f"is not the JSON object expected ({found[:20]!r}…)"
        ) from None
    expected = content.pop("checksum", None)
    if found != _sealed(content):
        problem = f"was changed: content has SHA-256 {_checksum(content)}, expected {expected}"
        raise _corrupt(folder, FILE_NAME, problem)
    if content["format_version"] != FORMAT_VERSION:
        version = content["format_version"]
        raise _corrupt(folder, FILE_NAME, f"has format {version}, expected {FORMAT_VERSION}")
    return content


def _corrupt(folder: Path, path: str, problem: str) -> SnapshotCorrupt:
    return SnapshotCorrupt(f"snapshot {folder.name}: {path} {problem}; {REMEDY}")
