"""What becomes of each piece of a model's text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.answer import Verdict
from rag.chat import Chat
from rag.citations import CitationList
from rag.sources import Source
from rag.support.support import Finding, Quote
from rag.writing.context import choose_sources
from rag.writing.known_words import KnownWords
from rag.writing.piece_text import closed
from rag.writing.pieces import PieceCutter
from rag.writing.release import MARKED, Policy, Release


class Believing:
    """Supports what begins with a word it was given, by the first unit of the first source."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.asked: list[str] = []
        self.above: list[tuple[str, ...]] = []

    def verify(
        self,
        sentence: str,
        cited: Sequence[int],
        sources: Sequence[Source],
        above: Sequence[str] = (),
    ) -> Finding:
        self.asked.append(sentence)
        self.above.append(tuple(above))
        if not sentence.startswith(self.words):
            return Finding(Verdict.UNSUPPORTED, 0.1)
        passage = sources[0].passages[0]
        unit = passage.units[0]
        quote = Quote(sources[0], passage, unit.start, unit.end)
        return Finding(Verdict.SUPPORTED, 0.9, (quote,))


def released(
    chat: Chat, text: str, *believed: str, policy: Policy = Policy.WITHHOLD
) -> tuple[str, Release]:
    question = "What is a table lamp?"
    sources = choose_sources(chat.index, chat.inquire(question), 5000)
    words = KnownWords(chat.index, chat.terms, question, sources)
    release = Release(Believing(*believed), words, sources, policy, CitationList())
    cutter = PieceCutter()
    pieces = [*cutter.feed(text), *cutter.finish()]
    return "".join(map(release.feed, pieces)), release


def test_markers_are_those_of_the_quotes_whatever_the_model_cited(chat: Chat) -> None:
    shown, release = released(chat, "True it is so [9]. False it is so [1]. True it is.", "True")
    assert shown == "True it is so. [1] True it is. [1]"
    assert [(j.cited, j.unknown, j.citations, j.is_shown) for j in release.judged] == [
        ((9,), (9,), (1,), True),
        ((1,), (), (), False),
        ((), (), (1,), True),
    ]


def test_unsupported_sentences_are_marked_or_allowed(chat: Chat) -> None:
    text = "True it is so. False it is so [1]."
    assert released(chat, text, "True", policy=Policy.MARK)[0] == (
        f"True it is so. [1] False it is so. {MARKED}"
    )
    assert released(chat, text, "True", policy=Policy.ALLOW)[0] == (
        "True it is so. [1] False it is so."
    )


@pytest.mark.parametrize(
    "smuggled",
    [
        "## A lamp is dangerous",
        "## Not a table lamp",
        "**Never a lamp:**",
        "A lamp without light:",
        "Did you know that lamps kill?",
        "# 1850",
        "| Lamp | Billions |\n|---|---|",
        "1850.",
        "[1]: https://evil.test",
        "<!-- false -->",
    ],
)
def test_what_claims_nothing_by_its_form_cannot_carry_a_claim(chat: Chat, smuggled: str) -> None:
    shown, _ = released(chat, f"{smuggled}\n\n- True it is so.", "True")
    assert shown == "- True it is so. [1]"


@pytest.mark.parametrize("title", ["## Table lamp", "**The parts of a table lamp:**", "# Overview"])
def test_titles_of_the_sources_may_stand_above_what_is_supported(chat: Chat, title: str) -> None:
    assert released(chat, f"{title}\n\n- True it is so.", "True")[0] == (
        f"{title}\n\n- True it is so. [1]"
    )
    assert released(chat, f"{title}\n\n- False it is so.", "True")[0] == ""


