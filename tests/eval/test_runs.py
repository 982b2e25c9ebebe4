from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eval.errors import RunInvalid
from eval.runs import Run, read_run, strictly_descending, write_run


def ids(run: Run, query_id: str = "q1") -> list[str]:
    return [document_id for document_id, _ in run.rankings[query_id]]


@pytest.mark.parametrize("score", [0.5, 0.0, -3.25, 1e-45, 1e37, -1e37])
def test_a_round_trip_keeps_the_order_of_ties(tmp_path: Path, score: float) -> None:
    order = ["b", "a", "d", "c"]
    write_run(Run("r", {"q1": [(name, score) for name in order]}), tmp_path / "r.trec")
    assert ids(read_run(tmp_path / "r.trec")) == order


def test_a_round_trip_keeps_scores_and_queries(tmp_path: Path) -> None:
    rankings = {"q2": [("a", 0.1 + 0.2), ("b", 1e-9)], "q1#3": [("c", -1.0)]}
    write_run(Run("r", rankings), tmp_path / "deep" / "r.trec")
    assert read_run(tmp_path / "deep" / "r.trec") == Run("r", rankings)


def test_scores_differ_in_single_precision_by_as_little_as_they_can() -> None:
    one = np.float32(1)
    below = float(np.nextafter(one, np.float32(0)))
    lower = float(np.nextafter(np.float32(below), np.float32(0)))
    ranking = [("a", 1.0), ("b", 1.0 - 1e-12), ("c", 1.0), ("d", 0.5)]
    assert list(strictly_descending(ranking)) == [
        ("a", 1.0),
        ("b", below),
        ("c", lower),
        ("d", 0.5),
    ]


def test_a_run_is_written_line_by_line(tmp_path: Path) -> None:
    write_run(
        Run("my  best\nrun\udcff", {"q1": [("a", 2.0), ("b", 1.0)], "q2": []}), tmp_path / "r"
    )
    assert (tmp_path / "r").read_text(encoding="utf-8") == (
        "q1 Q0 a 1 2.0 my_best_run?\nq1 Q0 b 2 1.0 my_best_run?\n"
    )


def test_someone_elses_run_is_ordered_as_trec_eval_does(tmp_path: Path) -> None:
    lines = (
        "q1 Q0 a 1 0.5 bm25\n"
        "q1 Q0 c 2 0.5 bm25\n"  # a tie: the higher id first, whatever the rank says
        "q1 Q0 b 3 0.50000000001 bm25\n"  # a tie in single precision
        "q1\tQ0\td  4 9 bm25\r\n"
        "\n"
        "q1 Q0 e\u2028\u00a0f 5 -1e3 bm25\n"
    )
    (tmp_path / "r.run").write_text(lines, encoding="utf-8")
    run = read_run(tmp_path / "r.run")
    assert (run.name, ids(run)) == ("bm25", ["d", "c", "b", "a", "e\u2028\u00a0f"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("q1 Q0 b 2 0.5", ":2: 5 columns instead of 6 (query Q0 document rank score name)"),
        ("q1 Q0 b 2 0.5 my run", ":2: 7 columns instead of 6 (query Q0 document rank score name)"),
        ("q1 Q0 b 2 high run", ":2: score 'high' is not a number"),
        ("q1 Q0 b 2 nan run", ":2: score 'nan' is not finite in single precision"),
        ("q1 Q0 b 2 -inf run", ":2: score '-inf' is not finite in single precision"),
        ("q1 Q0 b 2 1e300 run", ":2: score '1e300' is not finite in single precision"),
        ("q1 Q0 a 2 0.5 run", ":2: 'a' is ranked twice for query 'q1'"),
        ("q1 Q0 \udcff 2 0.5 run", " is not UTF-8: invalid start byte at byte 24"),
    ],
)
def test_a_line_that_is_none_of_a_run_is_named(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "r.run"
    file.write_text(f"q1 Q0 a 1 1.0 run\n{line}\n", encoding="utf-8", errors="surrogateescape")
    with pytest.raises(RunInvalid) as refused:
        read_run(file)
    assert str(refused.value) == f"{file}{message}"


def test_a_file_without_a_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("\n \n")
    with pytest.raises(RunInvalid, match="r holds no line of a run"):
        read_run(tmp_path / "r")
    with pytest.raises(RunInvalid, match=r"none cannot be read: No such file or directory"):
        read_run(tmp_path / "none")
    with pytest.raises(RunInvalid, match=r"cannot be read: Is a directory"):
        read_run(tmp_path)
