"""What differs between a sentence and the quote that it repeats, and values of rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexes.index import Index
from indexes.store import Store
from rag.answer import Verdict
from rag.ingestion import Ingested
from rag.sources import Source
from rag.support.support import SupportVerifier
from tests.fakes import WordEmbedder

GLOSSARY = """---
title: Table Lamp
aliases: [TL, arm-and-foot lamp]
---

A few bright bulbs stretch the fuse and leave all other bulbs with too few volts. The lamp needs a
brass arm or a brass foot, and copper or glass at the joint. The heavy shade controls the cold light
much better than the flat shade. The Oslo X1 came with 2 bulbs; the Rome Y4 features a 16-bulb
tower. Old switches have 3 springs. The tower shrinks the cable by 2-8x in a long test. No dealer
can repair that, so lamps should be tested on their own, for example by light. Each fuse doesn't
care if the house has 10 walls.

| Series | Bulbs | Dimmed | Switches |
|--------|-------|--------|----------|
| Oslo | 4 | No | 1 lever |
| Rome glass | 6 | Yes | round glass |
"""


@pytest.fixture
def index(
    tmp_path: Path, store: Store, embedder: WordEmbedder, ingest: Callable[..., Ingested]
) -> Index:
    folder = tmp_path / "glossary"
    folder.mkdir()
    (folder / "lamp.md").write_text(GLOSSARY, encoding="utf-8")
    ingest(folder)
    return store.open()


@pytest.fixture
def supported(index: Index, embedder: WordEmbedder) -> Callable[..., bool]:
    """Tell whether a sentence is supported, under the texts that stand above it."""
    verifier = SupportVerifier(index, embedder)
    sources = [Source(1, index.entry("table-lamp"), index.passages("table-lamp"))]

    def verify(sentence: str, *above: str) -> bool:
        return verifier.verify(sentence, [1], sources, above).verdict is not Verdict.UNSUPPORTED

    return verify


@pytest.mark.parametrize(
    "sentence",
    [
        "A few bright bulbs stretch the fuse and leave few other bulbs with too few volts.",
        "The lamp needs a brass foot or a brass foot, and copper or glass at the joint.",
        "The lamp needs a brass arm and not a brass foot, and copper or glass at the joint.",
        "The heavy shade controls the cold light much better than the cold shade.",
        "The heavy shade better controls the cold light much better than the flat shade.",
        "Each fuse doesn't care unless the house has 10 walls.",
        "Lamps should be tested on their own, for example by light, so no dealer can repair that.",
    ],
)
def test_a_word_in_the_place_of_another_one_must_say_the_same(
    supported: Callable[..., bool], sentence: str
) -> None:
    assert not supported(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "A few bright bulbs stretch the fuse and leave every other bulb with too few volts.",
        "The heavy shade can control the cold light much better than the flat shade.",
        "The lamp needs a brass arm or a brass foot.",
        "No dealer can repair that, so lamps should be tested on their own.",
    ],
)
def test_a_quote_in_nearly_its_own_words_is_supported(
    supported: Callable[..., bool], sentence: str
) -> None:
    assert supported(sentence)


def test_an_end_of_a_range_is_not_the_range(supported: Callable[..., bool]) -> None:
    assert supported("The tower shrinks the cable by 2 to 8x in a long test.")
    assert not supported("The tower shrinks the cable by 2x in a long test.")


def test_a_number_belongs_to_the_name_in_its_clause(supported: Callable[..., bool]) -> None:
    assert supported("The Rome Y4 features a 16-bulb tower.")
    assert not supported("The Oslo X1 features a 16-bulb tower.")


def test_a_title_says_nothing_without_its_cell(supported: Callable[..., bool]) -> None:
    assert supported("Oslo: Bulbs 4, dimmed no")
    assert not supported("Oslo: Bulbs 4 dimmed")


def test_a_mere_value_is_of_the_row_that_is_asked_for(supported: Callable[..., bool]) -> None:
    assert supported("The bulbs are 4.", "What are the bulbs of Oslo?")
    assert supported("The switches have 3 springs.", "What do old switches have?")
    assert not supported("The switches have 3 springs.", "What are the switches of Oslo?")
