"""Bounds, encodings and control characters of source files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.errors import SourceNotFound, SourceTooLarge, SourceUnreadable
from corpus.report import Report
from corpus.source_text import (
    MAX_LINE_CHARS,
    MAX_SOURCE_BYTES,
    check_lines,
    read_text,
    without_controls,
)


def write(folder: Path, data: bytes, name: str = "source.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("é\n".encode(), "é\n"),
        (b"\xef\xbb\xbfa", "a"),
        ("é".encode("utf-16"), "é"),
        (b"\xfe\xff" + "é".encode("utf-16-be"), "é"),
        ("é".encode("utf-32"), "é"),
    ],
)
def test_unicode_encodings_are_decoded(tmp_path: Path, data: bytes, text: str) -> None:
    assert read_text(write(tmp_path, data)) == text


def test_line_ends_become_lf_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    assert read_text(write(tmp_path, b"a\r\nb\rc\nd")) == "a\nb c\nd"
    assert read_text(write(tmp_path, b"a\rb")) == "a\nb"


def test_a_latin_1_file_is_refused_with_offset_byte_and_way_out(tmp_path: Path) -> None:
    path = write(tmp_path, "caf\xe9s".encode("latin-1"))
    with pytest.raises(SourceUnreadable, match=r"byte 0xE9 at offset 3; .*iconv -f WINDOWS-1252"):
        read_text(path)


@pytest.mark.parametrize("data", [b"%PDF-1.7 text", b"PK\x03\x04xx", b"a\x00" * 50])
def test_binary_files_are_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(SourceUnreadable):
        read_text(write(tmp_path, data))


def test_broken_utf_16_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="UTF-16 and breaks off at offset 4"):
        read_text(write(tmp_path, b"\xff\xfea\x00b"))


def test_control_characters_are_taken_out_and_counted(tmp_path: Path) -> None:
    report = Report("source", "markdown")
    path = write(tmp_path, b"a sentence that is long enough\x00 for\x07 a NUL\x0cand more\n")
    assert read_text(path, report) == "a sentence that is long enough for a NUL and more\n"
    assert report.notes == [f"{path}: 3 control character(s) taken out"]


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert without_controls("a\ud800\tb\x7f") == ("a\ufffd\tb", 2)


def test_a_200_mb_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(SourceTooLarge, match=r"209,715,200 bytes or more, the limit is 67,108,864"):
        read_text(path)


def test_a_sparse_file_at_the_bound_is_refused_as_binary(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MAX_SOURCE_BYTES)
    with pytest.raises(SourceUnreadable, match="binary"):
        read_text(path)


def test_a_line_past_the_bound_is_refused_with_its_number() -> None:
    check_lines("a" * MAX_LINE_CHARS, "f")
    with pytest.raises(SourceTooLarge, match="f:2: the line has 1,000,001 characters"):
        check_lines("x\n" + "a" * (MAX_LINE_CHARS + 1), "f")


def test_missing_files_are_named(tmp_path: Path) -> None:
    file = write(tmp_path, b"a")
    for path in (tmp_path / "none.md", file / "below", Path("a\0b")):
        with pytest.raises(SourceNotFound, match="there is no file"):
            read_text(path)


def test_folders_pipes_and_link_loops_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path, message in ((tmp_path, "is a folder"), (pipe, "is a pipe"), (loop, "cannot be read")):
        with pytest.raises(SourceUnreadable, match=message):
            read_text(path)
