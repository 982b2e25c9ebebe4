from __future__ import annotations

from math import log2
from pathlib import Path

import ir_measures
import pytest
import pytrec_eval

from eval.measures import MEASURES, measure
from eval.runs import Run, read_run, write_run

# Ties in score, documents that nobody judged, judged ones that were never found, gains of 0 to 3,
# a question without an answer, and one that nobody judged.
QRELS = """\
q1 0 a 3
q1 0 b 0
q1 0 c 1
q1 0 z 2
q2 0 a 1
q3 0 k 1
q3 0 l 2
"""
RUN = """\
q1 Q0 x 1 0.9 theirs
q1 Q0 a 2 0.5 theirs
q1 Q0 b 3 0.5 theirs
q1 Q0 c 4 0.5 theirs
q1 Q0 d 5 0.1 theirs
q3 Q0 l 1 0.123456789 theirs
q3 Q0 m 2 0.1234567891 theirs
q3 Q0 k 3 -2 theirs
q9 Q0 a 1 1.0 theirs
"""
GAINS = {"q1": {"a": 3, "b": 0, "c": 1, "z": 2}, "q2": {"a": 1}, "q3": {"k": 1, "l": 2}}
TREC_EVAL = {
    "nDCG@10": "ndcg_cut_10",
    "Success@1": "success_1",
    "Success@5": "success_5",
    "R@10": "recall_10",
    "R@100": "recall_100",
    "AP": "map",
    "Rprec": "Rprec",
}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "qrels").write_text(QRELS)
    (tmp_path / "run").write_text(RUN)
    return tmp_path / "qrels", tmp_path / "run"


def test_a_published_run_gets_the_figures_of_trec_eval(files: tuple[Path, Path]) -> None:
    with files[0].open() as qrels, files[1].open() as run:
        evaluator = pytrec_eval.RelevanceEvaluator(
            pytrec_eval.parse_qrel(qrels), {"ndcg_cut", "success", "recall", "map", "Rprec"}
        )
        theirs = evaluator.evaluate(pytrec_eval.parse_run(run))
    ours = measure(GAINS, read_run(files[1]))
    assert set(theirs) == {"q1", "q3"}
    for name, their_name in TREC_EVAL.items():
        expected = {query: values[their_name] for query, values in theirs.items()}
        assert ours[name] == {**expected, "q2": 0.0}


def test_a_published_run_gets_the_figures_of_ir_measures(files: tuple[Path, Path]) -> None:
    qrels = [*ir_measures.read_trec_qrels(str(files[0]))]
    run = [*ir_measures.read_trec_run(str(files[1]))]
    # Another provider measures RR@10 and breaks ties in its own way: here nothing is tied.
    distinct = [line for line in run if line.doc_id not in ("b", "c", "m")]
    names = [ir_measures.parse_measure(name) for name in MEASURES]
    ours = measure(
        GAINS,
        Run("r", {q: [(d.doc_id, d.score) for d in distinct if d.query_id == q] for q in GAINS}),
    )
    for found in ir_measures.iter_calc(names, qrels, distinct):
        assert ours[str(found.measure)][found.query_id] == found.value


def test_a_run_read_again_has_the_same_figures(files: tuple[Path, Path], tmp_path: Path) -> None:
    run = read_run(files[1])
    write_run(run, tmp_path / "again")
    assert measure(GAINS, read_run(tmp_path / "again")) == measure(GAINS, run)


def test_the_values_are_those_worked_out_by_hand() -> None:
    # Ranked: x, c (gain 1), b (0), a (gain 3); z (gain 2) is never found.
    run = Run("r", {"q1": [("x", 9.0), ("c", 8.0), ("b", 7.0), ("a", 6.0)]})
    found = {name: values["q1"] for name, values in measure({"q1": GAINS["q1"]}, run).items()}
    gained = 1 / log2(3) + 3 / log2(5)
    best = 3 + 2 / log2(3) + 1 / log2(4)
    assert found == {
        "nDCG@10": pytest.approx(gained / best),
        "Success@1": 0.0,
        "Success@5": 1.0,
        "RR@10": 0.5,
        "R@10": pytest.approx(2 / 3),
        "R@100": pytest.approx(2 / 3),
        "AP": pytest.approx((1 / 2 + 2 / 4) / 3),
        "Rprec": pytest.approx(1 / 3),
    }


def test_ties_keep_the_order_of_the_ranking() -> None:
    run = Run("r", {"q": [("a", 0.5), ("b", 0.5), ("c", 0.5)]})
    assert {n: v["q"] for n, v in measure({"q": {"a": 1}}, run).items()} == dict.fromkeys(
        MEASURES, 1.0
    )


def test_silence_counts_zero_and_the_unjudged_do_not_count() -> None:
    run = Run("r", {"q1": [("a", 1.0)], "q2": [], "other": [("a", 1.0)]})
    values = measure({"q1": {"a": 1}, "q2": {"a": 1}, "q3": {"a": 1}}, run)
    for name in MEASURES:
        assert values[name] == {"q1": 1.0, "q2": 0.0, "q3": 0.0}


def test_nothing_judged_is_nothing_measured() -> None:
    assert measure({}, Run("r", {"q1": [("a", 1.0)]})) == {name: {} for name in MEASURES}
