from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from eval.comparison import Comparison, compare, leading_measure
from eval.comparison_markdown import comparison_markdown, gate_line
from eval.difference import BETTER, NOT_SIGNIFICANT, WORSE, Difference
from eval.errors import NothingToCompare
from eval.evaluation import (
    Evaluation,
    QueryRecord,
    Retrieved,
    read_evaluation,
    write_evaluation,
)
from eval.statistics import Interval

LAMPS = ("lamp-a", "lamp-b", "lamp-c", "lamp-d")
DATASET: dict[str, str | int] = {"name": "workshop", "split": "dev", "digest": "d1"}
Tasks = dict[str, dict[str, dict[str, float]]]


def record(query: str, first: str = "lamp-a", answered: bool | None = None) -> QueryRecord:
    order = (first, *(lamp for lamp in LAMPS if lamp != first))
    ranking = (Retrieved(n, lamp, lamp, 1 / n, lamp == "lamp-a") for n, lamp in enumerate(order, 1))
    kind = "parts" if query.endswith(("1", "2")) else "uses"
    return QueryRecord(f"Lamp {query}?", kind, retrieved=tuple(ranking), answered=answered)


def evaluation(
    name: str,
    tasks: Tasks,
    records: Mapping[str, QueryRecord] | None = None,
    dataset: dict[str, str | int] = DATASET,
    **system: str | int,
) -> Evaluation:
    queries = {q for measures in tasks.values() for values in measures.values() for q in values}
    known = {q: record(q) for q in sorted(queries)} | dict(records or {})
    about: dict[str, str | int | float] = {"snapshot": f"snapshot-of-{name}", **system}
    return Evaluation(name, "2026-01-02T03:04:05+00:00", dataset, about, tasks, known)


def numbered(*values: float) -> dict[str, float]:
    return {f"q{number}": value for number, value in enumerate(values, start=1)}


def one_measure(name: str, *values: float, measure: str = "nDCG@10") -> Evaluation:
    return evaluation(name, {"retrieval": {measure: numbered(*values)}})


def only(comparison: Comparison) -> Difference:
    [pair] = comparison.pairs
    [difference] = pair.differences
    return difference


def test_a_difference_by_hand() -> None:
    found = only(
        compare(
            [one_measure("old", 1.0, 0.5, 0.5, 0.25), one_measure("new", 0.5, 0.25, 0.25, 0.25)]
        )
    )
    assert (found.task, found.measure, found.kind, found.n) == ("retrieval", "nDCG@10", "", 4)
    assert (found.mean_a, found.mean_b, found.difference) == (0.5625, 0.3125, -0.25)
    # three differences of one sign: 2 of 8 sign patterns are as extreme; one test, no adjustment
    assert (found.p, found.p_adjusted) == (0.25, 0.25)
    # variance of (-0.5, -0.25, -0.25, 0) is 0.125 / 3; 2.801585 * sqrt(0.125 / 3 / 4)
    assert found.detectable == pytest.approx(0.285936, abs=1e-5)
    assert -0.5 <= found.interval.low < -0.25 < found.interval.high <= 0.0
    assert found.verdict() == NOT_SIGNIFICANT


def test_a_drop_that_is_not_significant_does_not_fail_the_gate() -> None:
    comparison = compare([one_measure("old", 1.0, 1.0, 1.0), one_measure("new", 0.0, 0.0, 0.0)])
    assert only(comparison).difference == -1.0
    assert comparison.regressions() == ()
    assert gate_line(comparison) == (
        "**Gate: passed.** 1 test found nothing significantly worse than A (adjusted p ≤ 0.05)."
    )


def test_a_significant_drop_is_a_regression() -> None:
    comparison = compare([one_measure("old", *[1.0] * 8), one_measure("new", *[0.5] * 8)])
    [(name, found)] = comparison.regressions()
    assert (name, found.measure, found.p_adjusted) == ("new", "nDCG@10", 2 / 256)
    assert found.verdict() == WORSE
    assert comparison.regressions(alpha=0.005) == ()
    assert gate_line(comparison) == (
        "**Gate: failed.** Significantly worse than A: new: retrieval, nDCG@10 (-0.500, p 0.008)."
    )


