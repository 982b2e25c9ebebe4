"""Headings are keyword lists; bodies declare short and long forms."""

from __future__ import annotations

import pytest

from corpus.keywords import Keywords, acronyms, established_categories, read_heading


def test_a_heading_of_one_keyword_is_only_a_term() -> None:
    assert read_heading("gradient boosting") == Keywords("gradient boosting", (), None)


def test_short_headings_end_in_a_category() -> None:
    assert read_heading("beam search, decoding") == Keywords("beam search", (), "decoding")
    assert read_heading("beam search,bs,decoding") == Keywords("beam search", ("bs",), "decoding")


def test_long_headings_have_a_category_only_when_the_page_established_it() -> None:
    heading = "beam search,bs,width search,decoding"
    assert read_heading(heading).category is None
    assert read_heading(heading).aliases == ("bs", "width search", "decoding")
    with_page = read_heading(heading, frozenset({"decoding"}))
    assert with_page == Keywords("beam search", ("bs", "width search"), "decoding")


def test_categories_are_collected_from_short_headings_only() -> None:
    headings = ["a, Vision", "b, c, nlp", "d, e, f, speech", "g"]
    assert established_categories(headings) == {"vision", "nlp"}


def test_a_category_of_others_is_no_alias() -> None:
    read = read_heading("crop,vision,zoom,pan", frozenset({"vision"}))
    assert read.aliases == ("zoom", "pan")


def test_a_parenthesised_long_form_leaves_a_clean_term() -> None:
    read = read_heading("deep eqs (equilibrium solvers),deep eqs,equilibrium solvers,x,y")
    assert read.term == "deep eqs"
    assert "deep eqs" not in read.aliases


def test_a_long_form_of_a_part_is_spelled_out_in_full() -> None:
    read = read_heading("deep sdes (stochastic differential equations), maths")
    assert read == Keywords("deep sdes", ("deep stochastic differential equations",), "maths")


def test_commas_inside_parentheses_do_not_split() -> None:
    assert read_heading("norms (l1, l2), maths").category == "maths"


def test_repeated_keywords_are_dropped_case_insensitively() -> None:
    assert read_heading("Beam Search, beam search, BS, bs, x").aliases == ("BS", "x")


def test_an_empty_heading_has_an_empty_term() -> None:
    assert read_heading(" , ") == Keywords("", (), None)


@pytest.mark.parametrize(
    ("term", "body", "found"),
    [
        ("tiny circuit rules", "Tiny Circuit Rules (TCRs) are small.", ("TCRs", "TCR")),
        ("tiny circuit rule", "**Tiny Circuit Rules (TCRs)** are small.", ("Tiny...", "TCRs")),
        ("fast machine reading", "**Fast Machine Reading (FMR)** is new.", ("FMR",)),
        ("fmr", "**FMR** (Fast Machine Reading) is new.", ("Fast Machine Reading",)),
        ("deep controlled differential equations", "**Deep CDEs** are new.", None),
        ("state of the art", "State of the Art (SOTA) moves.", ("SOTA",)),
        ("fast machine reading", "Fast machine reading (see above) is new.", ()),
        ("fast machine reading", "It beats Slow Machine Reading (SMR) always.", ()),
        ("fast machine reading", "It uses a fine magnetic reel (FMR) in tape drives.", ()),
        ("fast machine reading", "Nothing is declared.", ()),
    ],
)
def test_declared_forms_must_match_the_initials(
    term: str, body: str, found: tuple[str, ...] | None
) -> None:
    forms = acronyms(term, body)
    if found is None:
        assert forms == ("Deep CDEs", "Deep CDE")
    elif found and found[0] == "Tiny...":
        assert "TCRs" in forms
        assert "TCR" in forms
    else:
        assert forms == found


def test_a_hostile_term_is_answered_at_once() -> None:
    assert acronyms("of a " * 5_000, "**" + "AB " * 50 + "** is " + "(" * 10_000) == ()
