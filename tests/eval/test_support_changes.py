import json
from pathlib import Path

import pytest

from eval.support import read_places
from eval.support_cases import half_of
from eval.support_changes import FAITHFUL, UNFAITHFUL

WRITTEN = Path(__file__).resolve().parents[2] / "eval" / "data" / "support"


class FirstChoice:
    """Draw the first of anything."""

    def choice(self, values):  # type: ignore[no-untyped-def]
        return values[0]


@pytest.mark.parametrize(
    ("kind", "sentence", "changed"),
    [
        ("number", "It has 3 parts.", "It has 4 parts."),
        ("unit", "It weighs 5 GB in all.", "It weighs 5 MB in all."),
        ("negated", "It is round.", "It is not round."),
        ("negated", "It uses heat.", "It does not use heat."),
        ("negated", "It is not round.", None),
        ("turned", "It is faster.", "It is slower."),
        ("swapped", "A lamp is larger than a fan.", "A fan is larger than a lamp."),
        ("traded numbers", "1 lamp has ten big parts of 2.", "2 lamp has ten big parts of 1."),
    ],
)
def test_an_unfaithful_change_says_something_else(
    kind: str, sentence: str, changed: str | None
) -> None:
    assert UNFAITHFUL[kind](sentence, FirstChoice()) == changed  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "sentence", "changed"),
    [
        ("prefixed", "It glows.", "According to the glossary, it glows."),
        ("shortened", "It glows on a big desk, in red.", "It glows on a big desk."),
        ("reworded", "It often glows.", "It frequently glows."),
        ("refers to", "A lamp is a light.", "The term a lamp refers to a light."),
        ("labelled", "Red light: it glows.", "- **Red light** – it glows."),
    ],
)
def test_a_faithful_change_keeps_what_is_said(kind: str, sentence: str, changed: str) -> None:
    assert FAITHFUL[kind](sentence, FirstChoice()) == changed  # type: ignore[arg-type]


def test_a_question_is_always_in_the_same_half() -> None:
    assert [half_of("a"), half_of("b")] == [half_of("a"), half_of("b")]
    assert {half_of(str(number)) for number in range(20)} == {"dev", "test"}


def test_places_come_in_pairs_of_a_kind_and_a_place() -> None:
    (place,) = read_places(["written", "file.jsonl=home"])
    assert (place.kind, place.home) == ("written", Path("home"))
    with pytest.raises(ValueError, match="pairs of a kind"):
        read_places(["moon", "home"])


@pytest.mark.parametrize("split", ["dev", "test"])
def test_written_sentences_are_half_faithful_and_in_one_split_only(split: str) -> None:
    lines = (WRITTEN / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    other = (WRITTEN / ("test.jsonl" if split == "dev" else "dev.jsonl")).read_text("utf-8")
    assert 0.4 <= sum(case["supported"] for case in cases) / len(cases) <= 0.6
    assert not any(json.dumps(case["sentence"], ensure_ascii=False) in other for case in cases)
