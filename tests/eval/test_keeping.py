from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from eval.dataset import Dataset
from eval.errors import EvaluationUnreadable, ResultUnwritable
from eval.evaluation import Evaluation, QueryRecord, Retrieved, read_evaluation, write_evaluation
from eval.keeping import claim_folder, keep, only_if_filled, result_file, write_report
from eval.runs import Run, read_run
from eval.whole_file import write_whole

EVALUATION = Evaluation(
    name="workshop dev",
    created="2026-03-01T08:05:09+00:00",
    dataset={"name": "my set/№ 1", "split": "dev", "questions": 2},
    system={"snapshot": "5e1f", "llm": "extractive", "keep_snapshots": "3", "weight": 0.25},
    tasks={
        "retrieval": {"nDCG@10": {"q1": 1.0, "q2": 1 / 3}},
        "families": {"nDCG@10": {"q1": 1.0, "q2": 1 / 3}},
    },
    records={
        "q1": QueryRecord("What is «it»?\u2028", "definition", True, "what", True, 0.1 + 0.2),
        "q2": QueryRecord(
            "?", retrieved=(Retrieved(1, "d", "Lamp", 0.5, True, dense=2),), missing=("8",)
        ),
    },
    stages_ms={"total": [1.5, 2.25]},
    memory_mb={"peak": 100.5},
)


def unreadable(file: Path) -> str:
    with pytest.raises(EvaluationUnreadable) as refused:
        read_evaluation(file)
    assert "\n" not in str(refused.value)
    return str(refused.value).replace(str(file), "FILE")


def test_a_result_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_evaluation(EVALUATION, tmp_path / "deep" / "e.json")
    assert read_evaluation(tmp_path / "deep" / "e.json") == EVALUATION
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["e.json"]


def test_a_name_that_is_no_unicode_is_written_all_the_same(tmp_path: Path) -> None:
    odd = Evaluation("bad \udcff", "", {"name": "x\ud800"}, {"run": "\udcfe"}, {}, {})
    keep(tmp_path / "r", odd, None)
    assert read_evaluation(tmp_path / "r" / "evaluation.json").name == "bad ?"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "FILE is no result of `aifactory eval`: not JSON: EOF while parsing a value at "),
        (b"\x00\xff", "FILE is no result of `aifactory eval`: not JSON: "),
        (b"[" * 100_000, "FILE is no result of `aifactory eval`: not JSON: "),
        (b"[]", "FILE is no result of `aifactory eval`: the whole: Input should be an object"),
        (b"{}", "FILE is no result of `aifactory eval`: name: Field required"),
        (
            b'{"format": "aifactory-evaluation-2", "suites": []}',
            "FILE has the format 'aifactory-evaluation-2', this version reads "
            "'aifactory-evaluation-1'; run the evaluation again",
        ),
        (b'{"format": 7}', "FILE has the format 7, this version reads"),
    ],
    ids=["empty", "binary", "nested", "list", "foreign", "newer", "number"],
)
def test_what_is_no_result_is_refused_in_a_line(tmp_path: Path, text: bytes, message: str) -> None:
    (tmp_path / "e.json").write_bytes(text)
    assert unreadable(tmp_path / "e.json").startswith(message)


def test_a_wrong_value_is_named_with_its_place(tmp_path: Path) -> None:
    write_evaluation(EVALUATION, tmp_path / "e.json")
    data = json.loads((tmp_path / "e.json").read_bytes())
    data["tasks"]["retrieval"]["nDCG@10"]["q2"] = "high"
    (tmp_path / "e.json").write_text(json.dumps(data))
    assert unreadable(tmp_path / "e.json").startswith(
        "FILE is no result of `aifactory eval`: tasks.retrieval.nDCG@10.q2: Input should be"
    )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert unreadable(tmp_path / "no") == "FILE cannot be read: No such file or directory"
    assert result_file(tmp_path) == tmp_path / "evaluation.json"
    assert result_file(tmp_path / "x.json") == tmp_path / "x.json"


def test_a_folder_is_called_by_time_and_dataset_and_never_taken_twice(tmp_path: Path) -> None:
    named = "20260301080509-my-set-1-dev"
    dataset = Dataset("my set/№ 1", "dev", (), (), {}, "")
    for name in (named, f"{named}-2", f"{named}-3"):
        folder = claim_folder(tmp_path, dataset, "2026-03-01T08:05:09+00:00")
        assert folder == tmp_path / "evaluations" / name
        assert list(folder.iterdir()) == []


