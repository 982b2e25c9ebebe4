from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.answers import AnswerJudge, includes, missing_words
from eval.dataset import GoldSpan, Question
from rag.answer import Answer
from rag.chat import Chat
from tests.eval.workshop import open_workshop

LAMP = "What are the parts of a table lamp?"
ITEM = "- **Bulb**: gives light."


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("It needs 19 neurons.", "19"),
        ("It needs 19.", "19"),
        ("(19)", "19"),
        ("16, 19, 42", "19"),
        ("10-19 watts", "19"),
        ("about 19% less", "19"),
        ("a 19MB file", "19"),
        ("1,000 watts", "1000"),
        ("1000 watts", "1,000"),
        ("1,234,567 parts", "1234567"),
        ("v1.9", "v1.9"),
        ("takes 1.9 s", "1.9"),
        ("**8x** faster", "8x"),
        ("an 8× gain", "8×"),
        (r"an $8\times$ gain", "8×"),
        (r"$8 \times 10^3$", "8 × 10^3"),
        ("n² steps", "n^2"),
        ("`beam_width` items [1]", "beam_width"),
        ("the **lottery\nticket** one", "Lottery Ticket"),
        ("ﬁne-tune it", "fine-tune"),
        ("blue\u2011green roll-out", "blue-green"),
        ("Müller’s rule", "müller's rule"),
        ("Mu\u0308ller", "Müller"),
        ("STRASSE", "straße"),
        ("量子ビット", "量子ビット"),
        ("ratio 2:4.", "2:4"),
        ("in C++ code", "C++"),
        ("anything", ""),
    ],
)
def test_a_word_stands_in_a_text(text: str, word: str) -> None:
    assert includes(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("190 neurons", "19"),
        ("119 neurons", "19"),
        ("1.9 watts", "19"),
        ("1.9 watts", "9"),
        ("19.5 watts", "19"),
        ("19,5 watts", "19"),
        ("x19 neurons", "19"),
        ("h_19", "19"),
        ("10² watts", "102"),
        ("19,000 watts", "19"),
        ("1,0000", "10000"),
        ("cathode", "cat"),
        ("bobcat", "cat"),
        ("reuse", "use"),
        ("beam_width", "beam"),
        ("18x faster", "8x"),
        ("8xx", "8x"),
        ("watt [19]", "19"),
        ("", "19"),
    ],
)
def test_a_part_of_a_word_or_number_is_not_the_word(text: str, word: str) -> None:
    assert not includes(text, word)


def test_any_accepted_spelling_will_do_and_the_first_one_is_missed() -> None:
    question = Question("q", "?", must_include=(("8×", "8x"), ("bulb",), ("LED", "diode")))
    assert missing_words("8x a bulb", question) == ("LED",)
    assert missing_words("", question) == ("8×", "bulb", "LED")


@pytest.fixture
def workshop(tmp_path: Path) -> Chat:
    return open_workshop(tmp_path)


@pytest.fixture
def answer(workshop: Chat) -> Answer:
    """Quotes the line before the list and its two items."""
    return workshop.ask(LAMP)


@pytest.fixture
def judge(workshop: Chat) -> AnswerJudge:
    return AnswerJudge(workshop.index, {name: name for name in workshop.index.entry_ids()})


def ask(**known: object) -> Question:
    return replace(Question("q", LAMP, gains={"table-lamp": 1}), **known)


def test_an_answer_of_exact_quotes_of_a_relevant_entry(judge: AnswerJudge, answer: Answer) -> None:
    assert judge.judge(ask(), answer) == {
        "answered": 1.0,
        "cites a judged one": 1.0,
        "words": float(len(answer.text.split())),
        "quotes exact": 1.0,
        "citation precision": 1.0,
        "supported": 1.0,
        "nothing uncited": 1.0,
    }


def test_the_gold_span_is_quoted_by_its_letters(
    workshop: Chat, judge: AnswerJudge, answer: Answer
) -> None:
    body = workshop.index.entry("table-lamp").body
    heading = body.index("Every")
    item = body.index(ITEM)
    gold = (GoldSpan("table-lamp", heading, item + len(ITEM)),)
    assert judge.judge(ask(spans=gold), answer)["gold quoted"] == 1.0
    # "**Bulb**: gives light." has 14 letters, "Every lamp has two parts:" has 20.
    bulb = [c for c in answer.citations if c.quote.startswith("**Bulb")]
    assert len(bulb) == 1
    part = replace(answer, citations=tuple(bulb))
    assert judge.judge(ask(spans=gold), part)["gold quoted"] == pytest.approx(14 / (14 + 20))


