from rag.fusion import FusionWeights, Naming, fuse, ranks, refine

WEIGHTS = FusionWeights(unit=0.5, entry=0.5, passage=0.25, exact=0.5, whole=2)


def test_ranks_count_from_one_and_keep_the_first_occurrence() -> None:
    assert ranks(["b", "a", "b"]) == {"b": 1, "a": 2}


def test_scores_add_the_cosine_and_each_bm25_over_the_ceiling() -> None:
    fused = fuse(
        {"a": 0.5, "b": 0.25}, {"a": 2.0, "b": 8.0}, {"b": 4.0, "a": 1.0}, {}, 16.0, WEIGHTS
    )
    assert fused == [("a", 0.5 + 0.5 / 8 + 0.25 / 16), ("b", 0.25 + 0.5 / 2 + 0.25 / 4)]


def test_a_score_over_the_ceiling_counts_as_the_ceiling() -> None:
    assert fuse({}, {"a": 3.0, "b": 1.5}, {}, {}, 2.0, WEIGHTS) == [("a", 0.5), ("b", 0.25)]


def test_an_entry_that_dense_missed_counts_with_the_lowest_cosine() -> None:
    fused = dict(fuse({"a": 0.5, "b": 0.25}, {"c": 3.0}, {}, {}, 3.0, WEIGHTS))
    assert fused == {"a": 0.5, "b": 0.25, "c": 0.25 + 0.5}


def test_one_channel_alone_and_none_at_all() -> None:
    assert fuse({}, {"a": 3.0}, {}, {}, 6.0, WEIGHTS) == [("a", 0.25)]
    assert fuse({}, {}, {}, {}, 0.0, WEIGHTS) == []


def test_the_first_entries_are_ordered_anew_by_their_best_unit() -> None:
    units = {"a": 0.25, "b": 1.0}
    fused = [("a", 0.75), ("b", 0.625), ("c", 0.5)]
    refined = refine(fused, {"a": 0.5, "b": 0.5, "c": 0.25}, units.__getitem__, 2, WEIGHTS)
    assert refined == [("b", 0.625 + 0.5 * 0.5), ("a", 0.75 - 0.5 * 0.25), ("c", 0.5)]


def test_an_entry_after_the_refined_ones_never_passes_them() -> None:
    refined = refine([("a", 0.75), ("b", 0.625)], {"a": 0.5}, lambda _: 0.0, 1, WEIGHTS)
    assert refined == [("a", 0.5), ("b", 0.5)]


def test_refining_nothing_finds_nothing() -> None:
    assert refine([], {}, lambda _: 1.0, 5, WEIGHTS) == []


def test_the_whole_name_outranks_everything_and_a_term_an_alias() -> None:
    named = {
        "alias": Naming("x", 1.0, whole=True, is_term=False),
        "term": Naming("x", 1.0, whole=True, is_term=True),
    }
    fused = fuse({"best": 1.0}, {"best": 9.0}, {"best": 9.0}, named, 9.0, WEIGHTS)
    assert [entry_id for entry_id, _ in fused] == ["term", "alias", "best"]


def test_equal_scores_keep_the_order_of_the_ids() -> None:
    assert [e for e, _ in fuse({"b": 0.5, "a": 0.5}, {}, {}, {}, 1.0, WEIGHTS)] == ["a", "b"]
