"""What names do to a ranking; the small glossary of `conftest.py` has a table lamp, short TL."""

from __future__ import annotations

from rag.chat import Chat


def first(chat: Chat, question: str) -> str:
    return chat.search(question, k=1).hits[0].entry.entry_id


def test_a_word_that_nobody_wrote_does_not_shrink_a_name(chat: Chat) -> None:
    plain = chat.search("Is the kettle good?", k=1).hits[0]
    foreign = chat.search("Is the kettle good for zzyzx qwrtz?", k=1).hits[0]
    assert plain.entry.entry_id == foreign.entry.entry_id == "kettle"
    assert foreign.channels.exact == 1


def test_an_abbreviation_is_embedded_with_the_term_it_stands_for(chat: Chat) -> None:
    short = chat.search("Does a TL glow?", k=1).hits[0]
    assert short.entry.entry_id == "table-lamp"
    written_out = chat.search("Does a Table Lamp (TL) glow?", k=1).hits[0]
    assert short.channels.dense_score == written_out.channels.dense_score


def test_a_slip_in_the_topic_is_put_right_where_the_topic_stands(chat: Chat) -> None:
    assert first(chat, "What is a kettel?") == "kettle"
