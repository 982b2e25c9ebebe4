"""BM25 over terms and bodies: exact scores, any input, any directory."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest

from indexes.lexical import MAX_QUERY_TERMS, LexicalIndex

DOCUMENTS = [
    ("tree", "Decision tree", "splits data into branches"),
    ("forest", "Random forest", "many trees that vote"),
    ("kernel", "Kernel", "measures how alike two points are"),
]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    return LexicalIndex.build(tmp_path / "lexical", DOCUMENTS)


def ids(index: LexicalIndex, query: str, k: int = 10) -> list[str]:
    return [scored.id for scored in index.search(query, k)]


def bm25(frequency: int, length: int, mean_length: float, documents: int, holding: int) -> float:
    """Robertson & Zaragoza 2009, k1 = 1.2, b = 0.75, with the idf of Lucene."""
    idf = math.log(1 + (documents - holding + 0.5) / (holding + 0.5))
    return idf * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * length / mean_length))


def test_scores_are_bm25_of_the_text_plus_the_weighted_bm25_of_the_term(tmp_path: Path) -> None:
    documents = [("a", "alpha", "beta gamma delta"), ("b", "omega", "alpha beta sigma")]
    index = LexicalIndex.build(tmp_path, documents)
    in_text = bm25(1, 4, 4, 2, 2)
    in_term = bm25(1, 1, 1, 2, 1)
    found = index.search("alpha", 10)
    assert [scored.id for scored in found] == ["a", "b"]
    assert [s.score for s in found] == pytest.approx([in_text + 0.3 * in_term, in_text], rel=1e-5)
    unweighted = index.search("alpha", 10, term_weight=0)
    assert [s.score for s in unweighted] == pytest.approx([in_text, in_text], rel=1e-5)


def test_words_are_stemmed_lower_cased_and_folded(tmp_path: Path) -> None:
    index = LexicalIndex.build(tmp_path, [("a", "Naïve Bayes", "CLASSIFIERS running")])
    for query in ("naive", "NAÏVE", "classifier", "runs"):
        assert ids(index, query) == ["a"]


def test_stop_words_match_nothing(index: LexicalIndex) -> None:
    assert index.search("the of and that into", 10) == []


def test_any_word_may_match_and_more_matches_rank_higher(index: LexicalIndex) -> None:
    assert ids(index, "trees vote on points") == ["forest", "kernel", "tree"]


def test_a_repeated_word_counts_once(index: LexicalIndex) -> None:
    assert index.search("tree tree trees", 10) == index.search("tree", 10)


def test_k_limits_the_results(index: LexicalIndex) -> None:
    assert ids(index, "tree points", 1) == ids(index, "tree points")[:1]
    assert index.search("tree", 0) == index.search("tree", -1) == []


def test_ties_keep_the_order_of_the_documents(tmp_path: Path) -> None:
    names = [f"d{number:03}" for number in reversed(range(300))]
    index = LexicalIndex.build(tmp_path, ((name, "same", "same words") for name in names))
    for k in (1, 7, 299, 1000):
        assert ids(index, "same", k) == names[:k]


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = LexicalIndex.build(tmp_path, [])
    assert (len(index), index.search("tree", 5), index.document_frequency("tree")) == (0, [], 0)


@pytest.mark.parametrize(
    "query",
    [
        "",
        " \n\t",
        "!!! ??? *** \\ \" '",
        'AND OR NOT tree:* "unclosed [a TO b} ~2 ^3 (((',
        "body:tree -tree +tree term:^1e999",
        "дерево решений 决策树 شجرة 🌳",
        "\ud800 \udfff\x00",
        "x" * 100_000,
        "tree " * 20_000,
        " ".join(f"word{number}" for number in range(12_000)),
        "*:" * 50_000,
    ],
    ids=range(11),
)
def test_no_query_raises(index: LexicalIndex, query: str) -> None:
    assert all(scored.score > 0 for scored in index.search(query, 10))


def test_operators_mean_nothing(index: LexicalIndex) -> None:
    assert index.search('-"tree" AND term:vote*', 10) == index.search("tree term vote", 10)


def test_other_scripts_are_found(tmp_path: Path) -> None:
    index = LexicalIndex.build(tmp_path, [("a", "дерево", "решений"), ("b", "决策树", "x")])
    assert (ids(index, "Дерево?"), ids(index, "决策树")) == (["a"], ["b"])


def test_only_the_first_distinct_stems_of_a_query_count(index: LexicalIndex) -> None:
    filler = " ".join(f"word{number}" for number in range(MAX_QUERY_TERMS - 1))
    assert ids(index, f"{filler} kernel") == ["kernel"]
    assert ids(index, f"{filler} another kernel") == []


def test_stems_keep_order_and_repeats(index: LexicalIndex) -> None:
    assert index.stems("The trees, voting trees!") == ["tree", "vote", "tree"]


def test_document_frequency_counts_terms_and_bodies(index: LexicalIndex) -> None:
    frequencies = [index.document_frequency(stem) for stem in ("tree", "kernel", "absent", "")]
    assert frequencies == [2, 1, 0, 0]


def test_opening_leaves_the_directory_untouched(tmp_path: Path) -> None:
    LexicalIndex.build(tmp_path / "built", DOCUMENTS)
    before = sorted(path.name for path in (tmp_path / "built").iterdir())
    assert ids(LexicalIndex.open(tmp_path / "built"), "vote") == ["forest"]
    assert sorted(path.name for path in (tmp_path / "built").iterdir()) == before
    assert not any("lock" in name for name in before)


def test_an_open_index_survives_the_removal_of_its_files(tmp_path: Path) -> None:
    index = LexicalIndex.build(tmp_path / "built", DOCUMENTS)
    shutil.rmtree(tmp_path / "built")
    assert ids(index, "vote") == ["forest"]


def test_every_file_may_be_read_by_whoever_may_read_the_ids(tmp_path: Path) -> None:
    LexicalIndex.build(tmp_path / "built", DOCUMENTS)
    modes = {path.stat().st_mode for path in (tmp_path / "built").iterdir()}
    assert modes == {(tmp_path / "built" / "ids.npy").stat().st_mode}
