"""Answers over a small glossary whose texts stand in conftest.py."""

from collections.abc import Callable
from typing import Any

import pytest

from indexes.store import Store
from rag.answer import Answer
from rag.chat import NOT_HERE, Chat, Limits
from rag.composing import told_apart
from rag.errors import EntryMissing, KInvalid, QuestionEmpty, QuestionTooLong
from rag.hit import Mode
from rag.turn import Turn
from tests.fakes import WordEmbedder


def assert_cited(chat: Chat, answer: Answer) -> None:
    """Every citation quotes its entry exactly, and every marker names one of them, in order."""
    for number, citation in enumerate(answer.citations, start=1):
        body = chat.entry(citation.entry_id).body
        assert citation.number == number
        assert body[citation.start : citation.end] == citation.quote
        assert f"[{number}]" in answer.text
    assert f"[{len(answer.citations) + 1}]" not in answer.text


def test_a_definition_opens_with_the_entrys_first_sentence(chat: Chat) -> None:
    answer = chat.ask("What is a table lamp?")
    assert answer.answerable
    assert answer.text.startswith(
        "A table lamp is a small light for a desk. [1] It needs a socket. [2]"
    )
    assert_cited(chat, answer)


def test_a_definition_comes_first_when_two_questions_are_asked_in_one(chat: Chat) -> None:
    answer = chat.ask("What is a table lamp and what are its parts?")
    assert answer.answerable
    assert answer.standalone_question == "What is a table lamp? What are the parts of a table lamp?"
    assert answer.text.startswith("A table lamp is a small light for a desk. [1]")
    assert "**Bulb**: gives light." in answer.text
    assert answer.notice == ""
    assert_cited(chat, answer)


def test_half_of_a_question_is_answered_and_the_other_half_named(chat: Chat) -> None:
    answer = chat.ask("What is a kettle and who invented the transistor radio?")
    assert answer.text.startswith("A kettle heats water until it is steam. [1]")
    assert answer.notice == "the glossary does not answer “Who invented the transistor radio?”"
    assert answer.answerable_probability >= chat.answerable.threshold
    assert_cited(chat, answer)


def test_the_second_of_two_questions_leans_on_the_first_not_on_earlier_turns(chat: Chat) -> None:
    before = [Turn.of(chat.ask("What is a table lamp?"))]
    answer = chat.ask("what is a kettle? does it switch off?", before)
    assert answer.standalone_question == "What is a kettle? Does a kettle switch off?"
    answer = chat.ask("what are its parts and what is a kettle?", before)
    assert answer.standalone_question == "what are the parts of a table lamp and what is a kettle?"


def test_two_questions_without_an_answer_are_declined_once(chat: Chat) -> None:
    answer = chat.ask("Who invented the transistor radio and why is the sky blue?")
    assert not answer.answerable
    assert answer.text.startswith(NOT_HERE)
    assert answer.text.count(NOT_HERE) == 1


def test_two_questions_with_one_answer_get_it_once(chat: Chat) -> None:
    once = chat.ask("What is a kettle?").text
    assert chat.ask("What is a kettle and what is a kettle?").text == once


def test_lists_that_answer_two_questions_stay_two_lists() -> None:
    texts = [
        "A lamp.\n\n- Bulb [1]\n  - LED [2]",
        "- Fan [3]\n  - Blade [4]",
        "A kettle.\n\n- Lid [5]",
    ]
    assert list(told_apart(texts)) == [texts[0], "* Fan [3]\n  * Blade [4]", texts[2]]


def test_a_number_in_a_table_comes_with_its_column_names(chat: Chat) -> None:
    answer = chat.ask("How many watts does the halogen bulb of a table lamp take?")
    assert answer.text == ("Power [1]\n\n| Bulb | Watts [2] |\n| --- | --- |\n| Halogen | 42 [3] |")
    assert [c.quote for c in answer.citations] == ["Power", "| Bulb | Watts |", "| Halogen | 42 |"]
    assert_cited(chat, answer)


def test_a_question_for_parts_gets_the_whole_list_under_its_lead_in(chat: Chat) -> None:
    answer = chat.ask("What are the parts of a table lamp?")
    assert answer.text == (
        "Every lamp has three parts: [1]\n\n"
        "- **Bulb**: gives light. [2]\n"
        "- **Switch**: turns the lamp on. [3]\n"
        "- **Shade**: softens the light. [4]"
    )
    assert_cited(chat, answer)


def test_steps_keep_their_numbers_and_order(chat: Chat) -> None:
    answer = chat.ask("What are the steps to care for a table lamp?")
    assert answer.text == (
        "1. Unplug the lamp. [1]\n2. Let the bulb cool. [2]\n3. Wipe the shade. [3]"
    )


