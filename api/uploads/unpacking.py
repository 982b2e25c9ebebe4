"""Unpack an uploaded zip archive without trusting it."""

from __future__ import annotations

import errno
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from api.errors import BodyTooLarge, RequestInvalid
from api.plain_text import shortened
from indexes.disk import writing

MAX_DIRECTORY_BYTES = 4_000_000
MAX_DEPTH = 32
MAX_NAME_BYTES = 200
PIECE_BYTES = 1 << 20

_END = struct.Struct("<4s4H2LH")  # the end of a zip archive: APPNOTE 4.3.16
_END_SIGNATURE = b"PK\x05\x06"
_ZIP64_LOCATOR = b"PK\x06\x07"
_LONGEST_COMMENT = 65_535
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    struct.error,
)


def unpack(archive: Path, folder: Path, max_bytes: int) -> int:
    """Unpack an archive into a new folder and return how many bytes came out of it.

    Raises:
        RequestInvalid: it is damaged, encrypted, or holds links or names that lead elsewhere.
        BodyTooLarge: more than `max_bytes` come out of it.
        HomeUnwritable.
    """
    _check_directory(archive)
    with writing(folder.parent):
        try:
            return _unpack(archive, folder, max_bytes)
        except _UNREADABLE as error:
            raise _refused(archive, f"it cannot be read ({error})") from None
        except OSError as error:
            if error.errno in (None, errno.EINVAL):  # what damaged data leads to
                raise _refused(archive, f"it cannot be read ({error})") from None
            raise


def _unpack(archive: Path, folder: Path, max_bytes: int) -> int:
    size = 0
    with zipfile.ZipFile(archive) as opened:
        folder.mkdir()
        for member in opened.infolist():
            target = _target(archive, folder, member)
            if target is not None:
                size = _write(opened, member, target, size, max_bytes)
    return size


def _write(
    opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, size: int, max_bytes: int
) -> int:
    """Write one member, counting what really comes out: what an archive says may be a lie."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as packed, target.open("xb") as file:
        for piece in _pieces(packed):
            size += len(piece)
            if size > max_bytes:
                raise BodyTooLarge(
                    f"the archive holds more than {max_bytes} bytes; send less, or raise "
                    "AIFACTORY_MAX_UPLOAD_MIB"
                )
            file.write(piece)
    return size


def _pieces(packed: IO[bytes]) -> Iterator[bytes]:
    while piece := packed.read(PIECE_BYTES):
        yield piece


def _target(archive: Path, folder: Path, member: zipfile.ZipInfo) -> Path | None:
    """Return where a member goes; None for a folder."""
    name, mode = member.filename, member.external_attr >> 16
    shown = shortened(repr(name), 60)
    parts = name.rstrip("/").split("/")
    if "\\" in name or not name.isprintable() or set(parts) & {"", ".", ".."}:
        raise _refused(archive, f"the name {shown} leads elsewhere")
    if len(parts) > MAX_DEPTH or max(len(part.encode()) for part in parts) > MAX_NAME_BYTES:
        raise _refused(archive, f"the name {shown} is too long")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(archive, f"{shown} is a link or a device")
    if member.flag_bits & 1:
        raise _refused(archive, f"{shown} is encrypted")
    target = folder.joinpath(*parts)
    if any(path.is_file() for path in (target, *target.parents)) or (
        target.is_dir() and not member.is_dir()
    ):
        raise _refused(archive, f"the name {shown} occurs twice")
    return None if member.is_dir() else target


def _check_directory(archive: Path) -> None:
    """Refuse a list of contents that would fill the memory when it is read."""
    with archive.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _LONGEST_COMMENT - _END.size - 20))
        tail = file.read()
    place = tail.rfind(_END_SIGNATURE)
    if place < 0 or len(tail) - place < _END.size:
        raise _refused(archive, "it is not a zip archive")
    if tail[max(0, place - 20) : place].startswith(_ZIP64_LOCATOR):
        raise _refused(archive, "archives over 4 GiB or 65,535 files are not taken")
    directory_bytes = _END.unpack_from(tail, place)[5]
    if directory_bytes > MAX_DIRECTORY_BYTES:
        raise _refused(archive, f"its list of contents is over {MAX_DIRECTORY_BYTES} bytes")


def _refused(archive: Path, reason: str) -> RequestInvalid:
    return RequestInvalid(f"archive {archive.name!r}: {reason}")
