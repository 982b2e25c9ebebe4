import pytest

from rag.support.claims import asserted, bare, is_claim


@pytest.mark.parametrize(
    "line",
    [
        "",
        "## How it works",
        "**Advantages**",
        "---",
        "|---|:--|",
        "It has three parts:",
        "Sure!",
        "Sure, here is a short summary:",
        "Here are the key points:",
        "I hope this helps!",
        "Let me know if you have any questions.",
        "Would you like to know more?",
    ],
)
def test_structure_and_pleasantries_claim_nothing(line: str) -> None:
    assert not is_claim(line)


@pytest.mark.parametrize(
    "line",
    [
        "A lamp gives light.",
        "- LED: 8 watts",
        "| LED | 8 |",
        "$$a = b$$",
        "Sure, the lamp was invented in Toronto.",
        "# The lamp was invented in Toronto",
        "The lamp was invented in 1931:",
        "**The lamp was invented in Toronto.**",
    ],
)
def test_what_asserts_something_is_a_claim_whatever_it_looks_like(line: str) -> None:
    assert is_claim(line)


def test_marks_and_introductions_are_left_out() -> None:
    assert bare("  - **LED** lamp") == "**LED** lamp"
    assert bare("## 1. Power") == "1. Power"
    assert asserted("In short, according to the glossary, it glows.") == "it glows."
    assert asserted("The source states that it glows.") == "it glows."
