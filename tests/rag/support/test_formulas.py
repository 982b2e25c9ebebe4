import pytest

from rag.support.formulas import canonical, is_within, plain_formulas


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"B = w \cdot r / 8", "B = w * r / 8"),
        (r"B = w \cdot r / 8", "B=w·r/8"),
        (r"CD = k_1 \frac{\lambda}{NA}", "CD = k1 * λ / NA"),
        (r"\sigma^{2}", "σ²"),
    ],
)
def test_latex_and_plain_signs_have_one_form(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize("other", ["B = w / r / 8", "B = w + r", "B = w r * 8", "B = r / 8"])
def test_other_signs_are_another_formula(other: str) -> None:
    assert canonical(other) != canonical(r"B = w \cdot r / 8")


def test_a_formula_is_whole_or_a_whole_side_of_one() -> None:
    known = [canonical(r"B = w \cdot r / 8")]
    assert is_within(canonical("w * r / 8"), known)
    assert is_within("B", known)
    assert not is_within(canonical("B = w * r"), known)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The rate is B = w * r / 8.", ["B = w * r / 8"]),
        ("The rate w * r / 8 is high.", ["w * r / 8"]),
        ("input/output and TCP/IP and/or a 3 × 3 kernel", []),
        ("pre- and post-training", []),
    ],
)
def test_formulas_without_delimiters_are_found(text: str, found: list[str]) -> None:
    assert plain_formulas(text) == found
