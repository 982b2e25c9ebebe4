"""From a path to entries and a report: detection, folders, and sources that hold nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.errors import (
    BadMapping,
    EmptySource,
    MalformedRecord,
    SourceNotFound,
    SourceTooLarge,
    SourceUnreadable,
    UnknownFormat,
)
from corpus.mapping import Mapping
from corpus.reading import FORMATS, read_source, read_sources

BULLETS = "- **GPU**: a chip\n- **CPU**: another\n"
RECORDS = '[{"term": "GPU", "text": "a chip"}]'
LIST = "<dl><dt>GPU</dt><dd>a chip</dd></dl>"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text", "format_name"),
    [
        ("a.md", BULLETS, "markdown"),
        ("a.txt", BULLETS, "markdown"),
        ("a.md", "---\ntitle: GPU\n---\na chip", "markdown-folder"),
        ("a.json", RECORDS, "json"),
        ("a.json", '{"term": "GPU", "text": "x"}\n{"term": "CPU", "text": "y"}\n', "jsonl"),
        ("a", RECORDS, "json"),
        ("a.ndjson", '{"term": "GPU", "text": "x"}', "jsonl"),
        ("a.csv", "term,text\nGPU,a chip\n", "csv"),
        ("a.tsv", "term\ttext\nGPU\ta chip\n", "tsv"),
        ("a.yml", "- {term: GPU, text: a chip}\n", "yaml"),
        ("a.html", LIST, "html"),
        ("a.txt", "<!DOCTYPE html>" + LIST, "html"),
        ("a.rst", "GPU\n  a chip\n", "rst"),
        ("a.txt", ".. _gpu:\n\nGPU\n  a chip\n", "rst"),
    ],
)
def test_the_format_is_detected(tmp_path: Path, name: str, text: str, format_name: str) -> None:
    path = write(tmp_path, name, text)
    reading = read_source(path)
    assert reading.report.format == format_name
    gpu = next(entry for entry in reading.entries if entry.entry_id == "gpu")
    assert gpu.source.file == str(path)
    assert reading.report.entries == len(reading.entries)


def test_a_named_format_wins_over_the_suffix(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", RECORDS)
    assert read_source(path, format="yaml").report.format == "yaml"


def test_an_unknown_format_lists_the_known_ones(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", "Just a sentence.")
    with pytest.raises(UnknownFormat, match=", ".join(FORMATS)):
        read_source(path)
    with pytest.raises(UnknownFormat, match="no format 'docx'"):
        read_source(path, format="docx")


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none", Path("a\0b")):
        with pytest.raises(SourceNotFound):
            read_source(path)


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(EmptySource, match="is empty"):
        read_source(write(tmp_path, "a.md", text))


def test_a_folder_without_entries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmptySource, match="holds no file with a known suffix"):
        read_source(tmp_path)
    write(tmp_path, "_index.md", "# Home")
    with pytest.raises(EmptySource, match="1 x template or section page"):
        read_source(tmp_path)


def test_a_source_whose_every_record_is_broken_names_the_first_problem(tmp_path: Path) -> None:
    with pytest.raises(EmptySource, match=r"1 problem\(s\), the first .*a.jsonl:1: broken JSON"):
        read_source(write(tmp_path, "a.jsonl", "{broken\n"))


def test_a_line_just_under_the_file_bound_is_refused_clearly(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"- a: " + b"x" * 20_000_000)
    with pytest.raises(SourceTooLarge, match="20,000,005 characters"):
        read_source(path, format="markdown")


def test_a_binary_file_in_a_folder_is_a_problem_not_the_end(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"\x00\x01" * 100)
    write(tmp_path, "b/b.html", LIST)
    reading = read_source(tmp_path)
    assert [entry.source.file for entry in reading.entries] == ["b/b.html"]
    assert [problem.file for problem in reading.report.problems] == ["a.html"]
    with pytest.raises(MalformedRecord):
        read_source(tmp_path, strict=True)
    with pytest.raises(SourceUnreadable):
        read_source(tmp_path / "a.html")


def test_a_mapping_needs_records(tmp_path: Path) -> None:
    with pytest.raises(BadMapping, match="--map is for records"):
        read_source(write(tmp_path, "a.md", BULLETS), mapping=Mapping(term="x"))


def test_a_mapping_is_applied(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "w,d,c\nGPU,a chip,chips\n")
    mapping = Mapping(term="w", body="d", category="c")
    (entry,) = read_source(path, mapping=mapping).entries
    assert (entry.term, entry.body, entry.category) == ("GPU", "a chip", "chips")


def test_a_beir_folder_keeps_the_identifiers_of_its_records(tmp_path: Path) -> None:
    documents = [
        {"_id": "MED-10", "title": "Chips (GPU)", "text": "A chip."},
        {"_id": "7", "title": "", "text": "Another."},
        {"_id": "8", "title": "", "text": "Another."},
    ]
    write(tmp_path, "corpus.jsonl", "\n".join(json.dumps(document) for document in documents))
    write(tmp_path, "queries.jsonl", '{"_id": "q", "text": "what?"}')
    reading = read_source(tmp_path)
    found = [(entry.entry_id, entry.term, entry.aliases) for entry in reading.entries]
    assert found == [("7", "7", ()), ("8", "8", ()), ("med-10", "Chips (GPU)", ())]


def test_folders_of_records_and_of_rst_are_read(tmp_path: Path) -> None:
    write(tmp_path, "records/a.json", RECORDS)
    write(tmp_path, "records/LICENSE.md", "# License")
    write(tmp_path, "pages/a.rst", "GPU\n  a chip\n")
    readings = read_sources([tmp_path / "records", tmp_path / "pages"])
    assert [reading.report.format for reading in readings] == ["json", "rst"]
    assert [len(reading.entries) for reading in readings] == [1, 1]


@pytest.mark.shared
def test_a_folder_of_glossary_pages_is_read(glossary_page: Path) -> None:
    reading = read_source(glossary_page.parent)
    assert (reading.report.format, len(reading.entries)) == ("glossary-page", 50)
    assert {entry.source.file for entry in reading.entries} == {"page-2.txt"}
    assert read_source(glossary_page).entries[0].body == reading.entries[0].body


def test_text_files_that_are_no_glossary_page_are_skipped(tmp_path: Path) -> None:
    write(tmp_path, "notes.txt", "Just a sentence.")
    with pytest.raises(EmptySource, match="1 x text file that is no glossary page"):
        read_source(tmp_path)


def test_a_foreign_record_file_in_a_folder_is_a_problem_not_the_end(tmp_path: Path) -> None:
    write(tmp_path, "glossary.json", RECORDS)
    write(tmp_path, "package.json", '[{"version": 1}]')
    reading = read_source(tmp_path)
    assert [entry.term for entry in reading.entries] == ["GPU"]
    assert [problem.file for problem in reading.report.problems] == ["package.json"]


def test_reading_twice_gives_the_same_entries(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", BULLETS)
    assert read_source(path).entries == read_source(path).entries


def test_files_of_other_formats_in_a_folder_are_counted(tmp_path: Path) -> None:
    (tmp_path / "lamp.md").write_text("# Lamp\n\nA lamp gives light.\n")
    (tmp_path / "more.jsonl").write_text('{"term": "Fan", "definition": "Moves air."}\n')
    (tmp_path / "page.html").write_text("<p>no</p>")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    report = read_source(tmp_path).report
    assert report.entries == 1
    assert report.notes == ["2 file(s) of other formats are not read; name them as sources too"]
