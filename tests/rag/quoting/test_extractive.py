"""The forms of an answer, on evidence made by hand."""

from __future__ import annotations

from rag.citations import CitationList
from rag.question.question import Kind
from rag.quoting.comparison import Column
from rag.quoting.extractive import AnswerLimits, ExtractiveAnswerer
from tests.lamp_units import QUOTES, evidence

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
    found = evidence(
        ("A lamp gives light.", 0.6), ("**Bulb**: glows.", 0.5), ("a nameless part", 0.4)
    )
    assert ANSWERER.enumerate(Kind.LIST, found, CitationList()) is None


def test_a_question_for_a_number_is_answered_with_one() -> None:
    found = evidence(("A lamp gives light.", 0.6), ("**Cord**: brings 230 V.", 0.5))
    answer = ANSWERER.state(Kind.QUANTITY, found, CitationList(), describes=False)
    assert answer == ("**Parts** [1]\n\n**Cord**: brings 230 V. [2]\n\nA lamp gives light. [3]")


def test_a_number_far_behind_the_best_unit_does_not_lead() -> None:
    found = evidence(("A lamp gives light.", 0.9), ("**Cord**: brings 230 V.", 0.2))
    answer = ANSWERER.state(Kind.QUANTITY, found, CitationList(), describes=False)
    assert answer == "A lamp gives light. [1]"


def test_a_question_for_a_formula_is_answered_with_one() -> None:
    found = evidence(("A lamp gives light.", 0.9), ("$$P = U I$$", 0.1))
    answer = ANSWERER.state(Kind.FORMULA, found, CitationList(), describes=False)
    assert answer == "**Care** [1]\n\n$$P = U I$$\n\n[2]"


def test_rows_of_one_table_share_its_header_and_carry_their_own_markers() -> None:
    found = evidence(("| LED | 8 |", 0.6), ("| Halogen | 42 |", 0.6))
    answer = ANSWERER.state(Kind.FACT, found, CitationList(), describes=False)
    assert answer == (
        "**Care** [1]\n\n| Bulb | Watts [2] |\n| --- | --- |\n| LED | 8 [3] |\n| Halogen | 42 [4] |"
    )


def test_a_row_with_another_key_is_not_shown() -> None:
    asked = evidence(("| LED | 8 |", 0.6), covered=0.9)
    found = [*asked, *evidence(("| Halogen | 42 |", 0.5), covered=0.4)]
    answer = ANSWERER.state(Kind.FACT, found, CitationList(), describes=False)
    assert "LED" in answer
    assert "Halogen" not in answer


def test_a_concept_that_is_only_described_is_named_by_a_label() -> None:
    found = evidence(("**Bulb**: glows.", 0.6), ("A lamp gives light.", 0.2))
    answer = ANSWERER.state(Kind.NAME, found, CitationList(), describes=True)
    assert answer == "**lamp**\n\n**Parts** [1]\n\n**Bulb**: glows. [2]"


def test_a_unit_that_speaks_of_the_concept_needs_no_label() -> None:
    found = evidence(("A lamp gives light.", 0.6))
    answer = ANSWERER.state(Kind.NAME, found, CitationList(), describes=True)
    assert answer == "A lamp gives light. [1]"


def test_what_stands_beside_the_best_unit_comes_with_it_before_what_is_elsewhere() -> None:
    found = evidence(
        ("**Bulb**: glows.", 0.6), ("A lamp gives light.", 0.4), ("a nameless part", 0.35)
    )
    answer = ANSWERER.state(Kind.FACT, found, CitationList(), describes=False)
    assert answer == (
        "**Parts** [1]\n\n- **Bulb**: glows. [2]\n- a nameless part [3]\n\nA lamp gives light. [4]"
    )


def test_single_items_of_several_sections_are_one_list_of_titled_lines() -> None:
    found = evidence(("**Bulb**: glows.", 0.6), ("Wipe it.", 0.5))
    answer = ANSWERER.state(Kind.FACT, found, CitationList(), describes=False)
    assert answer == ("- **Parts** [1] – **Bulb**: glows. [2]\n- **Care** [3] – Wipe it. [4]")


