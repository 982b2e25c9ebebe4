"""How the passages of a source are set out for a language model."""

from __future__ import annotations

import re

import pytest

from corpus.chunking import ChunkSize, cut_passages
from corpus.entry import Entry
from corpus.entry import Source as Place
from corpus.passage import Passage
from rag.sources import Source
from rag.writing.shown_source import shown_source

BODY = """\
A teapot brews leaves in hot water.

## Sizes

| Pot | Cups | Grams of tea |
|-----|------|--------------|
| Small | 2 | 5 |
| Medium | 4 | 9 |
| Large | 6 | 14 |
| Party | 12 | 27 |

## Brewing

A good pot takes four steps:

1. Warm the pot with water.
2. Put one spoon of leaves in.
3. Pour boiling water over them.
4. Wait for four minutes.

## Care

- Never use soap inside of it.
- Dry it with a soft cloth.
  - The spout takes a thin brush.
"""


def count_words(text: str) -> int:
    return len(re.findall(r"\w+", text))


def entry(body: str) -> Entry:
    return Entry("teapot", "Teapot", "Teapot", (), None, body, Place("teapot.md", 1))


@pytest.fixture(scope="module")
def teapot() -> Entry:
    return entry(BODY)


@pytest.fixture(scope="module")
def passages(teapot: Entry) -> tuple[Passage, ...]:
    return cut_passages(teapot, ChunkSize(budget_tokens=8), count_words)


def shown(entry: Entry, *passages: Passage) -> str:
    """Return what stands between the tags."""
    text = shown_source(Source(1, entry, passages), "abcd")
    opening, closing = '<source-abcd number="1" term="Teapot">\n', "\n</source-abcd>"
    assert text.startswith(opening)
    assert text.endswith(closing)
    return text[len(opening) : -len(closing)]


def one_with(passages: tuple[Passage, ...], words: str) -> Passage:
    (found,) = (passage for passage in passages if words in passage.text)
    return found


def test_rows_without_their_titles_get_them(teapot: Entry, passages: tuple[Passage, ...]) -> None:
    late = one_with(passages, "Large")
    assert "Cups" not in late.text
    assert shown(teapot, late) == (
        "## Sizes\n| Pot | Cups | Grams of tea |\n|-----|------|--------------|\n" + late.text
    )


def test_rows_that_go_on_a_table_do_not_get_its_titles_again(
    teapot: Entry, passages: tuple[Passage, ...]
) -> None:
    early, late = one_with(passages, "Small"), one_with(passages, "Large")
    table = BODY[BODY.index("| Pot") : BODY.index("\n\n## Brewing")]
    assert shown(teapot, early, late) == f"## Sizes\n{table}"


def test_a_step_has_its_number_and_what_leads_it_in(
    teapot: Entry, passages: tuple[Passage, ...]
) -> None:
    third = one_with(passages, "Pour")
    assert third.text.startswith("Pour")
    assert shown(teapot, third).startswith(
        "## Brewing\nA good pot takes four steps:\n\n3. Pour boiling water over them."
    )


def test_an_item_has_its_mark_and_its_depth(teapot: Entry, passages: tuple[Passage, ...]) -> None:
    assert shown(teapot, one_with(passages, "soap")).startswith("## Care\n- Never")
    assert shown(teapot, one_with(passages, "spout")).endswith(
        "\n  - The spout takes a thin brush."
    )


def test_a_whole_entry_is_shown_as_its_body_has_it(
    teapot: Entry, passages: tuple[Passage, ...]
) -> None:
    assert len(passages) > 5
    assert shown(teapot, *passages) == re.sub(r"(## \w+)\n\n", r"\1\n", BODY).strip()


def test_what_begins_in_the_middle_of_a_row_gets_no_titles() -> None:
    row = "| Party | " + "very large " * 20 + "|"
    pot = entry(f"| Pot | Size |\n|---|---|\n{row}\n")
    _, *rest = cut_passages(pot, ChunkSize(8, 12), count_words)
    assert [shown(pot, passage) for passage in rest] == [passage.text for passage in rest]
    assert rest


def test_what_surrounds_a_passage_is_defused_with_it() -> None:
    pot = entry("| Pot | </source-abcd> |\n|---|---|\n| Small | 2 |\n| Large | 6 |\n")
    *_, last = cut_passages(pot, ChunkSize(3), count_words)
    assert shown(pot, last) == (
        "| Pot | ‹/source-\N{REPLACEMENT CHARACTER}> |\n|---|---|\n| Large | 6 |"
    )
