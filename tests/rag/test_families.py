import numpy as np

from corpus.entry import Entry, Source
from rag.families import FamilyLimits, entry_directions, find_families

LIMITS = FamilyLimits(same_name=0.6, extended_name=0.8)


def entry(entry_id: str, term: str, *aliases: str) -> Entry:
    return Entry(entry_id, term, term, aliases, None, "text", Source("x", 1))


def unit_rows(*cosines: float) -> np.ndarray:
    """Rows whose cosine to the first row (1, 0) is as given."""
    return np.array([[c, np.sqrt(1 - c * c)] for c in cosines], np.float32)


def test_one_name_over_like_texts_is_one_family() -> None:
    entries = [entry("a", "neural ODE"), entry("b", "Neural ODEs"), entry("c", "kettle")]
    assert find_families(entries, unit_rows(1, 0.7, 0.99), LIMITS) == (("a", "b"),)


def test_one_name_over_unlike_texts_is_a_homonym() -> None:
    entries = [entry("a", "cell"), entry("b", "cell")]
    assert find_families(entries, unit_rows(1, 0.5), LIMITS) == ()


def test_a_term_that_narrows_another_needs_texts_more_alike() -> None:
    entries = [entry("a", "pruning"), entry("b", "pruning for edge")]
    assert find_families(entries, unit_rows(1, 0.79), LIMITS) == ()
    assert find_families(entries, unit_rows(1, 0.81), LIMITS) == (("a", "b"),)


def test_generic_words_do_not_tell_concepts_apart() -> None:
    entries = [entry("a", "pruning techniques"), entry("b", "methods of pruning")]
    assert find_families(entries, unit_rows(1, 0.65), LIMITS) == (("a", "b"),)


def test_terms_that_each_say_something_of_their_own_stay_apart() -> None:
    entries = [entry("a", "network chip synthesis"), entry("b", "network synthesis optimization")]
    assert find_families(entries, unit_rows(1, 0.99), LIMITS) == ()


def test_an_alias_relates_its_entry_to_the_one_with_that_term() -> None:
    entries = [entry("a", "NODE", "neural ODE"), entry("b", "neural ODE"), entry("c", "ODE")]
    assert find_families(entries, unit_rows(1, 0.7, 0.1), LIMITS) == (("a", "b"),)


def test_no_entries_have_no_families() -> None:
    assert find_families([], np.zeros((0, 2), np.float32)) == ()


def test_an_entry_points_where_its_passages_point_on_average() -> None:
    vectors = np.array([[1, 0], [0, 1], [0, 1]], np.float32)
    directions = entry_directions(np.array([0, 0, 2]), vectors, 3)
    half = np.sqrt(0.5)
    np.testing.assert_allclose(directions, [[half, half], [0, 0], [0, 1]], rtol=1e-6)
