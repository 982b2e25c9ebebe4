import pytest

from rag.terms.slips import Doubt
from rag.terms.spelling import Spellings, WordCorrector

WORDS = {
    "barrel": 2,
    "gardener": 4,
    "marble": 9,
    "marbles": 1,
    "cobble": 1,
    "cobbler": 5,
    "berry": 2,
}


@pytest.fixture
def corrector() -> WordCorrector:
    return WordCorrector(["trellis", "rake", "wheelbarrow", "marble"], lambda: WORDS)


@pytest.mark.parametrize(
    ("written", "singular", "expected"),
    [
        ("barell", "barell", None),  # two edits in a short word
        ("barrle", "barrle", "barrel"),
        ("barels", "barel", "barrels"),
        ("tresllis", "tresllis", "trellis"),
        ("rtellis", "rtellis", "trellis"),
        ("ellis", "ellis", None),
        ("gardner", "gardner", "gardener"),
        ("gardenner", "gardenner", "gardener"),
        ("wheelbarow", "wheelbarow", "wheelbarrow"),
        ("wheelbaroww", "wheelbaroww", "wheelbarrow"),
        ("berrie", "berrie", None),
        ("bery", "bery", "berry"),
        ("brerys", "brery", "berries"),
    ],
)
def test_the_nearest_word_within_the_edits_of_a_slip(
    corrector: WordCorrector, written: str, singular: str, expected: str | None
) -> None:
    assert corrector.nearest(written, singular) == expected


def test_of_words_as_near_a_names_comes_first_then_the_more_frequent() -> None:
    words = {"carton": 1, "carter": 9, "cartoon": 3}
    assert WordCorrector([], lambda: words).nearest("carten", "carten") == "carton"
    assert WordCorrector([], lambda: {"molar": 1, "moler": 3}).nearest("molor", "molor") == "moler"
    assert WordCorrector(["molar"], lambda: {"moler": 3}).nearest("molor", "molor") == "molar"


def test_a_word_in_doubt_is_only_put_right_to_a_names(corrector: WordCorrector) -> None:
    assert corrector.nearest("gardner", "gardner", Doubt.DERIVED) is None
    assert corrector.nearest("treliss", "treliss", Doubt.DERIVED) is None
    assert corrector.nearest("trelis", "trelis", Doubt.DERIVED) == "trellis"
    assert corrector.nearest("rkae", "rkae", Doubt.CAPITAL) == "rake"
    assert corrector.nearest("rike", "rike", Doubt.CAPITAL) is None


def test_a_word_of_the_corpus_stays(corrector: WordCorrector) -> None:
    assert corrector.nearest("cobbles", "cobble") is None


def test_spellings_are_found_nearest_first_by_their_first_letter_or_swapped_ones() -> None:
    spellings = Spellings(["spade", "spaded", "shady", "apse", "tape"])
    assert spellings.near("spade", 2) == [("spade", 0), ("spaded", 1), ("shady", 2)]
    assert spellings.near("pase", 1) == [("apse", 1)]
