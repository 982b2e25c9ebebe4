from __future__ import annotations

import pytest

import api.errors
import corpus.errors
import eval.errors
import indexes.errors
import rag.errors
from api.errors import EXPECTED, OUTCOMES, THEIRS, UNEXPECTED, one_line, outcome


def leaves(error: type[Exception]) -> list[type[Exception]]:
    below = error.__subclasses__()
    return [leaf for child in below for leaf in leaves(child)] if below else [error]


LEAVES = [leaf for root in EXPECTED for leaf in leaves(root)]


def test_the_trees_have_the_leaves_that_their_modules_draw() -> None:
    for module, root in zip(
        (corpus.errors, indexes.errors, rag.errors, eval.errors, api.errors), EXPECTED, strict=True
    ):
        assert module.__doc__ is not None
        for leaf in leaves(root):
            assert f" {leaf.__name__} " in module.__doc__


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
def test_every_leaf_has_an_exit_code_and_a_status(leaf: type[Exception]) -> None:
    found = outcome(leaf)
    assert any(ancestor in OUTCOMES for ancestor in leaf.__mro__)
    assert found.exit_code in (1, 2)
    assert 400 <= found.status < 600


def test_a_stranger_is_our_fault() -> None:
    assert outcome(ZeroDivisionError) == UNEXPECTED == (1, 500)


def test_a_missing_snapshot_is_told_to_the_user_and_to_the_load_balancer() -> None:
    assert outcome(indexes.errors.SnapshotMissing) == (THEIRS, 503)


def test_a_message_of_several_lines_becomes_one() -> None:
    assert one_line(ValueError("first\n  second")) == "first second"


def test_an_error_without_a_message_is_told_by_its_name() -> None:
    assert one_line(ValueError()) == "ValueError"
