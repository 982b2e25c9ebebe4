"""What a sentence adds to its quote, leaves the quote's words for, or turns round."""

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
aliases: [TL]
---

A table lamp is a small light that stands on a desk. The cable of the lamp carries 40 V and takes
12 GB/s of data. The bulb glows red because the copper wire heats the glass. At home, wall lamps are
taking over. The first lamps came from Venn in 1931, made of 22 mm glass. Makers followed with 14 mm
glass. The color is fixed once the lamp is assembled. The brightness follows from the current $I$
and the resistance $R$: $B = I \\cdot R / 8$. The lamp can turn. A brass arm holds the shade above
the bulb. Every bulb passes one test. At the bottom sits a heavy foot that talks to the switch.

| Series | Watts | Weight (kg) |
|--------|-------|-------------|
| Oslo | 8 | 3 |
| Rome | 5 | 2 |
| Oslo XL | 9 | 4 |
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
        "A table lamp is far from a small light that stands on a desk.",
        "A table lamp is barely a small light that stands on a desk.",
        "A table lamp is allegedly a small light that stands on a desk.",
        "A table lamp was a small light that stands on a desk.",
        "A table lamp used to be a small light that stands on a desk.",
        "A table lamp may be a small light that stands on a desk.",
        "A table lamp is a small light that stands on a desk during winter.",
        "A table lamp is no longer a small light that stands on a desk.",
        "The lamp must turn.",
        "Some bulbs pass one test.",
        "A brass arm holds the shade below the bulb.",
        "A gold arm holds the shade above the bulb.",
        "The bulb glows red although the copper wire heats the glass.",
        "The copper wire heats the glass because the bulb glows red.",
        "The bulb glows red, so the copper wire heats the glass.",
        "The color is fixed before the lamp is assembled.",
        "The color can be extended once the lamp is assembled.",
    ],
)
def test_a_small_word_that_the_quote_does_not_back_is_a_claim(
    supported: Callable[..., bool], sentence: str
) -> None:
    assert not supported(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The cable of the lamp carries over 40 V.",
        "The cable of the lamp carries about 40 V.",
        "The cable of the lamp carries twice 40 V.",
        "The cable of the lamp carries >40 V.",
        "The cable of the lamp carries 40 V/h.",
        "The cable of the lamp takes 12 GB/h of data.",
        "The cable of the lamp takes 12 GB/ms of data.",
        "The first lamps came from Venn in 1931, made of 14 mm glass.",
    ],
)
def test_a_number_keeps_its_bounds_and_its_whole_unit(
    supported: Callable[..., bool], sentence: str
) -> None:
    assert not supported(sentence)


@pytest.mark.parametrize(
    "formula", ["B = I * R * 8", "B = R / I / 8", "B = I + R", "$B = I \\cdot R$"]
)
def test_another_formula_is_not_supported_however_it_is_written(
    supported: Callable[..., bool], formula: str
) -> None:
    assert not supported(f"The brightness follows from {formula}.")


@pytest.mark.parametrize(
    "sentence",
    [
        "At home, **table lamps** are taking over.",
        "Makers made the first lamps in 1931.",
        "The shade holds a brass arm above the bulb.",
    ],
)
def test_no_word_stands_in_the_place_of_the_quotes_own(
    supported: Callable[..., bool], sentence: str
) -> None:
    assert not supported(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The bulb glows red since the copper wire heats the glass.",
        "The copper wire heats the glass, so the bulb glows red.",
        "Because the copper wire heats the glass, the bulb glows red.",
        "The cable of the lamp takes 12 GB per second of data.",
        "The brightness is calculated as $B = I \\cdot R / 8$.",
        "The brightness follows from B = I * R / 8.",
        "A heavy foot at the bottom communicates with the switch.",
        "All bulbs pass one test.",
    ],
)
def test_another_wording_of_the_same_is_supported(
    supported: Callable[..., bool], sentence: str
) -> None:
    assert supported(sentence)


def test_a_value_of_a_row_belongs_to_the_row_that_is_spoken_of(
    supported: Callable[..., bool],
) -> None:
    assert supported("Oslo: Weight (kg) 3")
    assert supported("The weight is 3 kg.", "What is the weight of Oslo?")
    assert supported("The weight is 3 kg.", "Oslo", "Rome is small.", "What is Rome?")
    assert not supported("The weight is 3 kg.", "What is the weight of Rome?")
    assert not supported("The weight is 3 kg.", "Rome", "What is the weight of Oslo?")
    assert not supported("The weight is 4 kg.", "What is the weight of Oslo?")
    assert not supported("The weight is 3 kg.", "What is a table lamp?")
