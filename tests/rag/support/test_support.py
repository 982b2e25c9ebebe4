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
aliases: [TL, desk light]
---

A table lamp is a small light that stands on a desk. It does not need a socket in the wall.

The lamp shines for 1,000 hours at 40 °C and was drawn by Mara Venn in 1931. An LED lamp is cheaper
than a halogen lamp. The gain is $g = a + b$.

## Power

| Bulb | Watts | Flux (lumens) |
|------|-------|------|
| LED | 8 | 800 |
| Halogen | 42 | 630 |

| Series | Sold (millions) | Returned (%) |
|------|-------|------|
| Oslo | 3 | 8 |
| Rome | 8 | 3 |

A tilt lamp is a brass lamp whose long arm turns freely. The glow stays constant however many
switches are closed. A fuse saves one cheap bulb instead of a costly cable.

```python
lamp = Lamp(watts=8)
lamp.on()
```
"""
OTHER = """---
title: Desk Fan
---

A desk fan moves air with three plastic blades. Its motor draws 25 W.
"""


@pytest.fixture
def index(
    tmp_path: Path, store: Store, embedder: WordEmbedder, ingest: Callable[..., Ingested]
) -> Index:
    folder = tmp_path / "glossary"
    folder.mkdir()
    (folder / "lamp.md").write_text(GLOSSARY, encoding="utf-8")
    (folder / "fan.md").write_text(OTHER, encoding="utf-8")
    ingest(folder)
    return store.open()


@pytest.fixture
def sources(index: Index) -> list[Source]:
    return [
        Source(number, index.entry(entry_id), index.passages(entry_id))
        for number, entry_id in enumerate(("table-lamp", "desk-fan"), start=1)
    ]


@pytest.fixture
def verifier(index: Index, embedder: WordEmbedder) -> SupportVerifier:
    return SupportVerifier(index, embedder)


@pytest.mark.parametrize(
    "sentence",
    [
        "A table lamp is a small light that stands on a desk.",
        "- A **table lamp** is a small light that *stands* on a desk",
        "an LED lamp is cheaper than a halogen lamp",
        "| LED | 8 | 800 |",
        "```python\nlamp = Lamp(watts=8)\nlamp.on()\n```",
    ],
)
def test_a_verbatim_sentence_is_quoted_with_score_one(
    verifier: SupportVerifier, sources: list[Source], sentence: str
) -> None:
    finding = verifier.verify(sentence, [1], sources)
    assert (finding.verdict, finding.score, finding.missing) == (Verdict.QUOTED, 1.0, ())


def test_a_quote_is_the_very_characters_of_its_entry(
    verifier: SupportVerifier, sources: list[Source]
) -> None:
    (quote,) = verifier.verify("A desk fan moves air using plastic blades.", [2], sources).quotes
    assert quote.source.number == 2
    assert quote.text == "A desk fan moves air with three plastic blades."
    assert quote.passage.start <= quote.start < quote.end <= quote.passage.end


def test_two_neighbouring_sentences_are_quoted_as_two(
    verifier: SupportVerifier, sources: list[Source]
) -> None:
    both = (
        "A table lamp is a small light that stands on a desk. "
        "It does not need a socket in the wall."
    )
    finding = verifier.verify(both, [1], sources)
    assert finding.verdict is Verdict.QUOTED
    assert " ".join(quote.text for quote in finding.quotes) == both


@pytest.mark.parametrize(
    "sentence",
    [
        "According to the glossary, a table lamp is a small light standing on a desk.",
        "The lamp shines for 1000 hours.",
        "It was drawn in 1931 by Mara Venn.",
        "A lamp doesn't need a socket.",
        "A halogen bulb has 42 watts and a flux of 630 lumens.",
        "A table lamp (TL) is a small light.",
        "The gain is \\(g=a+b\\).",
        "A table lamp is a small light on a desk, and an LED lamp is cheaper than a halogen lamp.",
        "Series Oslo: Sold (millions) 3",
        "For the series Rome, Sold (millions) is 8 and Returned (%) is 3.",
        "The long arm of a tilt lamp turns freely.",
        "The glow stays constant no matter how many switches are closed.",
        "A fuse saves only one cheap bulb.",
    ],
)
def test_a_faithful_sentence_is_supported(
    verifier: SupportVerifier, sources: list[Source], sentence: str
) -> None:
    finding = verifier.verify(sentence, [1], sources)
    assert finding.verdict is not Verdict.UNSUPPORTED
    assert 1 <= len(finding.quotes) <= 3


@pytest.mark.parametrize(
    "sentence",
    [
        "The lamp shines for 2,000 hours.",
        "The lamp shines for 1,000 minutes.",
        "The lamp was drawn by Mara Venn in 1932.",
        "The lamp was drawn by Otto Venn in 1931.",
        "A table lamp does not stand on a desk.",
        "A lamp needs a socket in the wall.",
        "A halogen lamp is cheaper than an LED lamp.",
        "A halogen bulb has a flux of 800 lumens.",
        "The gain is $g = a - b$.",
        "An OLED lamp is cheaper than a halogen lamp.",
        "A table lamp always stands on a desk.",
        "Series Oslo: Sold (millions) 8",
        "Series Oslo: Sold (billions) 3",
        "Series Rome: Returned (%) 8",
        "The glow grows no matter how many switches are closed.",
        "Only a fuse saves one cheap bulb.",
        "A table lamp does not never need a socket.",
        "A table lamp does not need a desk.",
        "A table lamp needs no desk and no socket.",
        "A fuse saves no costly cable instead of one cheap bulb.",
        "There is never no socket in the wall.",
        "A fuse saves only one costly cable.",
    ],
)
def test_a_changed_sentence_is_not_supported(
    verifier: SupportVerifier, sources: list[Source], sentence: str
) -> None:
    finding = verifier.verify(sentence, [1], sources)
    assert finding.verdict is Verdict.UNSUPPORTED
    assert finding.quotes == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "A table lamp is a small light that stands on a desk, and painters collect it.",
        "A table lamp is popular among painters.",
        "Lamps were invented by monks.",
        "",
        "...",
    ],
)
def test_what_no_source_says_is_not_supported(
    verifier: SupportVerifier, sources: list[Source], sentence: str
) -> None:
    assert verifier.verify(sentence, [1], sources).verdict is Verdict.UNSUPPORTED


@pytest.mark.parametrize("cited", [(), (1,), (9,), (1, 2)])
def test_the_source_that_supports_is_quoted_whatever_was_cited(
    verifier: SupportVerifier, sources: list[Source], cited: tuple[int, ...]
) -> None:
    finding = verifier.verify("The motor of a desk fan draws 25 W.", cited, sources)
    assert finding.verdict is Verdict.SUPPORTED
    assert {quote.source.number for quote in finding.quotes} == {2}


def test_without_sources_nothing_is_supported(verifier: SupportVerifier) -> None:
    assert verifier.verify("A desk fan moves air.", [1], []).verdict is Verdict.UNSUPPORTED


def test_what_is_missing_is_named(verifier: SupportVerifier, sources: list[Source]) -> None:
    finding = verifier.verify("The lamp shines for 2,000 hours at 40 °C.", [1], sources)
    assert finding.missing == ("2000 h",)
