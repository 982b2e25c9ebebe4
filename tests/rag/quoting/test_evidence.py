from rag.quoting.evidence import Focus


def test_coverage_is_the_share_of_the_idf_that_is_present() -> None:
    focus = Focus({"lamp": 3.0, "watt": 1.0})
    assert focus.coverage(["lamp", "other"]) == 0.75
    assert focus.coverage([]) == 0.0
    assert Focus({}).coverage(["lamp"]) == 0.0


def test_full_coverage_is_exactly_one_in_whatever_order_the_words_come() -> None:
    weights = {f"w{n}": 0.1 * n + 0.7 for n in range(1, 12)}
    assert Focus(weights).coverage(reversed(list(weights))) == 1.0
    assert Focus(weights).coverage(set(weights)) == 1.0


def test_the_focus_beyond_some_words_keeps_the_rest_and_its_order() -> None:
    focus = Focus({"lamp": 3.0, "watt": 1.0, "bulb": 2.0}).beyond(["watt"])
    assert list(focus.weights.items()) == [("lamp", 3.0), ("bulb", 2.0)]
