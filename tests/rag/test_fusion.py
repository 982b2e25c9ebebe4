from rag.fusion import FusionWeights, Naming, fuse, ranks

WEIGHTS = FusionWeights(entry=0.5, passage=0.25, exact=0.5, whole=2)


def test_ranks_count_from_one_and_keep_the_first_occurrence() -> None:
    assert ranks(["b", "a", "b"]) == {"b": 1, "a": 2}


def test_scores_add_the_cosine_and_each_bm25_over_its_best() -> None:
    fused = fuse({"a": 0.5, "b": 0.25}, {"a": 2.0, "b": 8.0}, {"b": 4.0, "a": 1.0}, {}, WEIGHTS)
    assert fused == [("b", 0.25 + 0.5 + 0.25), ("a", 0.5 + 0.5 / 4 + 0.25 / 4)]


def test_an_entry_that_dense_missed_counts_with_the_lowest_cosine() -> None:
    fused = dict(fuse({"a": 0.5, "b": 0.25}, {"c": 3.0}, {}, {}, WEIGHTS))
    assert fused == {"a": 0.5, "b": 0.25, "c": 0.25 + 0.5}


def test_one_channel_alone_and_none_at_all() -> None:
    assert fuse({}, {"a": 3.0}, {}, {}, WEIGHTS) == [("a", 0.5)]
    assert fuse({}, {}, {}, {}, WEIGHTS) == []


def test_the_whole_name_outranks_everything_and_a_term_an_alias() -> None:
    named = {
        "alias": Naming("x", 1.0, whole=True, is_term=False),
        "term": Naming("x", 1.0, whole=True, is_term=True),
    }
    fused = fuse({"best": 1.0}, {"best": 9.0}, {"best": 9.0}, named, WEIGHTS)
    assert [entry_id for entry_id, _ in fused] == ["term", "alias", "best"]


def test_equal_scores_keep_the_order_of_the_ids() -> None:
    assert [e for e, _ in fuse({"b": 0.5, "a": 0.5}, {}, {}, {}, WEIGHTS)] == ["a", "b"]
