from __future__ import annotations

from api.cited_source import Twin, cited_sources, text_after, text_before
from tests.api.fake_chat import FakeChat

BODY = "alpha beta\n\ngamma  QUOTE delta\n\n- epsilon zeta"
START, END = BODY.index("QUOTE"), BODY.index("QUOTE") + 5


def test_short_context_is_whole_and_has_no_blank_lines() -> None:
    assert text_before(BODY, START, 100) == "alpha beta\ngamma "
    assert text_after(BODY, END, 100) == " delta\n- epsilon zeta"


def test_long_context_is_cut_at_a_word() -> None:
    assert text_before("one two three QUOTE", 14, 9) == "…three "
    assert text_after("QUOTE one two three", 5, 9) == " one two…"


def test_a_quote_that_is_the_whole_body_has_no_context() -> None:
    assert text_before("QUOTE", 0, 9) == text_after("QUOTE", 5, 9) == ""


def test_a_source_names_its_entry_and_its_twins() -> None:
    chat = FakeChat()
    (source,) = cited_sources(chat, chat.ask("What is beam search?"))
    assert (source.number, source.entry_id, source.category) == (1, "beam-search", "Decoding")
    assert source.twins == (Twin("beam-search-2", "Beam Search, Width"),)
    body = chat.entry("beam-search").body
    assert source.quote == "Beam search keeps the `b` best partial sequences at every step."
    assert source.quote in body
