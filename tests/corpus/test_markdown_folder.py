"""Folders of Markdown pages, one term a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.draft import Draft
from corpus.readers import markdown_folder
from corpus.reading import read_source
from corpus.report import Report


def folder(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def read(root: Path) -> tuple[list[Draft], Report]:
    report = Report(str(root), "markdown-folder")
    return list(markdown_folder.read(root, report)), report


def test_front_matter_gives_every_field(tmp_path: Path) -> None:
    page = (
        "---\nTitle: Graphics Unit (GPU)\nheading: gpu, chips\naliases: [card, /old/url/]\n"
        'tags: ["", chips]\nslug: gpu\n---\n\n# GPU\n\nA *chip*.\n'
    )
    (draft,), _ = read(folder(tmp_path, {"g/gpu.md": page}))
    assert (draft.term, draft.heading, draft.key) == ("Graphics Unit (GPU)", "gpu, chips", "gpu")
    assert draft.aliases == ("card", "GPU", "Graphics Unit")
    assert (draft.category, draft.body) == ("chips", "# GPU\n\nA *chip*.")
    assert (draft.source.file, draft.source.line) == ("g/gpu.md", 1)


def test_a_page_without_front_matter_has_its_heading_as_title(tmp_path: Path) -> None:
    (draft,), _ = read(folder(tmp_path, {"gpu.md": "\n# The *GPU*\n\nA chip.\n"}))
    assert (draft.term, draft.body, draft.source.line) == ("The GPU", "A chip.", 2)


def test_toml_front_matter_is_read(tmp_path: Path) -> None:
    (draft,), _ = read(folder(tmp_path, {"gpu.md": '+++\ntitle = "GPU"\n+++\nA chip.\n'}))
    assert (draft.term, draft.body) == ("GPU", "A chip.")


def test_pages_that_are_no_terms_are_skipped_with_a_reason(tmp_path: Path) -> None:
    term = "---\ntitle: GPU\n---\nA chip."
    _, report = read(
        folder(
            tmp_path,
            {
                "_index.md": term,
                "search.md": "---\ntitle: Search\nlayout: search\n---\n",
                "README.md": "# Read me\n\nText.",
                "index.md": "# Home\n\nText.",
                "empty.md": "",
                ".hidden/gpu.md": term,
            },
        )
    )
    assert report.problems == []
    assert report.skipped == {
        "template or section page (its name starts with _)": 1,
        "page without a definition (layout: search)": 1,
        "page about the repository (README, LICENSE, ...)": 1,
        "index page": 1,
        "empty file": 1,
    }


def test_a_malformed_page_is_a_problem_and_the_others_survive(tmp_path: Path) -> None:
    drafts, report = read(
        folder(
            tmp_path,
            {
                "a.md": "---\ntitle: [open\n---\nText.",
                "b.md": "Text without a title.",
                "c.md": "---\ntitle: GPU\n---\nA chip.",
            },
        )
    )
    assert [draft.term for draft in drafts] == ["GPU"]
    assert [problem.file for problem in report.problems] == ["a.md", "b.md"]


def test_a_whole_glossary_in_one_page_of_the_folder_is_read(tmp_path: Path) -> None:
    page = "---\ntitle: Our glossary\n---\n- GPU: a chip\n- CPU: another\n"
    drafts, _ = read(folder(tmp_path, {"words.md": page}))
    assert [(draft.term, draft.source.line) for draft in drafts] == [("GPU", 4), ("CPU", 5)]


@pytest.mark.shared
def test_the_cloud_native_glossary_gives_every_term(shared_data: Path) -> None:
    """86 pages have a plain lower-case `title:`, three more spell or indent it differently."""
    reading = read_source(shared_data / "glossaries" / "cncf")
    assert len(reading.entries) == 86 + 3
    assert reading.report.problems == []
    assert sum(reading.report.skipped.values()) == 6
    files = {entry.term: entry.source.file for entry in reading.entries}
    assert files["Serverless"] == "content/en/serverless.md"
    assert {"Software as a Service (SaaS)", "Stateless Apps", "API Gateway"} <= set(files)
