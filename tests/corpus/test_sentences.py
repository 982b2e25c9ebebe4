import pytest

from corpus.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("Costs 3.5 dollars. Fine!", ["Costs 3.5 dollars.", "Fine!"]),
        ("Use e.g. a Bar, i.e. Foo vs. Baz. Done.", ["Use e.g. a Bar, i.e. Foo vs. Baz.", "Done."]),
        ("The worm C. Elegans moves. It does.", ["The worm C. Elegans moves.", "It does."]),
        (
            "It is small (see Fig. 2. There it is). Next.",
            ["It is small (see Fig. 2. There it is).", "Next."],
        ),
        (
            "Call `a. B` twice. Then $x. Y$ too. End",
            ["Call `a. B` twice.", "Then $x. Y$ too.", "End"],
        ),
        ("**Bold end.** Next one.", ["**Bold end.**", "Next one."]),
        ("lower case. goes on. Here not.", ["lower case. goes on.", "Here not."]),
        ("Why? Because! So.", ["Why?", "Because!", "So."]),
        ("   ", []),
        ("", []),
        ("no stop at all", ["no stop at all"]),
        ("Wide    gap.\n  Next\nline. ", ["Wide    gap.", "Next\nline."]),
        ("Открытый вопрос. Ответ.", ["Открытый вопрос.", "Ответ."]),
    ],
)
def test_text_is_cut_where_a_reader_would_cut_it(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_spans_stay_inside_the_given_range() -> None:
    text = "Before. One. Two. After."
    assert [text[a:b] for a, b in sentence_spans(text, 8, 17)] == ["One.", "Two."]


def test_a_megabyte_without_a_stop_is_one_sentence() -> None:
    assert len(list(sentence_spans("word " * 200_000))) == 1


def test_many_unclosed_brackets_are_no_trap() -> None:
    assert len(sentences("(" * 50_000 + " a. B")) == 2
