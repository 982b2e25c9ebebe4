"""Which passages a language model gets to read."""

from __future__ import annotations

from rag.chat import Chat
from rag.writing.context import choose_sources, estimated_tokens


def test_the_entry_that_is_asked_for_comes_first_and_whole(chat: Chat) -> None:
    sources = choose_sources(chat.index, chat.inquire("What is a table lamp?"), 5000)
    assert [source.number for source in sources] == list(range(1, len(sources) + 1))
    assert sources[0].entry.entry_id == "table-lamp"
    assert sources[0].passages == tuple(chat.index.passages("table-lamp"))


def test_each_family_is_shown_once(chat: Chat) -> None:
    sources = choose_sources(chat.index, chat.inquire("What is a desk fan?"), 5000)
    families = [chat.index.family(source.entry.entry_id) for source in sources]
    assert len(set(families)) == len(families)


def test_passages_stay_within_the_budget(chat: Chat) -> None:
    inquiry = chat.inquire("What is a table lamp?")
    for budget in (0, 50, 120, 200, 400):
        sources = choose_sources(chat.index, inquiry, budget)
        texts = [passage.text for source in sources for passage in source.passages]
        assert sum(map(estimated_tokens, texts)) <= budget
    assert choose_sources(chat.index, inquiry, 0) == ()
