"""reStructuredText definition lists and Sphinx glossaries."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.draft import Draft
from corpus.readers import rst
from corpus.reading import read_source
from corpus.report import Report


def read(text: str) -> tuple[list[Draft], Report]:
    report = Report("f", "rst")
    return list(rst.read(text, "f", report)), report


def body(text: str) -> str:
    indented = "\n".join(f"   {line}" for line in text.split("\n"))
    ((draft,), _) = read(f"Term\n{indented}\n")
    return draft.body


def test_items_have_term_category_and_line() -> None:
    text = (
        "Glossary\n========\n\nChips\n-----\n\n.. _gpu:\n\n"
        "GPU : noun\n   A chip.\n\nCPU\n  Another.\n"
    )
    drafts, report = read(text)
    assert [(d.term, d.category, d.source.line, d.body) for d in drafts] == [
        ("GPU", "Chips", 9, "A chip."),
        ("CPU", "Chips", 12, "Another."),
    ]
    assert report.problems == []


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        (":ref:`model <x>` and :term:`loss`", "model and loss"),
        ("*a* **b** ``c*d`` 2*3*4", "*a* **b** `c*d` 2\\*3\\*4"),
        ("`site <https://e.org>`_ and lost_ [1]_", "[site](https://e.org) and lost "),
        (":math:`x_1`", "$x_1$"),
        ("Is\n\n.. math::\n\n   a = b", "Is\n\n$$\na = b\n$$"),
        ("- one\n- two", "- one\n- two"),
        (".. code:: python\n\n   a = 1", "```python\na = 1\n```"),
        (".. seealso:: other **x**", "other **x**"),
        (".. image:: x.png\n   :alt: a picture", "a picture"),
        ("=== ===\na   b\n=== ===\n1   2\n=== ===", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
    ],
)  # fmt: skip
def test_markup_becomes_markdown(source: str, markdown: str) -> None:
    assert body(source) == markdown.strip()


def test_files_and_raw_text_are_not_let_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    directives = (
        f".. include:: {secret}",
        f".. csv-table::\n   :file: {secret}",
        ".. raw:: html\n\n   secret",
        f".. literalinclude:: {secret}",
    )
    assert body("Seen.\n\n" + "\n\n".join(directives)) == "Seen."


def test_a_sphinx_glossary_gives_terms_and_their_other_names() -> None:
    text = (
        "Words\n=====\n\n.. glossary::\n   :sorted:\n\n   CPU\n   processor : key\n"
        "      The *main* chip.\n\n      - a :term:`b <c>`\n\n   RAM\n      Memory.\n"
    )
    drafts, _ = read(text)
    assert [(d.term, d.aliases, d.source.line, d.body) for d in drafts] == [
        ("CPU", ("processor",), 7, "The *main* chip.\n\n- a b"),
        ("RAM", (), 13, "Memory."),
    ]


def test_an_inner_definition_list_belongs_to_the_body() -> None:
    (draft,), _ = read("GPU\n  A chip with\n\n  memory\n    for data\n")
    assert draft.body == "A chip with\n\n- **memory**\n\n  for data"


def test_nothing_is_printed_about_broken_markup(capsys: pytest.CaptureFixture[str]) -> None:
    read("T\n   *open and `broken\n\n.. unknown:: x\n\nTitle\n==\n")
    assert capsys.readouterr() == ("", "")


def test_nesting_past_the_stack_is_a_problem() -> None:
    drafts, report = read("\n".join("  " * level + "a" for level in range(600)))
    assert drafts == []
    assert report.problems[0].message == "nested too deeply to be read; flatten it"


@pytest.mark.shared
def test_the_machine_learning_glossary_gives_its_59_terms(shared_data: Path) -> None:
    path = shared_data / "glossaries" / "ml" / "docs" / "glossary.rst"
    reading = read_source(path)
    assert (len(reading.entries), reading.report.problems, reading.report.skipped) == (59, [], {})
    lines = path.read_text(encoding="utf-8").split("\n")
    assert all(lines[e.source.line - 1].strip() == e.term for e in reading.entries)
    assert not any(":ref:" in entry.body for entry in reading.entries)
    by_id = {entry.entry_id: entry for entry in reading.entries}
    assert by_id["false-positive-rate"].body.count("$$") == 2
