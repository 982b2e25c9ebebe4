from __future__ import annotations

from random import Random

import pytest

from eval.spelling import VARIANTS, drop_letter, pluralize, swap_letters


def test_swapping_exchanges_two_neighbouring_letters_that_differ() -> None:
    found = {swap_letters("a-lamp", Random(seed)) for seed in range(50)}
    assert found == {"a-almp", "a-lmap", "a-lapm"}


def test_dropping_leaves_one_letter_out_and_nothing_else() -> None:
    found = {drop_letter("fan 2", Random(seed)) for seed in range(50)}
    assert found == {"an 2", "fn 2", "fa 2"}


@pytest.mark.parametrize("name", ["7", "aA", ""])
def test_a_name_without_two_different_neighbours_stays(name: str) -> None:
    assert swap_letters(name, Random(0)) == name


@pytest.mark.parametrize(
    ("name", "plural"),
    [("lamp", "lamps"), ("battery", "batteries"), ("relay", "relays"), ("lens", "lens")],
)
def test_the_last_word_is_put_into_the_plural(name: str, plural: str) -> None:
    assert pluralize(name) == plural


def test_one_seed_gives_one_misspelling() -> None:
    for variant in VARIANTS.values():
        assert variant("table lamp", Random(3)) == variant("table lamp", Random(3))