def test_evaluations_at_once_have_a_folder_each(tmp_path: Path) -> None:
    dataset = Dataset("set", "dev", (), (), {}, "")
    with ThreadPoolExecutor(8) as pool:
        claims = [pool.submit(claim_folder, tmp_path, dataset, "2026-03-01") for _ in range(40)]
    assert len({claim.result() for claim in claims}) == 40


def test_a_folder_is_taken_away_when_nothing_came_to_fill_it(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note").touch()
    for name in ("empty", "full"):
        with pytest.raises(KeyboardInterrupt), only_if_filled(tmp_path / name):
            raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "f", "old")
    write_whole(tmp_path / "f", b"new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["new"]
    (tmp_path / "folder" / "x").mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "folder", "text")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f", "folder"]


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("tasks.retrieval.nDCG@10.q2", float("nan"), "tasks.retrieval.nDCG@10.q2: nan is not in"),
        ("tasks.retrieval.nDCG@10.q2", 1e308, "tasks.retrieval.nDCG@10.q2: 1e+308 is not in [0, "),
        ("tasks.retrieval.nDCG@10.q3", 1.0, "tasks.retrieval.nDCG@10.q3: there is no record of"),
        ("records.q1.probability", 7.0, "records.q1.probability: 7 is not in [0, 1]"),
        ("memory_mb.peak", float("inf"), "peak: an amount is not in [0, 1e+15]"),
        ("stages_ms.total", [-1.0], "total: an amount is not in [0, 1e+15]"),
    ],
)
def test_a_result_that_no_evaluation_writes_is_refused(
    tmp_path: Path, path: str, value: object, problem: str
) -> None:
    write_evaluation(EVALUATION, tmp_path / "e.json")
    data = json.loads((tmp_path / "e.json").read_bytes())
    *parents, last = path.split(".")
    place = data
    for name in parents:
        place = place[name]
    place[last] = value
    (tmp_path / "e.json").write_text(json.dumps(data))
    message = unreadable(tmp_path / "e.json")
    assert message.startswith(f"FILE is no whole result of `aifactory eval`: {problem}")
    assert message.endswith("; run the evaluation again")


def test_everything_is_kept_in_one_folder(tmp_path: Path) -> None:
    run = Run("hybrid", {"q1": [("d", 0.5)]})
    keep(tmp_path / "r", EVALUATION, run)
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == [
        "evaluation.json",
        "report.html",
        "report.md",
        "run.trec",
    ]
    assert read_run(tmp_path / "r" / "run.trec") == run
    assert read_evaluation(tmp_path / "r" / "evaluation.json") == EVALUATION
    assert (tmp_path / "r" / "report.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_head_of_the_report_names_the_snapshot_and_no_setting(tmp_path: Path) -> None:
    keep(tmp_path, EVALUATION, None)
    text = (tmp_path / "report.md").read_text("utf-8")
    head = text[: text.index("## Summary")]
    assert "| Snapshot | 5e1f |" in head
    assert "snapshots" not in head
    assert "| LLM | extractive |" in text


def test_families_that_equal_the_entries_have_no_table(tmp_path: Path) -> None:
    keep(tmp_path, EVALUATION, None)
    for name in ("report.md", "report.html"):
        text = (tmp_path / name).read_text("utf-8")
        assert text.count("Counted per family of entries") == 1
        assert "Families" not in text


def test_kinds_that_are_alike_take_a_line_and_others_a_table(tmp_path: Path) -> None:
    records = {q: QueryRecord("?", kind) for q, kind in (("a", "fact"), ("b", "why"), ("c", "why"))}
    same = {"a": 1.0, "b": 1.0, "c": 1.0}
    tasks = {
        "retrieval": {"nDCG@10": same, "AP": {**same, "a": 0.5}},
        "answers": {"must include": {**same, "a": 0.0}, "quotes exact": same},
    }
    keep(tmp_path, replace(EVALUATION, tasks=tasks, records=records), None)
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "The same for every kind, by number of questions: fact 1, why 2.\n" in text
    assert "| Kind | must include | 95 % | n |\n" in text
    assert "| why | 1.000 | 0.158–1.000 | 2 |\n" in text
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "must include by kind of question" in page
    assert "nDCG@10 by kind of question" not in page


@pytest.mark.parametrize("path", ["file", "file/below", "file/a/b"])
def test_a_place_that_cannot_be_written_is_named_with_the_option(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / path
    with pytest.raises(ResultUnwritable) as refused:
        keep(folder, EVALUATION, None)
    assert str(refused.value).startswith(f"{folder} cannot be written: ")
    assert str(refused.value).endswith("; name another place with --out")
    with pytest.raises(ResultUnwritable, match="with --html"):
        write_report(folder / "x.html", [EVALUATION])
