"""The forms of an answer, on evidence made by hand."""

from __future__ import annotations

from corpus.entry import Entry, Source
from corpus.passage import Passage, Unit, UnitKind
from rag.citations import CitationList
from rag.comparison import Column
from rag.evidence import Evidence
from rag.extractive import ExtractiveAnswerer
from rag.question import Kind

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


ALL = evidence(*((quote, 0.5) for quote, *_ in QUOTES), titled="")
ANSWERER = ExtractiveAnswerer()


def test_a_definition_takes_no_steps_no_nameless_items_and_nothing_that_refers_back() -> None:
    assert ANSWERER.define(ALL, CitationList()) == (
        "A lamp gives light. [1] It needs a socket. [2]\n\n"
        "- **Bulb**: glows. [3]\n"
        "- **Cord**: brings 230 V. [4]\n"
        "- Halogen lamps get hot. [5]"
    )


def test_a_list_is_quoted_whole_in_its_order() -> None:
    found = evidence(*((quote, 0.5) for quote, *_ in QUOTES), titled="Parts")
    assert ANSWERER.enumerate(Kind.LIST, found, CitationList()) == (
        "- **Bulb**: glows. [1]\n- a nameless part [2]\n- **Cord**: brings 230 V. [3]"
    )


def test_a_procedure_keeps_its_numbers_even_when_no_title_fits() -> None:
    assert (
        ANSWERER.enumerate(Kind.STEPS, ALL, CitationList()) == "1. Unplug it. [1]\n2. Wipe it. [2]"
    )


def test_without_a_fitting_title_there_is_no_list() -> None:
    assert ANSWERER.enumerate(Kind.LIST, ALL, CitationList()) is None


def test_a_question_for_a_number_is_answered_with_one() -> None:
    found = evidence(("A lamp gives light.", 0.6), ("**Cord**: brings 230 V.", 0.5))
    answer = ANSWERER.state(Kind.QUANTITY, found, CitationList(), describes=False)
    assert answer == "**Cord**: brings 230 V. [1]"


def test_a_number_far_behind_the_best_unit_does_not_lead() -> None:
    found = evidence(("A lamp gives light.", 0.9), ("**Cord**: brings 230 V.", 0.2))
    answer = ANSWERER.state(Kind.QUANTITY, found, CitationList(), describes=False)
    assert answer == "A lamp gives light. [1]"


def test_a_question_for_a_formula_is_answered_with_one() -> None:
    found = evidence(("A lamp gives light.", 0.9), ("$$P = U I$$", 0.1))
    answer = ANSWERER.state(Kind.FORMULA, found, CitationList(), describes=False)
    assert answer == "$$P = U I$$\n\n[1]"


def test_rows_of_one_table_share_its_header_and_carry_their_own_markers() -> None:
    found = evidence(("| LED | 8 |", 0.6), ("| Halogen | 42 |", 0.6))
    answer = ANSWERER.state(Kind.FACT, found, CitationList(), describes=False)
    assert answer == ("| Bulb | Watts [1] |\n| --- | --- |\n| LED | 8 [2] |\n| Halogen | 42 [3] |")


def test_a_concept_that_the_best_unit_clearly_answers_is_named_by_a_label() -> None:
    found = evidence(("**Bulb**: glows.", 0.6), ("A lamp gives light.", 0.2), covered=0.9)
    answer = ANSWERER.state(Kind.FACT, found, CitationList(), describes=True)
    assert answer == "**lamp**\n\n**Bulb**: glows. [1]"


def test_a_concept_that_is_only_described_is_named_by_its_opening() -> None:
    found = evidence(("**Bulb**: glows.", 0.6), ("A lamp gives light.", 0.2), covered=0.1)
    answer = ANSWERER.state(Kind.FACT, found, CitationList(), describes=True)
    assert answer == "A lamp gives light. [1]\n\n- **Bulb**: glows. [2]"


def test_units_that_say_the_same_are_shown_once() -> None:
    found = evidence(("A lamp gives light.", 0.6), ("A lamp gives light.", 0.59))
    answer = ANSWERER.state(Kind.FACT, found, CitationList(), describes=False)
    assert answer == "A lamp gives light. [1]"


def test_columns_are_cited_row_by_row_and_pipes_escaped() -> None:
    left = Column("lamp | light", tuple(evidence(("A lamp gives light.", 0.6))), is_entry=True)
    right = Column("cord", tuple(evidence(("**Cord**: brings 230 V.", 0.6))), is_entry=False)
    assert ANSWERER.compare([left, right], CitationList()) == (
        "| lamp \\| light | cord |\n| --- | --- |\n"
        "| A lamp gives light. [1] | **Cord**: brings 230 V. [2] |"
    )
