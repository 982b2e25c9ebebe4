from __future__ import annotations

import pytest

from indexes.tokenizer import Tokenizer, well_formed
from indexes.weights import Weights

START, END = 101, 102  # [CLS] and [SEP] of the default model's vocabulary


@pytest.fixture(scope="module")
def tokenizer(default_weights: Weights) -> Tokenizer:
    return Tokenizer(default_weights.transformer / "tokenizer.json", max_tokens=6)


def test_ids_are_wrapped_in_special_tokens(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("hello world") == [START, 7592, 2088, END]


def test_long_texts_are_cut_to_the_limit_and_still_end(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("hello " * 9) == [START, 7592, 7592, 7592, 7592, END]


def test_counting_ignores_special_tokens_and_the_limit(tokenizer: Tokenizer) -> None:
    assert tokenizer.count("") == 0
    assert tokenizer.count("hello world") == 2
    assert tokenizer.count("hello " * 9) == 9


def test_spans_are_characters_of_the_text(tokenizer: Tokenizer) -> None:
    text = "Modél, 漢字!"
    found = [text[start:end] for start, end in tokenizer.spans(text)]
    assert found == ["Modél", ",", "漢", "字", "!"]


def test_lone_surrogates_become_question_marks_of_the_same_length(tokenizer: Tokenizer) -> None:
    assert well_formed("a\ud800b") == "a?b"
    assert tokenizer.encode("\ud800") == tokenizer.encode("?")


def test_a_text_of_control_characters_has_no_tokens(tokenizer: Tokenizer) -> None:
    assert tokenizer.count("\0\0") == 0