def test_what_scores_less_than_half_of_the_best_unit_is_left_out_unless_it_stands_beside_it() -> (
    None
):
    found = evidence(
        ("A lamp gives light.", 0.6), ("It needs a socket.", 0.22), ("**Bulb**: glows.", 0.29)
    )
    answer = ANSWERER.state(Kind.FACT, found, CitationList(), describes=False)
    assert answer == "A lamp gives light. [1] It needs a socket. [2]"


def test_a_clear_answer_stays_short() -> None:
    found = evidence(("A lamp gives light.", 0.9), covered=1.0)
    found += evidence(("It needs a socket.", 0.5), ("**Bulb**: glows.", 0.6))
    assert ANSWERER.state(Kind.FACT, found, CitationList(), describes=False) == (
        "A lamp gives light. [1]"
    )
    found[0] = evidence(("A lamp gives light.", 0.9), covered=0.5)[0]
    assert "socket" in ANSWERER.state(Kind.FACT, found, CitationList(), describes=False)


def test_a_unit_that_does_not_fit_gives_way_to_one_that_does() -> None:
    tight = ExtractiveAnswerer(AnswerLimits(words=7, room=0))
    found = evidence(("A lamp gives light.", 0.6), ("It needs a socket.", 0.5), ("Wipe it.", 0.4))
    answer = tight.state(Kind.FACT, found, CitationList(), describes=False)
    assert answer == "A lamp gives light. [1]\n\n**Care** [2]\n\nWipe it. [3]"


def test_steps_are_shown_when_they_are_asked_for_though_a_sentence_scores_higher() -> None:
    found = evidence(
        ("A lamp gives light.", 0.6), ("Unplug it.", 0.5), ("Wipe it.", 0.3), covered=0.5
    )
    assert (
        ANSWERER.enumerate(Kind.STEPS, found, CitationList())
        == "1. Unplug it. [1]\n2. Wipe it. [2]"
    )
    assert ANSWERER.enumerate(Kind.LIST, found, CitationList()) is None


def test_a_list_question_gets_the_list_of_the_best_item() -> None:
    found = evidence(
        ("**Bulb**: glows.", 0.6), ("a nameless part", 0.2), ("It needs a socket.", 0.3)
    )
    assert ANSWERER.enumerate(Kind.LIST, found, CitationList()) == (
        "- **Bulb**: glows. [1]\n- a nameless part [2]"
    )


def test_units_that_say_the_same_are_shown_once() -> None:
    found = evidence(("A lamp gives light.", 0.6), ("A lamp gives light.", 0.59))
    answer = ANSWERER.state(Kind.FACT, found, CitationList(), describes=False)
    assert answer == "A lamp gives light. [1]"


def test_columns_are_cited_row_by_row_and_pipes_escaped() -> None:
    left = Column("lamp | light", tuple(evidence(("A lamp gives light.", 0.6))), is_entry=True)
    right = Column("cord", tuple(evidence(("**Cord**: brings 230 V.", 0.6))), is_entry=False)
    assert ANSWERER.compare([left, right], [], CitationList()) == (
        "| lamp \\| light | cord |\n| --- | --- |\n"
        "| A lamp gives light. [1] | **Cord**: brings 230 V. [2] |"
    )


def test_below_the_columns_stands_what_says_most_of_the_whole_question() -> None:
    left = Column("lamp", tuple(evidence(("A lamp gives light.", 0.6))), is_entry=True)
    right = Column("cord", tuple(evidence(("**Cord**: brings 230 V.", 0.6))), is_entry=False)
    found = evidence(("Halogen lamps get hot.", 0.5), ("It needs a socket.", 0.3), covered=0.5)
    text = ANSWERER.compare([left, right], found, CitationList())
    assert text.endswith("\n\nHalogen lamps get hot. [3]")


def test_rows_that_compare_stand_under_their_header() -> None:
    rows = evidence(("| LED | 8 |", 0.6), ("| Halogen | 42 |", 0.6))
    assert ANSWERER.tabulate(rows, rows, CitationList()) == (
        "| Bulb | Watts [1] |\n| --- | --- |\n| LED | 8 [2] |\n| Halogen | 42 [3] |"
    )