def test_a_significant_gain_is_none() -> None:
    comparison = compare([one_measure("old", *[0.5] * 8), one_measure("new", *[1.0] * 8)])
    assert only(comparison).verdict() == BETTER
    assert comparison.regressions() == ()


def test_less_error_is_better() -> None:
    pair = [
        one_measure(n, *[v] * 8, measure="squared error") for n, v in (("old", 0.5), ("new", 0.1))
    ]
    assert only(compare(pair)).verdict() == BETTER
    assert only(compare(pair[::-1])).verdict() == WORSE


def test_a_measure_that_only_describes_gets_no_verdict() -> None:
    comparison = compare(
        [one_measure(n, *[v] * 8, measure="words") for n, v in (("old", 40.0), ("new", 90.0))]
    )
    found = only(comparison)
    assert (found.difference, found.p, found.p_adjusted, found.detectable) == (50, None, None, None)
    assert (found.verdict(), comparison.tests(), comparison.regressions()) == ("", 0, ())
    assert gate_line(comparison) == "**Gate: passed.** No measure that judges was compared."


def test_the_p_values_of_all_systems_are_adjusted_together() -> None:
    old = one_measure("old", *[1.0] * 8)
    comparison = compare([old, one_measure("same", *[1.0] * 8), one_measure("bad", *[0.5] * 8)])
    same, bad = (pair.differences[0] for pair in comparison.pairs)
    assert comparison.tests() == 2
    assert (same.p, same.p_adjusted) == (1.0, 1.0)
    assert (bad.p, bad.p_adjusted) == (2 / 256, 2 * 2 / 256)
    assert [name for name, _ in comparison.regressions()] == ["bad"]


def test_enough_tests_make_a_small_p_value_insignificant() -> None:
    old = one_measure("old", *[1.0] * 8)
    same = [one_measure(f"same {n}", *[1.0] * 8) for n in range(6)]
    comparison = compare([old, one_measure("bad", *[0.5] * 8), *same])
    assert comparison.pairs[0].differences[0].p_adjusted == 7 * 2 / 256  # 0.0547
    assert comparison.regressions() == ()


def test_systems_of_one_name_are_told_apart() -> None:
    comparison = compare([one_measure("run", 1.0), one_measure("run", 0.5), one_measure("run", 0)])
    assert [e.name for e in comparison.evaluations()] == ["run", "run (2)", "run (3)"]


def test_queries_that_only_one_measured_are_left_out_and_counted() -> None:
    old = evaluation("old", {"retrieval": {"nDCG@10": {"q1": 1.0, "q2": 0.0, "q3": 0.0}}})
    new = evaluation("new", {"retrieval": {"nDCG@10": {"q1": 0.5, "q9": 1.0}}})
    [pair] = compare([old, new]).pairs
    [found] = pair.differences
    assert (found.n, found.only_a, found.only_b, found.mean_a, found.mean_b) == (1, 2, 1, 1.0, 0.5)
    assert pair.warnings == (
        "retrieval, nDCG@10: left out 2 queries that only 'old' measured and 1 that only 'new' "
        "measured",
    )


def test_measures_that_only_one_has_are_named() -> None:
    old = evaluation("old", {"retrieval": {"nDCG@10": {"q1": 1.0}, "MRR": {"q1": 1.0}}})
    new = evaluation(
        "new", {"retrieval": {"nDCG@10": {"q1": 1.0}}, "answers": {"answered": {"q1": 1}}}
    )
    [pair] = compare([old, new]).pairs
    assert [found.measure for found in pair.differences] == ["nDCG@10"]
    assert pair.warnings == (
        "only 'old' measured retrieval MRR",
        "only 'new' measured answers answered",
    )


