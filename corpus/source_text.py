"""Source files to text: the bounds, encodings and control characters every reader relies on.

The text has exactly the lines of the file: LF and CRLF end a line (a lone CR only in a file without
any LF), so line numbers counted on the text are the line numbers an editor shows.
"""

from __future__ import annotations

import codecs
import re
import stat
from pathlib import Path

from corpus.errors import SourceNotFound, SourceTooLarge, SourceUnreadable
from corpus.report import Report

MAX_SOURCE_BYTES = 64 * 1024 * 1024
"""The largest file that is read; a larger one is refused before a byte of it is in memory."""

MAX_LINE_CHARS = 1_000_000
"""The longest line of running text (Markdown, reStructuredText, a glossary page)."""

_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
)
_BYTE_ORDER_MARKS = (  # UTF-32 before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLANK_CONTROLS = re.compile(r"[\x0b\x0c]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_HEAD_BYTES = 65536


def read_text(path: Path, report: Report | None = None) -> str:
    """Return the text of a file: decoded, LF line ends, no control characters.

    UTF-8 (with or without a byte order mark) and UTF-16/32 with a byte order mark are decoded. The
    number of control characters that were taken out is noted in `report`.

    Raises:
        SourceNotFound: there is no such file.
        SourceTooLarge: it has more than `MAX_SOURCE_BYTES` bytes.
        SourceUnreadable: it is a folder, a device, not permitted, binary or in another encoding.
    """
    text = _one_line_end(_decode(_read_bytes(path), path))
    clean, removed = without_controls(text)
    if removed and report is not None:
        report.note(f"{path}: {removed} control character(s) taken out")
    return clean


def without_controls(text: str) -> tuple[str, int]:
    """Return the text without control characters, and how many there were.

    Vertical tab and form feed become a space, a lone surrogate becomes U+FFFD, and every other C0
    control but tab and line ends is removed.
    """
    text, blanks = _BLANK_CONTROLS.subn(" ", text)
    text, surrogates = _SURROGATES.subn("\ufffd", text)
    text, controls = _CONTROLS.subn("", text)
    return text, blanks + surrogates + controls


def check_lines(text: str, file: str) -> None:
    """Refuse running text with a line longer than `MAX_LINE_CHARS` characters."""
    if len(text) <= MAX_LINE_CHARS:
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAX_LINE_CHARS:
            raise SourceTooLarge(
                f"{file}:{number}: the line has {len(line):,} characters, the limit is "
                f"{MAX_LINE_CHARS:,}; break it, or name its format with --format"
            )


def _read_bytes(path: Path) -> bytes:
    try:
        _check_file(path)
        with path.open("rb") as file:
            data = file.read(MAX_SOURCE_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise SourceNotFound(f"there is no file {str(path)!r}; check the path") from error
    except PermissionError as error:
        raise SourceUnreadable(f"{path}: no permission to read it; check its owner") from error
    except OSError as error:
        raise SourceUnreadable(f"{path}: cannot be read: {error.strerror or error}") from error
    _check_size(path, len(data))
    return data


def _check_file(path: Path) -> None:
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise SourceUnreadable(f"{path} is a folder where a file is expected; name the file in it")
    if not stat.S_ISREG(status.st_mode):
        raise SourceUnreadable(f"{path} is a pipe, socket or device; save it as a regular file")
    _check_size(path, status.st_size)


def _check_size(path: Path, size: int) -> None:
    if size > MAX_SOURCE_BYTES:
        raise SourceTooLarge(
            f"{path} has {size:,} bytes or more, the limit is {MAX_SOURCE_BYTES:,}; "
            "split it into smaller files"
        )


def _decode(data: bytes, path: Path) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_marked(data, encoding, path)
    _refuse_binary(data, path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceUnreadable(
            f"{path} is not UTF-8: byte 0x{data[error.start]:02X} at offset {error.start}; "
            f"convert it, for example: iconv -f WINDOWS-1252 -t UTF-8 '{path}' > utf8.txt"
        ) from error


def _decode_marked(data: bytes, encoding: str, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceUnreadable(
            f"{path} says it is {encoding.upper()} and breaks off at offset {error.start}; "
            "save it again as UTF-8"
        ) from error


def _refuse_binary(data: bytes, path: Path) -> None:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise SourceUnreadable(f"{path} is {kind}, not text; extract its text first")
    head = data[:_HEAD_BYTES]
    nuls = head.count(0)
    if nuls * 10 > len(head):
        raise SourceUnreadable(
            f"{path} is binary: {nuls} of its first {len(head)} bytes are NUL; give a text file "
            "(UTF-16 needs a byte order mark)"
        )


def _one_line_end(text: str) -> str:
    if "\r" not in text:
        return text
    if "\n" not in text:
        return text.replace("\r", "\n")
    return text.replace("\r\n", "\n").replace("\r", " ")
