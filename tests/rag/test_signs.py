from __future__ import annotations

import pytest

from rag.chat import Chat


def test_a_bare_name_is_a_name(chat: Chat) -> None:
    signs = chat.signs("kettle")
    assert signs is not None
    assert (signs.is_name, signs.mentions, signs.is_undefined) == (1.0, 1.0, 0.0)
    assert signs.body == 1.0
    assert signs.missing == 0.0


def test_words_that_nobody_wrote_are_unknown_and_missing(chat: Chat) -> None:
    signs = chat.signs("zzyzx qwrtz")
    assert signs is not None
    assert signs.unknown == 1.0
    assert signs.body == 0.0
    assert signs.missing > 0
    assert signs.rarest > 0


def test_a_thing_that_the_entry_lacks_is_missing(chat: Chat) -> None:
    signs = chat.signs("How heavy is the kettle X99?")
    assert signs is not None
    assert (signs.things, signs.thing_missing, signs.thing_unsaid) == (1.0, 1.0, 1.0)
    assert signs.quantity == 1.0
    assert signs.quantity_body == signs.body


def test_products_of_signs_are_products(chat: Chat) -> None:
    signs = chat.signs("How many litres does the kettle hold?")
    assert signs is not None
    assert signs.long_cosine == pytest.approx(signs.long * signs.cosine)
    assert signs.long_residual == pytest.approx(signs.long * signs.residual)
    assert signs.quantity_residual == pytest.approx(signs.residual)


def test_every_sign_stays_in_its_range(chat: Chat) -> None:
    for question in ("kettle", "What is a kettle?", "Who sells it?", "Why?", "teapot 5"):
        signs = chat.signs(question)
        assert signs is not None
        values = signs.values()
        free = {"missing", "long", "long_cosine", "long_residual"}
        assert all(-1.001 <= value <= 1.001 for name, value in values.items() if name not in free)
        assert all(-2 <= values[name] <= 2 for name in free)


def test_two_names_compared_are_a_name_and_two_names_with_an_aspect_are_not(chat: Chat) -> None:
    bare, aspect = (
        chat.signs("compare kettle and table lamp"),
        chat.signs("compare heat of kettle and table lamp"),
    )
    assert bare is not None
    assert aspect is not None
    assert (bare.is_name, aspect.is_name) == (1.0, 0.0)
