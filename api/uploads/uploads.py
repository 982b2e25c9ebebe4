"""Receive the files of an upload: a multipart body becomes files below a folder, part by part."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from anyio import to_thread
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from api.errors import RequestInvalid, RequestMalformed
from api.plain_text import shortened
from indexes.disk import writing

FIELDS = ("format", "map", "strict", "add")
MAX_FILES = 1000
MAX_FIELD_BYTES = 10_000
MAX_NAME_BYTES = 200


@dataclass(slots=True)
class Upload:
    """What was uploaded: names of files in the folder, and the values of each field."""

    files: list[str] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)


async def receive_upload(content_type: str, body: AsyncIterator[bytes], folder: Path) -> Upload:
    """Write the files of a multipart body into `folder` as they come; the door bounds their size.

    Raises:
        RequestMalformed: the body is not multipart, or ends too early.
        RequestInvalid: a field or the name of a file cannot be used.
        HomeUnwritable.
    """
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise RequestInvalid("Content-Type: send the files as multipart/form-data")
    parts = _Parts(folder)
    try:
        parser = _parser(options[b"boundary"], parts)
        async for piece in body:
            await to_thread.run_sync(_write, parser, piece, folder)
    except FormParserError as error:
        raise RequestMalformed(f"the upload cannot be read: {error}") from None
    except ClientDisconnect:
        raise RequestMalformed("the upload ended before all of it was there") from None
    finally:
        parts.close()
    if not parts.is_complete:
        raise RequestMalformed("the upload ends before its last boundary")
    return parts.upload


def _write(parser: MultipartParser, piece: bytes, folder: Path) -> None:
    with writing(folder.parent):
        parser.write(piece)


def _parser(boundary: bytes, parts: _Parts) -> MultipartParser:
    try:
        return MultipartParser(
            boundary,
            {
                "on_part_begin": parts.begin,
                "on_header_field": parts.header_field,
                "on_header_value": parts.header_value,
                "on_header_end": parts.header_end,
                "on_headers_finished": parts.headers_finished,
                "on_part_data": parts.data,
                "on_part_end": parts.end,
                "on_end": parts.complete,
            },
        )
    except ValueError as error:
        raise RequestMalformed(f"the upload cannot be read: {error}") from None


class _Parts:
    """Hears of the parts of a body, and keeps fields and writes files."""

    def __init__(self, folder: Path) -> None:
        self.upload = Upload()
        self.is_complete = False
        self._folder = folder
        self._file: BinaryIO | None = None
        self._name = ""
        self._value = bytearray()
        self._header = (bytearray(), bytearray())
        self._disposition = b""

    def begin(self) -> None:
        self._value.clear()
        self._disposition = b""

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def header_end(self) -> None:
        field_name, value = self._header
        if field_name.lower() == b"content-disposition":
            self._disposition = bytes(value)
        field_name.clear()
        value.clear()

    def headers_finished(self) -> None:
        kind, options = parse_options_header(self._disposition.decode("latin-1"))
        if kind != b"form-data" or b"name" not in options:
            raise RequestMalformed("a part of the upload has no Content-Disposition with a name")
        self._name = options[b"name"].decode("utf-8", "replace")
        if b"filename" in options:
            self._open(options[b"filename"].decode("utf-8", "replace"))
        elif self._name not in FIELDS:
            shown = shortened(repr(self._name), 60)
            raise RequestInvalid(f"no field {shown}; the fields are {', '.join(FIELDS)}")

    def data(self, data: bytes, start: int, end: int) -> None:
        if self._file:
            self._file.write(data[start:end])
        elif len(self._value) + end - start > MAX_FIELD_BYTES:
            raise RequestInvalid(f"field {self._name} is over {MAX_FIELD_BYTES} bytes")
        else:
            self._value.extend(data[start:end])

    def end(self) -> None:
        if self._file:
            self.close()
            return
        values = self.upload.fields.setdefault(self._name, [])
        values.append(self._value.decode("utf-8", "replace").strip())

    def complete(self) -> None:
        self.is_complete = True

    def close(self) -> None:
        """Close the file that is being written, if any."""
        if self._file:
            self._file.close()
            self._file = None

    def _open(self, given: str) -> None:
        name = _file_name(given)
        if len(self.upload.files) == MAX_FILES:
            raise RequestInvalid(f"more than {MAX_FILES} files; send a folder as a zip archive")
        try:
            self._file = (self._folder / name).open("xb")
        except FileExistsError:
            raise RequestInvalid(f"two files are called {name!r}; rename one of them") from None
        self.upload.files.append(name)


def _file_name(given: str) -> str:
    """Return the last part of a file's name, if it can be the name of a file here."""
    name = given.replace("\\", "/").rpartition("/")[2]
    if not name or name.startswith(".") or not name.isprintable():
        raise RequestInvalid(f"{shortened(repr(given), 60)} cannot be the name of a file")
    if len(name.encode()) > MAX_NAME_BYTES:
        raise RequestInvalid(f"{shortened(repr(given), 60)} is over {MAX_NAME_BYTES} bytes long")
    return name
