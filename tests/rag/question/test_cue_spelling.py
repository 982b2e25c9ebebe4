import pytest

from rag.question.cue_spelling import spelt_cues


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Waht is a lamp", "What is a lamp"),
        ("wich lamp and hwo", "which lamp and how"),
        ("diffrence betwen lamp and fan", "difference between lamp and fan"),
        ("drawbaks of teh lamp", "drawbacks of the lamp"),
        ("benifits, advanatges", "benefits, advantages"),
    ],
)
def test_misspelt_cues_are_corrected(written: str, meant: str) -> None:
    assert spelt_cues(written) == meant


@pytest.mark.parametrize(
    "text", ["it explains compares and defines", "TEH unit", "a formal lamp", "teh-lamp", "hot"]
)
def test_other_words_names_in_capitals_and_other_endings_stay(text: str) -> None:
    assert spelt_cues(text) == text