def test_the_gold_passage_quoted_most_counts(judge: AnswerJudge, answer: Answer) -> None:
    spans = (GoldSpan("kettle", 0, 20), GoldSpan("table-lamp", 0, 20))
    quotes = ("every lamp has bulbs", "**Bulb** : gives light .")
    assert judge.judge(ask(spans=spans), answer)["gold quoted"] == 0.0
    assert judge.judge(ask(quotes=quotes[:1]), answer)["gold quoted"] == 0.75
    assert judge.judge(ask(spans=spans, quotes=quotes), answer)["gold quoted"] == 1.0


def test_words_scattered_over_an_answer_are_no_quoted_passage(
    judge: AnswerJudge, answer: Answer
) -> None:
    # "bulb gives light" stands in one citation, its words in another order do not
    in_a_row, scattered = ask(quotes=("bulb gives light",)), ask(quotes=("light gives bulb",))
    assert judge.judge(in_a_row, answer)["gold quoted"] == 1.0
    assert judge.judge(scattered, answer)["gold quoted"] == pytest.approx(1 / 3)


def test_a_gold_span_without_a_letter_is_never_quoted(judge: AnswerJudge, answer: Answer) -> None:
    body = "A table lamp is a small light for a desk."
    gold = (GoldSpan("table-lamp", len(body) - 1, len(body) + 1),)
    assert judge.judge(ask(spans=gold), answer)["gold quoted"] == 0.0


def test_a_citation_of_a_twin_is_relevant(judge: AnswerJudge, answer: Answer) -> None:
    values = judge.judge(ask(gains={"table-lamps": 1}), answer)
    assert (values["cites a judged one"], values["citation precision"]) == (1.0, 1.0)
    values = judge.judge(ask(gains={"kettle": 1, "table-lamp": 0}), answer)
    assert (values["cites a judged one"], values["citation precision"]) == (0.0, 0.0)


def test_precision_and_exactness_are_shares_of_the_citations(
    judge: AnswerJudge, answer: Answer
) -> None:
    first, *others = answer.citations
    assert len(others) == 2
    shifted = replace(answer, citations=(replace(first, start=first.start + 1), *others))
    assert judge.judge(ask(), shifted)["quotes exact"] == pytest.approx(2 / 3)
    strange = replace(answer, citations=(replace(first, entry_id="kettle"), *others))
    assert judge.judge(ask(), strange)["citation precision"] == pytest.approx(2 / 3)


def test_words_that_no_quote_covers_are_noticed(judge: AnswerJudge, answer: Answer) -> None:
    more = replace(answer, text=answer.text + " Lamps are cheap.")
    assert judge.judge(ask(), more)["nothing uncited"] == 0.0


def test_an_answer_without_a_citation_supports_nothing(judge: AnswerJudge, answer: Answer) -> None:
    values = judge.judge(ask(), replace(answer, citations=()))
    assert (values["answered"], values["cites a judged one"]) == (1.0, 0.0)
    for name in ("quotes exact", "citation precision", "supported", "nothing uncited"):
        assert values[name] == 0.0


def test_an_answer_is_complete_only_with_every_required_word(
    judge: AnswerJudge, answer: Answer
) -> None:
    for words, value in ((("bulb", "switch"), 1.0), (("bulb", "shade"), 0.0)):
        required = tuple((word,) for word in words)
        assert judge.judge(ask(must_include=required), answer)["must include"] == value


def test_a_declined_answer_counts_zero_whatever_it_says(workshop: Chat, judge: AnswerJudge) -> None:
    declined = workshop.ask("Who won the football championship?")
    assert not declined.answerable
    asked = ask(must_include=(("glossary",),), quotes=("The glossary",))
    assert judge.judge(asked, declined) == {
        "answered": 0.0,
        "must include": 0.0,
        "gold quoted": 0.0,
        "cites a judged one": 0.0,
        "words": float(len(declined.text.split())),
    }


def test_a_refused_question_counts_like_a_declined_one(judge: AnswerJudge) -> None:
    asked = ask(must_include=(("bulb",),), spans=(GoldSpan("kettle", 0, 5),))
    names = ("answered", "must include", "gold quoted", "cites a judged one", "words")
    assert judge.judge(asked, None) == dict.fromkeys(names, 0.0)
    assert set(judge.judge(ask(), None)) == {"answered", "cites a judged one", "words"}