def test_a_comparison_sets_two_terms_side_by_side(chat: Chat) -> None:
    answer = chat.ask("What is the difference between a desk fan and a kettle?")
    header, _, first = answer.text.split("\n")[:3]
    assert header == "| Desk Fan | Kettle |"
    assert first == (
        "| A desk fan moves air with a blade. [1] | A kettle heats water until it is steam. [2] |"
    )
    assert_cited(chat, answer)


def test_a_misspelt_term_is_corrected_visibly(chat: Chat) -> None:
    answer = chat.ask("what is a ketle")
    assert answer.standalone_question == "what is a kettle"
    assert answer.hits[0].entry.entry_id == "kettle"


def test_what_the_glossary_does_not_know_is_not_answered(chat: Chat) -> None:
    answer = chat.ask("Who won the football championship in Brazil?")
    assert not answer.answerable
    assert answer.citations == ()
    assert answer.text.startswith(NOT_HERE)
    assert answer.answerable_probability < 0.5


@pytest.mark.parametrize("alias", ["TL", "tl", "Desk Light", "desk lights", "table lamps"])
def test_every_name_of_an_entry_finds_it_first(chat: Chat, alias: str) -> None:
    hits = chat.search(alias).hits
    assert hits[0].entry.entry_id == "table-lamp"
    assert hits[0].channels.exact == 1


def test_single_channels_rank_by_their_own_score(chat: Chat) -> None:
    dense = chat.search("water steam", mode=Mode.DENSE).hits
    assert dense[0].entry.entry_id == "kettle"
    assert dense[0].channels.lexical is None
    lexical = chat.search("blade", mode=Mode.LEXICAL).hits
    assert [hit.entry.entry_id for hit in lexical] == ["desk-fan"]
    assert lexical[0].channels.dense is None


@pytest.mark.parametrize("k", [0, -1, 2.5])
def test_a_number_of_hits_that_cannot_be_is_refused(chat: Chat, k: Any) -> None:
    with pytest.raises(KInvalid) as refused:
        chat.search("kettle", k=k)
    assert isinstance(refused.value, ValueError)
    assert str(refused.value) == (
        f"k is {k}, and a search returns at least 1 hit; give a whole number"
    )


def test_ranks_count_up_while_scores_descend(chat: Chat) -> None:
    hits = chat.search("lamp light air water").hits
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(chat.search("lamp light air water", k=2).hits) == 2


def test_twins_share_one_place_in_the_results(
    chat_about: Callable[..., Chat], store: Store
) -> None:
    chat = chat_about(
        '{"term": "Fan", "definition": "A fan moves air with a blade."}',
        '{"term": "Fan techniques", "definition": "Techniques to move air with a blade."}',
        '{"term": "Kettle", "definition": "Heats water."}',
    )
    assert store.verify(chat.index.snapshot_id).counts.families == 1
    hits = chat.search("air blade fan").hits
    assert [hit.family for hit in hits] == [("fan", "fan-techniques"), ("kettle",)]


def test_hostile_questions_are_refused_or_searched_never_a_crash(chat: Chat) -> None:
    with pytest.raises(QuestionEmpty):
        chat.ask(" ?! ")
    with pytest.raises(QuestionTooLong, match="100000 characters, the limit is 2000"):
        chat.ask("x" * 100_000)
    for question in ("什么是灯？", "lamp AND (NOT", 'term:"lamp" ^2', "a\x00b", "[9] [1]", "`$**|"):
        if any(character.isalnum() for character in question):
            assert_cited(chat, chat.ask(question))


def test_a_missing_entry_is_named_with_the_nearest_terms(chat: Chat) -> None:
    with pytest.raises(EntryMissing, match=r"no entry 'ketle' .* did you mean Kettle\?"):
        chat.entry("ketle")


def test_the_limit_is_a_setting(store: Store, chat: Chat, embedder: WordEmbedder) -> None:
    with pytest.raises(QuestionTooLong, match="the limit is 3"):
        Chat(store.open(), embedder, Limits(question_chars=3)).ask("lamp")


def test_timings_name_every_stage(chat: Chat) -> None:
    assert list(chat.ask("kettle").timings_ms) == [
        "names",
        "embed",
        "dense",
        "lexical",
        "rank",
        "evidence",
        "answerable",
        "answer",
        "total",
    ]


def test_a_source_cannot_fake_a_marker(chat_about: Callable[..., Chat]) -> None:
    chat = chat_about(
        '{"term": "Lamp", "definition": "A lamp gives light [7] as `bulb[1]` says."}',
        '{"term": "Kettle", "definition": "Heats water."}',
    )
    answer = chat.ask("What is a lamp?")
    assert answer.text == r"A lamp gives light \[7\] as `bulb[1]` says. [1]"
    assert answer.citations[0].quote == "A lamp gives light [7] as `bulb[1]` says."