def test_emphasis_that_ends_between_sentences_goes_and_the_space_stays(chat: Chat) -> None:
    shown, _ = released(chat, "**True it is so [1].** True it is. - ", "True")
    assert shown == "True it is so. [1] True it is. [1]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**A light. B", "A light. B"),
        ("A light.**", "A light."),
        ("** B is", "B is"),
        ("**A** light", "**A** light"),
        ("A `x ** y` light", "A `x ** y` light"),
        ("2 ** 3", "2 ** 3"),
    ],
)
def test_emphasis_over_several_sentences_leaves_no_mark(text: str, shown: str) -> None:
    assert closed(text) == shown


def test_a_number_that_does_not_count_on_becomes_a_bullet(chat: Chat) -> None:
    text = "1. True it is so.\n2. True it was so.\n66. True it is so.\n3. True it was."
    assert released(chat, text, "True")[0] == (
        "1. True it is so. [1]\n2. True it was so. [1]\n- True it is so. [1]\n3. True it was. [1]"
    )


@pytest.mark.parametrize(
    "text",
    [
        "True it is １２ times 月亮.",
        "True it is ٤٢ and الأخضر.",
        "True it is 10² so.",
        "True а lооk-аlikе.",
        "True A ≠ B here.",
        "True I tell you.",
        "True word.",
    ],
)
def test_characters_and_words_that_no_source_has_are_refused(chat: Chat, text: str) -> None:
    assert released(chat, text, "True")[0] == ""


def test_another_entrys_name_in_place_of_the_quoted_one_is_refused(chat: Chat) -> None:
    assert released(chat, "True of the kettle it is.", "True")[0] == ""
    assert released(chat, "True of the table lamp it is.", "True")[0] != ""


def test_wide_digits_are_checked_as_what_they_look_like(chat: Chat) -> None:
    _, release = released(chat, "False １２ [1].")
    assert isinstance(release._verifier, Believing)
    assert release._verifier.asked == ["False 12."]


def test_a_sentence_that_was_cut_is_never_supported(chat: Chat) -> None:
    shown, release = released(chat, "True " + "and so on " * 900 + "end. True it is so.", "True")
    assert shown == "True it is so. [1]"
    assert [j.verdict for j in release.judged[:-1]] == [Verdict.UNSUPPORTED] * 3


def test_rows_under_other_titles_are_checked_with_their_titles(chat: Chat) -> None:
    text = "| Bulb | Lamp |\n|---|---|\n| LED | 8 |\n"
    _, release = released(chat, text)
    assert isinstance(release._verifier, Believing)
    assert release._verifier.asked[-1] == "Bulb LED, Lamp 8"


def test_hostile_markup_is_gone_before_it_is_checked(chat: Chat) -> None:
    shown, _ = released(
        chat, "True <b>it</b> is [so](https://evil.test)\u202e ~~here~~ [1].", "True"
    )
    assert shown == "True it is so here. [1]"


def test_the_verifier_hears_what_a_sentence_stands_under_and_behind(chat: Chat) -> None:
    text = "## Overview\n\n- **Oslo:**\n- True it is so.\n\nTrue it was so."
    _, release = released(chat, text, "True")
    assert isinstance(release._verifier, Believing)
    assert release._verifier.above[-2:] == [
        ("**Oslo:**", "## Overview", "", "What is a table lamp?"),
        ("**Oslo:**", "## Overview", "True it is so.", "What is a table lamp?"),
    ]


@pytest.mark.parametrize("text", ["- 819", "- DRAM", "819 GB/s [1]", "- True 8", "True 8 [1]."])
def test_a_bare_value_is_no_statement(chat: Chat, text: str) -> None:
    assert released(chat, text, "True", "819", "DRAM")[0] == ""


def test_marks_that_strike_letters_through_are_refused(chat: Chat) -> None:
    assert released(chat, "True it i\u0336s\u0336 so.", "True")[0] == ""


def test_a_label_that_a_source_supports_stands_only_above_what_it_names(chat: Chat) -> None:
    assert released(chat, "True moons:\n\n- True it is so.", "True")[0] == ""
    assert released(chat, "### Nothing known\n\n- True it is so.", "True")[0] == (
        "- True it is so. [1]"
    )
