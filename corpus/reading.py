"""Read a source - a file or a folder, of any known format - into entries and a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.draft import Draft
from corpus.entry import Entry
from corpus.errors import (
    BadMapping,
    EmptySource,
    SourceNotFound,
    SourceTooLarge,
    SourceUnreadable,
)
from corpus.formats import (
    FORMATS,
    SUFFIXES,
    files_below,
    format_of_file,
    format_of_folder,
    is_glossary_page,
    known_format,
)
from corpus.identity import identify
from corpus.mapping import Mapping
from corpus.readers import bullets, glossary_page, html, markdown_folder, records, rst
from corpus.report import Report
from corpus.source_text import check_lines, read_text

__all__ = ["FORMATS", "Reading", "read_source", "read_sources"]

_READERS = {
    "glossary-page": glossary_page.read,
    "markdown-folder": markdown_folder.read_page,
    "markdown": bullets.read,
    "html": html.read,
    "rst": rst.read,
}
_RUNNING_TEXT = ("glossary-page", "markdown-folder", "markdown", "rst")


@dataclass(frozen=True, slots=True)
class Reading:
    """The entries of one source, and what reading it found."""

    entries: tuple[Entry, ...]
    report: Report


def read_source(
    path: Path,
    *,
    format: str | None = None,
    mapping: Mapping | None = None,
    strict: bool = False,
) -> Reading:
    """Read one file or folder; `format` None detects it.

    A folder that holds `corpus.jsonl` (BEIR) is that file; any other folder is its Markdown pages,
    else its HTML, reStructuredText or record files. `mapping` applies to records alone.

    Raises:
        CorpusError: one of the leaves drawn in `corpus.errors`.
    """
    if format is not None:
        known_format(format)
    if _is_folder(path):
        beir = path / "corpus.jsonl"
        if format in (None, "jsonl") and beir.is_file():
            return read_source(beir, format="jsonl", mapping=mapping, strict=strict)
        report = Report(str(path), format or format_of_folder(path) or "", strict)
        _note_ignored(path, report)
        drafts = _folder_drafts(path, report, mapping)
    else:
        report = Report(str(path), format or "", strict)
        text = read_text(path, report)
        if not text.strip():
            raise EmptySource(f"{path} is empty; give a file with entries")
        report.format = report.format or format_of_file(path, text)
        drafts = _file_drafts(text, str(path), report, mapping)
    _check_mapping(report, mapping)
    entries = identify(drafts, report)
    if not entries:
        raise EmptySource(_nothing_found(report))
    return Reading(entries, report)


def read_sources(
    paths: Sequence[Path],
    *,
    format: str | None = None,
    mapping: Mapping | None = None,
    strict: bool = False,
) -> list[Reading]:
    """Read several sources with the same options, in the given order."""
    return [read_source(path, format=format, mapping=mapping, strict=strict) for path in paths]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError) as error:
        raise SourceNotFound(f"there is no source {str(path)!r}; check the path") from error


def _file_drafts(text: str, file: str, report: Report, mapping: Mapping | None) -> Iterator[Draft]:
    if report.format in _RUNNING_TEXT:
        check_lines(text, file)
    if report.format in records.FORMATS:
        return records.read(text, file, report, mapping)
    return _READERS[report.format](text, file, report)


def _folder_drafts(folder: Path, report: Report, mapping: Mapping | None) -> Iterator[Draft]:
    """Yield the drafts of every file of the folder's format; an unreadable file is reported."""
    if report.format == "markdown-folder":
        yield from markdown_folder.read(folder, report)
        return
    for path in files_below(folder):
        if SUFFIXES.get(path.suffix.lower()) != report.format:
            continue
        file = path.relative_to(folder).as_posix()
        try:
            text = read_text(path, report)
            if report.format == "glossary-page" and not is_glossary_page(text):
                report.skip("text file that is no glossary page")
            else:
                yield from _file_drafts(text, file, report, mapping)
        except (BadMapping, SourceUnreadable, SourceTooLarge) as error:
            report.problem(file, 1, str(error))


def _note_ignored(folder: Path, report: Report) -> None:
    """Say how many files of a folder have a known format that is not the one being read."""
    read = "markdown" if report.format == "markdown-folder" else report.format
    suffixes = (path.suffix.lower() for path in files_below(folder))
    ignored = sum(SUFFIXES.get(suffix, read) != read for suffix in suffixes)
    if read and ignored:
        report.note(f"{ignored} file(s) of other formats are not read; name them as sources too")


def _check_mapping(report: Report, mapping: Mapping | None) -> None:
    if mapping is not None and mapping != Mapping() and report.format not in records.FORMATS:
        raise BadMapping(
            f"{report.source} is {report.format or 'no'} format, and --map is for records; "
            f"drop it, or use --format with one of {', '.join(records.FORMATS)}"
        )


def _nothing_found(report: Report) -> str:
    if not report.format:
        return f"{report.source} holds no file with a known suffix: {', '.join(SUFFIXES)}"
    causes = [f"{count} x {reason}" for reason, count in report.skipped.items()]
    if report.problems:
        causes.append(f"{len(report.problems)} problem(s), the first {report.problems[0]}")
    found = "; ".join(causes) or "nothing looks like an entry; try another --format"
    return f"{report.source} holds no entry (read as {report.format}): {found}"