def test_another_digest_is_noted() -> None:
    old = one_measure("old", 1.0)
    new = evaluation("new", old.tasks, dataset={**DATASET, "digest": "d2"})
    [pair] = compare([old, new]).pairs
    assert pair.warnings == (
        "'old' was judged on the dataset workshop dev d1, 'new' on workshop dev d2: queries with "
        "the same id are compared, their judgments may differ",
    )


def test_another_text_of_the_same_query_is_noted() -> None:
    old = one_measure("old", 1.0, 1.0)
    new = evaluation("new", old.tasks, {"q2": QueryRecord("Who made the lamp?")})
    [pair] = compare([old, new]).pairs
    assert pair.warnings == (
        "1 query with the same id but another text in 'old' and in 'new': 'q2' is the first",
    )


@pytest.mark.parametrize("tasks", [{}, {"retrieval": {"nDCG@10": {}}}])
def test_results_that_share_no_query_cannot_be_compared(tasks: Tasks) -> None:
    with pytest.raises(NothingToCompare) as error:
        compare([one_measure("old", 1.0), evaluation("new", tasks)])
    assert "'old' and 'new' share no measured query" in str(error.value)
    assert "'old' measured retrieval on 1 query of workshop dev" in str(error.value)


def test_one_result_cannot_be_compared() -> None:
    with pytest.raises(NothingToCompare, match="two results or more, 1 given"):
        compare([one_measure("old", 1.0)])


@pytest.mark.parametrize(
    ("measures", "leading"),
    [
        (["recall@10", "nDCG@10"], "nDCG@10"),
        (["answered", "must include"], "must include"),
        (["words", "answered"], "answered"),
        (["words"], "words"),
    ],
)
def test_one_measure_stands_for_a_task(measures: list[str], leading: str) -> None:
    assert leading_measure(measures) == leading


def test_slices_are_means_over_the_queries_of_a_kind() -> None:
    [pair] = compare([one_measure("old", 1.0, 0.5, 0.0), one_measure("new", 0.5, 0.5, 1.0)]).pairs
    parts, uses = pair.slices
    assert (parts.kind, parts.n, parts.mean_a, parts.mean_b) == ("parts", 2, 0.75, 0.5)
    assert (uses.kind, uses.n, uses.difference, uses.interval) == ("uses", 1, 1.0, Interval(1, 1))
    assert [(found.p, found.p_adjusted, found.verdict()) for found in pair.slices] == [
        (1.0, 1.0, NOT_SIGNIFICANT)  # fewer than two queries of either kind changed
    ] * 2


def sliced(name: str, parts: list[float], uses: list[float], measure: str) -> Evaluation:
    values = numbered(*parts, *uses)
    kinds = ["parts"] * len(parts) + ["uses"] * len(uses)
    records = {q: QueryRecord("Lamp?", kind) for q, kind in zip(values, kinds, strict=True)}
    return evaluation(name, {"retrieval": {measure: values}}, records)


def test_a_slice_can_be_significantly_worse_and_is_adjusted_for_the_others() -> None:
    old = sliced("old", [1.0] * 7, [0.5] * 5, "nDCG@10")
    new = sliced("new", [0.5] * 7, [1.0] * 5, "nDCG@10")
    [pair] = compare([old, new]).pairs
    parts, uses = pair.slices
    assert (parts.p, parts.p_adjusted, parts.verdict()) == (2 / 128, 2 * 2 / 128, WORSE)
    # five queries of one sign: 2 of 32 sign patterns, the larger of two p-values is left as it is
    assert (uses.p, uses.p_adjusted, uses.verdict()) == (2 / 32, 2 / 32, NOT_SIGNIFICANT)


