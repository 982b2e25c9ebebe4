from __future__ import annotations

import pytest

from corpus.entry import Entry, Source
from indexes.index import Name
from rag.terms.suggestions import Suggestion, SuggestionTable

ENTRIES = {
    "neural-ode": ("Neural ODE", ("NODE", "continuous network")),
    "neural-ode-2": ("Neural ODE", ("Neural ordinary differential equation",)),
    "nodule": ("Nodule", ()),
    "graph-network": ("Graph neural network", ("GNN",)),
    "eclair": ("Éclair Net", ()),
    "k-nn": ("k-NN", ()),
}
TWINS = {"neural-ode": ("neural-ode", "neural-ode-2"), "neural-ode-2": ("neural-ode-2",)}


class Names:
    """The part of the protocol Index that suggestions need."""

    def names(self) -> list[Name]:
        return [
            Name(text, entry_id, number == 0)
            for entry_id, (term, aliases) in ENTRIES.items()
            for number, text in enumerate((term, *aliases))
        ]

    def entry(self, entry_id: str) -> Entry:
        term, aliases = ENTRIES[entry_id]
        return Entry(entry_id, term, term, aliases, "nets", "body", Source("f", 1))

    def family(self, entry_id: str) -> tuple[str, ...]:
        return TWINS.get(entry_id, (entry_id,))


def suggested(typed: str, limit: int = 10) -> list[str]:
    return [found.entry_id for found in SuggestionTable(Names()).suggest(typed, limit)]


def test_terms_come_before_aliases_and_beginnings_before_later_words() -> None:
    # NODE and Nodule begin so, the term first; nothing else does.
    assert suggested("nod") == ["nodule", "neural-ode"]
    # Neural ODE begins so; in Graph neural network the second word does.
    assert suggested("neur") == ["neural-ode", "graph-network"]


def test_a_name_that_is_all_that_was_typed_comes_first() -> None:
    assert suggested("NODE")[0] == "neural-ode"


def test_one_of_a_family_is_offered() -> None:
    assert "neural-ode-2" not in suggested("neural")


def test_the_alias_that_matched_is_named() -> None:
    (found,) = SuggestionTable(Names()).suggest("gnn", 5)
    assert found == Suggestion("graph-network", "Graph neural network", "GNN", "nets")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("eclair", "eclair"),
        ("ÉCL", "eclair"),
        ("K nn", "k-nn"),
        ("neural-o", "neural-ode"),
        ("nural", "neural-ode"),  # a letter is missing
        ("nuerla netw", "graph-network"),  # two pairs are swapped
        ("enural", "neural-ode"),
        ("network", "graph-network"),  # its term; of neural-ode it ends an alias
    ],
)
def test_case_accents_hyphens_and_slips_do_not_matter(typed: str, first: str) -> None:
    assert suggested(typed)[0] == first


def test_a_space_ends_the_word() -> None:
    assert suggested("net ") == ["eclair"]


@pytest.mark.parametrize("typed", ["", " ", "?!", "\x00", "zzzzzz", "xq"])
def test_nothing_like_it_suggests_nothing(typed: str) -> None:
    assert suggested(typed) == []


def test_there_are_never_more_than_the_limit() -> None:
    assert len(suggested("n", limit=2)) == 2
