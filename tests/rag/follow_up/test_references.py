"""Words that point back into the conversation, and words that only look like it."""

import pytest

from rag.follow_up.references import Form, is_courtesy, references, without_lead


@pytest.mark.parametrize(
    ("text", "form", "span"),
    [
        ("how is it made?", Form.PRONOUN, "it"),
        ("what do they need", Form.PRONOUN, "they"),
        ("how can I reduce that?", Form.PRONOUN, "that"),
        ("is this different from a fan?", Form.PRONOUN, "this"),
        ("was that tested on paper?", Form.PRONOUN, "that"),
        ("who invented this technique?", Form.PRONOUN, "this technique"),
        ("does the approach work?", Form.PRONOUN, "the approach"),
        ("and what does that say?", Form.PRONOUN, "that"),
        ("how does that codec work?", Form.NOUN, "that codec"),
        ("how long to train one?", Form.PRONOUN, "one"),
        ("what are its parts?", Form.POSSESSIVE, "its"),
        ("what is used there?", Form.PLACE, "there"),
        ("what does it mean in this context?", Form.PRONOUN, "it"),
        ("is both possible?", Form.SEVERAL, "both"),
        ("what do those two share?", Form.SEVERAL, "those two"),
        ("how is that loss computed?", Form.NOUN, "that loss"),
        ("does the codec fail?", Form.NOUN, "the codec fail"),
    ],
)
def test_what_points_back_is_found(text: str, form: Form, span: str) -> None:
    found = next(references(text))
    assert (found.form, text[found.start : found.end]) == (form, span)


@pytest.mark.parametrize(
    "text",
    [
        "what do you call it when water boils?",
        "is it possible to heat a room?",
        "what makes it safe to use an old kettle?",
        "which kettles are there?",
        "a lamp that is bright",
        "what do lamps tell you that a fan does not?",
        "which one is better?",
        "What is a codec and how is it trained?",
        "if a kettle is full, what does it do?",
        "how does a desk lamp with its shade look",
        "bringing back those that were cut",
    ],
)
def test_what_explains_itself_does_not_point_back(text: str) -> None:
    assert [found for found in references(text) if found.form is not Form.NOUN] == []


@pytest.mark.parametrize("text", ["", "?!", "👍"])
def test_nothing_points_back_where_there_is_no_word(text: str) -> None:
    assert list(references(text)) == []


def test_a_short_verb_is_told() -> None:
    assert next(references("it's hot?")).has_verb


def test_words_that_only_tie_a_question_to_the_last_are_dropped() -> None:
    assert without_lead("ok, and now what is a fan?") == "what is a fan?"
    assert without_lead("That's fine. What is a fan?") == "What is a fan?"
    assert without_lead("that is good for what?") == "that is good for what?"
    assert without_lead("android phones") == "android phones"
    assert is_courtesy("thanks, great!")
    assert not is_courtesy("thanks, why?")