def test_a_worse_slice_is_marked_and_does_not_fail_the_gate() -> None:
    old = sliced("old", [1.0] * 7, [0.5] * 9, "nDCG@10")
    new = sliced("new", [0.5] * 7, [1.0] * 9, "nDCG@10")
    comparison = compare([old, new])
    assert (comparison.tests(), comparison.passes()) == (1, True)
    found = rows(comparison_markdown(comparison), "### Slices")
    assert found[0][7:] == ["Interval", "p", "adjusted p", "Verdict"]
    assert [[row[2], *row[8:]] for row in found[2:]] == [
        ["parts", "0.016", "0.016", "**worse**"],  # 2 / 128, after twice 2 / 512
        ["uses", "0.004", "0.008", "**better**"],
    ]
    slices = comparison.to_json()["comparisons"][0]["slices"]
    assert [(one["p_adjusted"], one["verdict"]) for one in slices] == [
        (2 / 128, "worse"),
        (2 * 2 / 512, "better"),
    ]


def test_slices_of_a_measure_that_only_describes_get_no_verdict() -> None:
    pair = [sliced(n, [v] * 7, [v] * 7, "words") for n, v in (("old", 40.0), ("new", 90.0))]
    comparison = compare(pair)
    assert {(d.p, d.p_adjusted) for d in comparison.pairs[0].slices} == {(None, None)}
    assert {row[-1] for row in rows(comparison_markdown(comparison), "### Slices")[2:]} == {"-"}


def test_less_error_in_a_slice_is_better() -> None:
    old = sliced("old", [0.5] * 7, [], "squared error")
    [pair] = compare([old, sliced("new", [0.1] * 7, [], "squared error")]).pairs
    assert [found.verdict() for found in pair.slices] == [BETTER]


def test_a_slice_counts_only_queries_that_both_measured() -> None:
    old = one_measure("old", 1.0, 0.5)
    new = evaluation("new", {"retrieval": {"nDCG@10": {"q1": 1.0, "q3": 1.0}}})
    [pair] = compare([old, new]).pairs
    assert [(found.kind, found.n, found.only_a) for found in pair.slices] == [("parts", 1, 1)]


def test_queries_without_a_record_are_compared() -> None:
    old, new = (
        Evaluation(name, "", {}, {}, {"retrieval": {"MRR": {"q1": value}}}, {})
        for name, value in (("old", 0.5), ("new", 1.0))
    )
    [pair] = compare([old, new]).pairs
    assert pair.slices == ()
    [change] = pair.most_changed()["retrieval"]
    assert (change.text, change.to_json()["first_a"]) == ("q1", [])


def test_the_most_changed_queries_come_first_and_ties_by_id() -> None:
    old = one_measure("old", 0.5, 0.5, 0.5, 0.5)
    new = one_measure("new", 0.75, 0.0, 0.5, 1.0)
    [pair] = compare([old, new]).pairs
    changes = pair.most_changed()["retrieval"]
    assert [(c.query_id, c.difference) for c in changes] == [
        ("q2", -0.5),
        ("q4", 0.5),
        ("q1", 0.25),
    ]
    assert [c.query_id for c in pair.most_changed(k=1)["retrieval"]] == ["q2"]


def test_a_changed_query_shows_what_both_systems_did() -> None:
    tasks: Tasks = {"retrieval": {"nDCG@10": {"q1": 1.0}}}
    old = evaluation("old", tasks, {"q1": record("q1", "lamp-a", answered=True)})
    lower: Tasks = {"retrieval": {"nDCG@10": {"q1": 0.5}}}
    new = evaluation("new", lower, {"q1": record("q1", "lamp-d", answered=False)})
    [pair] = compare([old, new]).pairs
    [change] = pair.most_changed()["retrieval"]
    assert change.to_json() == {
        "query_id": "q1",
        "text": "Lamp q1?",
        "measure": "nDCG@10",
        "value_a": 1.0,
        "value_b": 0.5,
        "difference": -0.5,
        "first_a": ["lamp-a", "lamp-b", "lamp-c"],
        "first_b": ["lamp-d", "lamp-a", "lamp-b"],
        "answered_a": True,
        "answered_b": False,
    }
    shown = comparison_markdown(compare([old, new]))
    row = next(line for line in shown.splitlines() if line.startswith("| Lamp q1?"))
    assert [cell.strip() for cell in row.strip("|").split("|")] == [
        "Lamp q1?",
        "1.000",
        "0.500",
        "-0.500",
        "lamp-a ✓, lamp-b, lamp-c",
        "lamp-d, lamp-a ✓, lamp-b",
        "yes",
        "no",
    ]


