"""From an upload to the request of an ingestion: fields read, archives unpacked."""

from __future__ import annotations

from pathlib import Path

from api.errors import RequestInvalid
from api.plain_text import shortened
from api.uploads.form_words import in_form_words
from api.uploads.unpacking import unpack
from api.uploads.uploads import Upload
from corpus.errors import CorpusError
from corpus.formats import known_format
from corpus.mapping import parse_mapping
from rag.ingestion import Request

UNPACKED_TIMES = 8  # how much larger than an upload what comes out of it may be

_YES = frozenset({"true", "1", "yes", "on"})
_NO = frozenset({"false", "0", "no", "off", ""})


def ingestion_request(upload: Upload, folder: Path, max_bytes: int) -> Request:
    """Return what to ingest, its sources as names in `folder`; archives become folders there.

    Raises:
        RequestInvalid, BodyTooLarge: a field, a file or an archive cannot be used.
        UnknownFormat, BadMapping: as of `aifactory ingest`.
    """
    if not upload.files:
        raise RequestInvalid("file: send at least one file, as a part with a filename")
    chosen = _one(upload, "format")
    pairs = [pair for pair in upload.fields.get("map", []) if pair]
    try:
        named = known_format(chosen) if chosen else None
        mapping = parse_mapping(pairs) if pairs else None
    except CorpusError as error:
        raise type(error)(in_form_words(str(error))) from None
    return Request(
        sources=tuple(_sources(upload, folder, max_bytes * UNPACKED_TIMES)),
        add=_flag(upload, "add"),
        strict=_flag(upload, "strict"),
        format=named,
        mapping=mapping,
    )


def _sources(upload: Upload, folder: Path, most_bytes: int) -> list[Path]:
    sources: list[Path] = []
    for name in upload.files:
        if not name.lower().endswith(".zip"):
            sources.append(Path(name))
            continue
        stem = name[: -len(".zip")].strip(" .") or "archive"
        if (folder / stem).exists():
            raise RequestInvalid(f"{name!r} would unpack to {stem!r}, which is there already")
        most_bytes -= unpack(folder / name, folder / stem, most_bytes)
        (folder / name).unlink()
        sources.append(Path(stem))
    return sources


def _one(upload: Upload, field: str) -> str:
    values = upload.fields.get(field, [])
    if len(values) > 1:
        raise RequestInvalid(f"field {field} is there {len(values)} times; send it once")
    return values[0] if values else ""


def _flag(upload: Upload, field: str) -> bool:
    value = _one(upload, field).lower()
    if value not in _YES | _NO:
        raise RequestInvalid(f"field {field} is {shortened(repr(value), 60)}, not true or false")
    return value in _YES
