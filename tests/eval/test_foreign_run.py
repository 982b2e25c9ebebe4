from __future__ import annotations

from pathlib import Path

import pytest

from eval.dataset import Dataset
from eval.dataset_reading import read_dataset
from eval.errors import RunInvalid
from eval.evaluation import Retrieved
from eval.foreign_run import evaluate_run
from tests.eval.dataset_files import query, write_dataset

TOLD = [["user", "A lamp?"], ["agent", "Yes."]]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    queries = [query("q1", kind="fact"), query("q2"), query("h1", history=TOLD)]
    turns = [{"text": "A fan?"}, {"text": "Its blades?"}]
    folder = write_dataset(
        tmp_path / "d",
        queries,
        {"dev": "q1 a 1\nq2 a 1\nh1 b 1\nc#2 b 1"},
        [{"_id": "c", "turns": turns}],
    )
    return read_dataset(folder, "dev")


def written(folder: Path, *lines: str) -> Path:
    ranked = [f"{q} Q0 {d} 1 {score} bm25\n" for q, d, score in map(str.split, lines)]
    (folder / "r.run").write_text("".join(ranked))
    return folder / "r.run"


def test_a_run_is_judged_without_a_glossary(dataset: Dataset, tmp_path: Path) -> None:
    file = written(tmp_path, "q1 x 0.1", "q1 a 0.3", "q1 b 0.2", "other a 1")
    found = evaluate_run(file, dataset)
    assert (found.name, found.system) == ("bm25", {"run": str(file)})
    assert found.tasks["retrieval"]["RR@10"] == {"q1": 1.0, "q2": 0.0}
    assert list(found.tasks) == ["retrieval"]
    assert found.records["q1"].retrieved == (
        Retrieved(1, "a", "a", 0.3, True),
        Retrieved(2, "b", "b", 0.2, False),
        Retrieved(3, "x", "x", 0.1, False),
    )
    assert (found.records["q1"].kind, found.records["q2"].retrieved) == ("fact", ())
    assert evaluate_run(file, dataset, "mine").name == "mine"


def test_questions_with_history_count_for_a_run_that_ranks_one(
    dataset: Dataset, tmp_path: Path
) -> None:
    found = evaluate_run(written(tmp_path, "h1 b 1"), dataset)
    assert found.tasks["retrieval"]["RR@10"] == {"h1": 1.0, "c#2": 0.0}
    found = evaluate_run(written(tmp_path, "c#2 b 1", "q2 a 1"), dataset)
    assert found.tasks["retrieval"]["RR@10"] == {"q1": 0.0, "q2": 1.0, "h1": 0.0, "c#2": 1.0}


def test_a_run_of_other_questions_is_refused(dataset: Dataset, tmp_path: Path) -> None:
    file = written(tmp_path, "PLAIN-1 a 1")
    with pytest.raises(RunInvalid) as refused:
        evaluate_run(file, dataset)
    assert str(refused.value) == (
        f"{file} ranks nothing for any judged question of d dev; it has queries such as 'PLAIN-1'"
    )
