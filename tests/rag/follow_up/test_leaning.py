"""Which questions lean on an entry, over the small glossary of conftest.py."""

import math

import pytest

from rag.chat import Chat
from rag.follow_up.leaning import Leaning
from rag.retriever import Retriever
from tests.fakes import WordEmbedder


@pytest.fixture
def leaning(chat: Chat, embedder: WordEmbedder) -> Leaning:
    return Leaning(chat.index, embedder, Retriever(chat.index, embedder).idf)


@pytest.mark.parametrize(
    "text",
    [
        "how many watts are needed",  # watts: a word of the lamp's
        "what are the drawbacks",  # nothing but a side of something
    ],
)
def test_words_that_fit_the_entry_lean_on_it(leaning: Leaning, text: str) -> None:
    assert leaning.leans(text, ["table-lamp"])


@pytest.mark.parametrize(
    "text",
    [
        "how is steam heated from water",  # the kettle's words
        "who won the football championship",  # nobody's words
        "what does a bulb do",  # brings in a thing of its own
        "how many Watts",  # a name
    ],
)
def test_words_of_others_do_not(leaning: Leaning, text: str) -> None:
    assert not leaning.leans(text, ["table-lamp"])


def test_a_question_that_finds_the_entry_by_itself_is_left_alone(leaning: Leaning) -> None:
    # Four words of the lamp's, more than a question may have to lean without a search.
    assert not leaning.leans("which bulb, socket, switch and desk suit", ["table-lamp"])


def test_nothing_leans_on_entries_that_are_gone(leaning: Leaning) -> None:
    assert not leaning.leans("how many watts are needed", ["gone"])
    assert not leaning.leans("how many watts are needed", [])


def test_the_lead_is_the_difference_of_cosines_and_word_scores(leaning: Leaning) -> None:
    # Only the kettle has "water": the cosine of (1) with (kettle 2, water 1, steam 1), and the best
    # word score there is; the others have neither.
    kettle = frozenset({"kettle"})
    assert leaning.lead("water", "water", kettle) == pytest.approx(1 / math.sqrt(6) + 0.2)
