"""Evidence made by hand from the entry of a lamp: every kind of unit, in two sections."""

from __future__ import annotations

from corpus.entry import Entry, Source
from corpus.passage import Passage, Unit, UnitKind
from rag.quoting.evidence import Evidence

BODY = """\
A lamp gives light. It needs a socket.

**Parts**

- **Bulb**: glows.
- a nameless part
- **Cord**: brings 230 V.

**Care**

1. Unplug it.
2. Wipe it.

$$P = U I$$

| Bulb | Watts |
|---|---|
| LED | 8 |
| Halogen | 42 |

Halogen lamps get hot.
"""
ENTRY = Entry("lamp", "lamp", "lamp", (), None, BODY, Source("lamp.md", 1))
HEADER = (BODY.index("| Bulb"), BODY.index("| Bulb") + len("| Bulb | Watts |"))
QUOTES = [
    ("A lamp gives light.", UnitKind.SENTENCE, "", None),
    ("It needs a socket.", UnitKind.SENTENCE, "", None),
    ("**Bulb**: glows.", UnitKind.LIST_ITEM, "Parts", None),
    ("a nameless part", UnitKind.LIST_ITEM, "Parts", None),
    ("**Cord**: brings 230 V.", UnitKind.LIST_ITEM, "Parts", None),
    ("Unplug it.", UnitKind.STEP, "Care", None),
    ("Wipe it.", UnitKind.STEP, "Care", None),
    ("$$P = U I$$", UnitKind.FORMULA, "Care", None),
    ("| LED | 8 |", UnitKind.TABLE_ROW, "Care", HEADER),
    ("| Halogen | 42 |", UnitKind.TABLE_ROW, "Care", HEADER),
    ("Halogen lamps get hot.", UnitKind.SENTENCE, "Care", None),
]
UNITS = tuple(
    Unit(kind, BODY.index(quote), BODY.index(quote) + len(quote), section, context)
    for quote, kind, section, context in QUOTES
)
PASSAGE = Passage.cut(ENTRY, 0, 0, len(BODY), "", UNITS)


def evidence(*scores: tuple[str, float], titled: str = "", covered: float = 0.0) -> list[Evidence]:
    """Make evidence of the quotes, best first; those in the section `titled` have a title fit."""
    found = [
        Evidence(
            entry=ENTRY,
            passage=PASSAGE,
            unit=unit,
            hit_rank=1,
            cosine=score,
            covered=covered,
            titled=float(unit.section == titled != ""),
            labelled=0.0,
            has_number=any(map(str.isdigit, unit.quote(BODY))),
            score=score,
        )
        for quote, score in scores
        for unit in UNITS
        if unit.quote(BODY) == quote
    ]
    return sorted(found, key=lambda e: -e.score)
