import pytest

from rag.terms.slips import Doubt, bases, has_swap, is_slip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gadren", "garden"),
        ("gardn", "garden"),
        ("gardden", "garden"),
        ("garden", "gardden"),
        ("gerdener", "gardener"),
        ("faliage", "foliage"),
        ("failiage", "failage"),
        ("mossaic", "mosaic"),
        ("plastik", "plastic"),
        ("dryness", "drynes"),
        ("varnnissh", "varnish"),
    ],
)
def test_slips(written: str, meant: str) -> None:
    assert is_slip(written, meant)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("tiling", "timing"),
        ("grinds", "grids"),
        ("matting", "mitting"),
        ("bist", "best"),
        ("planter", "plaster"),
        ("spacer", "space"),
        ("evolving", "revolting"),
    ],
)
def test_other_words_are_no_slips(written: str, meant: str) -> None:
    assert not is_slip(written, meant)


def test_a_short_word_lacks_little_unless_a_name_has_it() -> None:
    assert is_slip("acton", "action")
    assert is_slip("actin", "action")
    assert not is_slip("actin", "action", is_of_name=False)
    assert is_slip("latr", "later", is_of_name=False)
    assert is_slip("stif", "stiff", is_of_name=False)


def test_an_acronym_only_has_letters_swapped_or_one_more_or_less() -> None:
    assert is_slip("lgbt", "lbgt", Doubt.CAPITAL)
    assert not is_slip("keras", "keres", Doubt.CAPITAL)
    assert not is_slip("kras", "keras", Doubt.CAPITAL)
    assert is_slip("fernnt", "fernnet", Doubt.CAPITAL)


def test_swapped_letters_are_neighbours() -> None:
    assert has_swap("gadren", "garden")
    assert not has_swap("gnrdea", "garden")


@pytest.mark.parametrize(
    ("word", "base"),
    [("tiling", "tile"), ("swapped", "swap"), ("carried", "carry"), ("unmetered", "metered")],
)
def test_derived_words_give_their_bases(word: str, base: str) -> None:
    assert base in set(bases(word))


def test_short_words_derive_from_nothing() -> None:
    assert "rot" not in set(bases("roting"))