def test_the_settings_that_differ_are_found() -> None:
    tasks: Tasks = {"retrieval": {"nDCG@10": {"q1": 1.0}}}
    old = evaluation("old", tasks, snapshot="s", mode="hybrid", depth=10)
    new = evaluation("new", tasks, snapshot="s", mode="dense", device="cpu")
    [pair] = compare([old, new]).pairs
    assert pair.changed_settings() == {
        "mode": ("hybrid", "dense"),
        "depth": (10, None),
        "device": (None, "cpu"),
    }


def test_the_json_names_systems_differences_and_regressions() -> None:
    comparison = compare([one_measure("old", *[1.0] * 8), one_measure("new", *[0.5] * 8)])
    plain = json.loads(json.dumps(comparison.to_json(), allow_nan=False))
    assert [system["name"] for system in plain["systems"]] == ["old", "new"]
    assert plain["regressions"] == [{"name": "new", "task": "retrieval", "measure": "nDCG@10"}]
    [pair] = plain["comparisons"]
    assert (pair["name"], pair["warnings"]) == ("new", [])
    [difference] = pair["differences"]
    assert difference["interval"] == {"low": -0.5, "high": -0.5}
    assert (difference["p_adjusted"], difference["verdict"]) == (2 / 256, "worse")
    assert [found["kind"] for found in pair["slices"]] == ["parts", "uses"]
    assert len(pair["most_changed"]["retrieval"]) == 8
    assert pair["changed_settings"] == {"snapshot": ["snapshot-of-old", "snapshot-of-new"]}


def test_results_from_files_compare_as_they_did_in_memory(tmp_path: Path) -> None:
    pair = [one_measure("old", 1.0, 0.25), one_measure("new", 0.5, 0.5)]
    for one in pair:
        write_evaluation(one, tmp_path / one.name)
    again = compare([read_evaluation(tmp_path / one.name) for one in pair])
    assert again.to_json() == compare(pair).to_json()


def rows(markdown: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table after a heading."""
    after = f"\n{markdown}".split(f"\n{heading}\n", 1)[1].strip().split("\n\n", 1)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in after]


def test_the_markdown_tables_show_the_numbers() -> None:
    old = evaluation(
        "old",
        {"retrieval": {"nDCG@10": numbered(*[1.0] * 8)}, "answers": {"words": {"q1": 1234.5}}},
    )
    new = evaluation(
        "new",
        {"retrieval": {"nDCG@10": numbered(*[0.5] * 8)}, "answers": {"words": {"q1": 1234.5}}},
    )
    found = rows(comparison_markdown(compare([old, new])), "### Measures")
    assert found[0][5:] == ["B − A", "Interval", "p", "adjusted p", "Detectable", "Verdict"]
    numbers = ("8", "1.000", "0.500", "-0.500", "[-0.500, -0.500]", "0.008", "0.008", "-")
    assert found[2:] == [
        ["retrieval", "nDCG@10", *numbers, "**worse**"],
        ["answers", "words", "1", "1,234.500", "1,234.500", "0.000", "-", "-", "-", "-", "-"],
    ]


def test_a_secondary_measure_has_a_p_value_and_cannot_fail_the_gate() -> None:
    comparison = compare(
        [one_measure(n, *[v] * 8, measure="R@100") for n, v in (("old", 1.0), ("new", 0.5))]
    )
    [found] = comparison.pairs[0].differences
    assert (found.p, found.p_adjusted, comparison.regressions()) == (2 / 256, None, ())


def test_the_markdown_names_the_results() -> None:
    shown = comparison_markdown(compare([one_measure("old", 1.0), one_measure("new", 1.0)]))
    assert rows(shown, "# Comparison")[2:] == [
        ["**A**", "old", "2026-01-02 03:04 UTC", "workshop dev", "d1", "snapshot-of-old"],
        ["**B**", "new", "2026-01-02 03:04 UTC", "workshop dev", "d1", "snapshot-of-new"],
    ]
    assert rows(shown, "## B against A: new")[2:] == [
        ["snapshot", "snapshot-of-old", "snapshot-of-new"]
    ]
    assert "No query changed between A and B." in shown


def test_systems_alike_and_notes_are_told() -> None:
    old = evaluation("old", {"retrieval": {"MRR": {"q1": 1.0, "q2": 1.0}}}, snapshot="s")
    new = evaluation("new", {"retrieval": {"MRR": {"q1": 1.0}}}, snapshot="s")
    shown = comparison_markdown(compare([old, new]))
    assert "The systems A and B describe themselves alike." in shown
    assert "- Note: retrieval, MRR: left out 1 query that only 'old' measured" in shown
    assert gate_line(compare([new, old])).endswith("Read the notes below first.")


def test_the_gate_fails_when_the_baseline_was_not_measured_again() -> None:
    measured = {"nDCG@10": {"q1": 1.0, "q2": 1.0}}
    answered = {"must include": {"q1": 1.0, "q2": 1.0}, "quotes exact": {"q1": 1.0, "q2": 1.0}}
    full = evaluation("full", {"retrieval": measured, "answers": answered})
    for tasks, gap in (
        ({"retrieval": measured}, "answers lacks must include, quotes exact"),
        (
            {"retrieval": {"nDCG@10": {"q1": 1.0}}, "answers": answered},
            "retrieval lacks 1 query of the baseline",
        ),
    ):
        compared = compare([full, evaluation("part", tasks)])
        assert compared.regressions() == ()
        assert not compared.passes()
        assert gate_line(compared) == f"**Gate: failed.** Not measured as in A: part: {gap}."
    declined = {"must include": {"q1": 1.0, "q2": 0.0}, "quotes exact": {"q1": 1.0}}
    assert compare([full, evaluation("b", {"retrieval": measured, "answers": declined})]).passes()


def test_the_gate_fails_on_another_state_of_the_dataset() -> None:
    old = evaluation("old", {"retrieval": {"MRR": {"q1": 1.0, "q2": 1.0}}})
    new = replace(old, name="new", dataset={**old.dataset, "digest": "d2"})
    assert gate_line(compare([old, new])) == (
        "**Gate: failed.** Not measured as in A: new: the dataset has the digest d2 instead of d1."
    )


def test_three_systems_get_a_section_each() -> None:
    shown = comparison_markdown(
        compare([one_measure("old", 1.0), one_measure("new", 0.5), one_measure("other", 0.5)])
    )
    headings = [line for line in shown.splitlines() if line.startswith("## ")]
    assert headings == ["## B against A: new", "## C against A: other"]
    assert "nan" not in shown.lower()


def test_hostile_text_stays_one_inert_cell() -> None:
    hostile = "a | b\n<script>alert(1)</script> [x](javascript:y) \x1b[31m`c`"
    tasks: Tasks = {"retrieval": {"nDCG@10": {"q1": 1.0}}}
    lower: Tasks = {"retrieval": {"nDCG@10": {"q1": 0.5}}}
    records = {"q1": QueryRecord(hostile, kind="x|y")}
    shown = comparison_markdown(
        compare([evaluation("a|b", tasks, records), evaluation("<b>", lower, records)])
    )
    assert "<script>" not in shown.replace("\\<", "")
    assert "\x1b" not in shown
    assert r"a \| b \<script\>alert(1)\</script\> \[x\](javascript:y)" in shown
    assert r"x\|y" in shown
