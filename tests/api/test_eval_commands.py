"""`aifactory eval` on the workshop, with an embedder that counts words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import rag.embedding
from api.cli import app
from eval.evaluation import read_evaluation
from indexes.store import Store
from tests.eval.dataset_files import query, write_dataset
from tests.eval.workshop import embedder, ingest_workshop, workshop_dataset
from tests.newcomer import Newcomer

COMMANDS = ("run", "retrieval", "answers", "conversations", "compare", "report", "calibrate")
RESULT = {"evaluation.json", "report.html", "report.md"}


@pytest.fixture
def someone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    """Someone whose home has the workshop live."""
    monkeypatch.setattr(rag.embedding, "load_embedder", lambda *_, **__: embedder())
    return Newcomer(ingest_workshop(tmp_path).home)


@pytest.fixture
def questions(someone: Newcomer, tmp_path: Path) -> Path:
    return workshop_dataset(tmp_path, Store(someone.home).open())


def run(*arguments: object) -> Result:
    """Run a command that takes no home."""
    return CliRunner().invoke(app, [*map(str, arguments)])


def refused(*arguments: object) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert re.fullmatch(r"aifactory: .*\n", result.stderr)
    return result.stderr


def test_run_judges_everything_and_prints_the_report(someone: Newcomer, questions: Path) -> None:
    result = someone.run("eval", "run", questions)
    assert result.exit_code == 0
    assert result.stdout.startswith("# Evaluation report: questions dev\n")
    for title in ("Retrieval", "Families", "Answers", "Abstention", "Conversations, resolved"):
        assert f"\n## {title}\n" in result.stdout
    kept = re.fullmatch(r"kept in (.+)\n", result.stderr)
    assert kept
    folder = Path(kept[1])
    assert folder.parent == someone.home / "evaluations"
    assert re.fullmatch(r"\d{14}-questions-dev", folder.name)
    assert {path.name for path in folder.iterdir()} == {*RESULT, "run.trec"}


def test_json_is_the_whole_result_and_nothing_else(
    someone: Newcomer, questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = someone.run("eval", "run", questions, "--json", "--name", "mine", "--out", out)
    assert result.stderr == f"kept in {out}\n"
    printed = json.loads(result.stdout)
    assert printed == json.loads((out / "evaluation.json").read_bytes())
    assert (printed["name"], printed["tasks"]["answers"]["answered"]["marks"]) == ("mine", 0.0)
    assert not (someone.home / "evaluations").exists()


def test_the_result_says_what_was_running_and_not_where(
    someone: Newcomer, questions: Path, tmp_path: Path
) -> None:
    someone.done("eval", "answers", questions, "--out", tmp_path / "out")
    system = read_evaluation(tmp_path / "out" / "evaluation.json").system
    assert {"version", "snapshot", "embedder", "model", "precision", "llm", "mode"} <= set(system)
    assert str(someone.home) not in str(system)
    assert "keep_snapshots" not in system


@pytest.mark.parametrize(
    ("command", "tasks"),
    [
        ("retrieval", ["retrieval", "families"]),
        ("answers", ["answers", "abstention"]),
        (
            "conversations",
            ["conversation answers", *(f"conversations, {w}" for w in ("resolved", "raw"))],
        ),
    ],
)
def test_a_part_is_judged_alone(
    someone: Newcomer, questions: Path, tmp_path: Path, command: str, tasks: list[str]
) -> None:
    printed = json.loads(
        someone.done("eval", command, questions, "--json", "--out", tmp_path / "out")
    )
    assert list(printed["tasks"])[: len(tasks)] == tasks
    assert (tmp_path / "out" / "run.trec").exists() == (command == "retrieval")


def test_retrieval_takes_a_mode_and_a_depth(
    someone: Newcomer, questions: Path, tmp_path: Path
) -> None:
    options = ("--mode", "lexical", "-k", "1", "--out", tmp_path / "out", "--json")
    printed = json.loads(someone.done("eval", "retrieval", questions, *options))
    assert printed["system"]["mode"] == "lexical"
    lines = (tmp_path / "out" / "run.trec").read_text().splitlines()
    assert [line.split()[3] for line in lines] == ["1"] * 3


def test_a_run_file_is_judged_without_a_home(
    someone: Newcomer, questions: Path, tmp_path: Path
) -> None:
    ours = tmp_path / "ours"
    someone.done("eval", "retrieval", questions, "--out", ours)
    judged = ("eval", "retrieval", questions, "--run", ours / "run.trec", "--json")
    again = run(*judged)
    assert (again.exit_code, again.stderr) == (0, "")
    expected = json.loads((ours / "evaluation.json").read_bytes())["tasks"]["retrieval"]
    assert json.loads(again.stdout)["tasks"] == {"retrieval": expected}
    assert run(*judged, "--out", tmp_path / "kept").stderr == f"kept in {tmp_path / 'kept'}\n"
    assert {path.name for path in (tmp_path / "kept").iterdir()} == RESULT


def test_warnings_of_a_dataset_are_told_on_stderr(someone: Newcomer, tmp_path: Path) -> None:
    queries = [query("q1", "What is a kettle?"), query("q2", "what is a kettle?")]
    folder = write_dataset(tmp_path / "d", queries, {"dev": "q1 kettle 1", "test": "q2 kettle 1"})
    result = someone.run("eval", "retrieval", folder, "--out", tmp_path / "out")
    assert result.stderr.splitlines()[0] == (
        f"note: {folder}/queries.jsonl:1: the question 'What is a kettle?' stands word for word "
        f"in {folder}/queries.jsonl:2 (test) too"
    )


def result_of(folder: Path, name: str, found: int, count: int = 40) -> Path:
    """Write a run that finds the document of the first questions, judge it, return the result."""
    queries = [query(f"q{n}") for n in range(count)]
    judged = "\n".join(f"q{n} kettle 1" for n in range(count))
    dataset = folder / "set"
    if not dataset.exists():
        write_dataset(dataset, queries, {"dev": judged})
    documents = ["kettle" if n < found else "lamp" for n in range(count)]
    lines = [f"q{n} Q0 {document} 1 1.0 {name}\n" for n, document in enumerate(documents)]
    (folder / f"{name}.run").write_text("".join(lines))
    arguments = ("--run", folder / f"{name}.run", "--out", folder / name)
    assert run("eval", "retrieval", dataset, *arguments).exit_code == 0
    return folder / name


def test_the_gate_fails_on_a_significant_loss_alone(tmp_path: Path) -> None:
    good, bad = result_of(tmp_path, "good", 40), result_of(tmp_path, "bad", 10)
    near = result_of(tmp_path, "near", 39)
    for second, gate, code in ((bad, True, 1), (bad, False, 0), (near, True, 0)):
        result = run("eval", "compare", good, second, *["--gate"] * gate)
        assert (result.exit_code, result.stderr) == (code, "")
        assert "nDCG@10" in result.stdout
    assert run("eval", "compare", bad, good, "--gate").exit_code == 0


def test_compare_as_json_tells_the_difference(tmp_path: Path) -> None:
    good, bad = result_of(tmp_path, "good", 40), result_of(tmp_path, "bad", 10)
    result = run("eval", "compare", good / "evaluation.json", bad, "--gate", "--json")
    assert result.exit_code == 1
    assert "-0.75" in json.dumps(json.loads(result.stdout))


def test_run_files_are_compared_on_a_dataset(tmp_path: Path) -> None:
    result_of(tmp_path, "good", 40)
    result_of(tmp_path, "bad", 10)
    runs = (tmp_path / "good.run", tmp_path / "bad.run")
    result = run("eval", "compare", *runs, "--dataset", tmp_path / "set", "--gate")
    assert (result.exit_code, result.stderr) == (1, "")
    message = refused("eval", "compare", *runs)
    assert "is no result of `aifactory eval`" in message
    assert message.endswith("name the folder that judges it with --dataset\n")
    result_file = tmp_path / "good" / "evaluation.json"
    told = refused("eval", "retrieval", tmp_path / "set", "--run", result_file)
    assert "is JSON and looks like a result of `aifactory eval`" in told


def test_the_gate_fails_when_part_of_the_baseline_is_missing(
    someone: Newcomer, questions: Path, tmp_path: Path
) -> None:
    full, part = tmp_path / "full", tmp_path / "part"
    someone.done("eval", "run", questions, "--out", full)
    someone.done("eval", "retrieval", questions, "--out", part)
    result = run("eval", "compare", full, part, "--gate")
    assert (result.exit_code, result.stderr) == (1, "")
    assert "**Gate: failed.** Not measured as in A: " in result.stdout
    assert "answers lacks " in result.stdout
    assert run("eval", "compare", full, part).exit_code == 0
    assert run("eval", "compare", full, full, "--gate").exit_code == 0


def test_report_shows_one_or_several_results(tmp_path: Path) -> None:
    good, bad = result_of(tmp_path, "good", 40), result_of(tmp_path, "bad", 10)
    shown = run("eval", "report", good, bad)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.count("# Evaluation report: ") == 2
    page = tmp_path / "deep" / "page.html"
    written = run("eval", "report", good, bad, "--html", page)
    assert (written.stdout, written.stderr) == ("", f"wrote {page}\n")
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert "another place with --html" in refused("eval", "report", good, "--html", page / "x")


def test_what_cannot_be_judged_is_refused_in_a_line(
    someone: Newcomer, questions: Path, tmp_path: Path
) -> None:
    def line(*arguments: object) -> str:
        return someone.refused("eval", *arguments)

    assert "has no split 'test'; it has dev" in line("run", questions, "--split", "test")
    assert "there is no dataset folder" in line("run", tmp_path / "none")
    assert line("retrieval", questions, "--mode", "best") == (
        "aifactory: --mode is 'best'; the choices are hybrid, dense, lexical\n"
    )
    assert "'bundled' judges entries that the live glossary lacks" in line("run")
    assert "none cannot be read" in line("retrieval", questions, "--run", tmp_path / "none")
    ranks = tmp_path / "other.run"
    ranks.write_text("q1 Q0 kettle 1 1.0 x\n")
    assert "ranks nothing for any judged" in line("retrieval", questions, "--run", ranks)
    assert not (someone.home / "evaluations").exists()


@pytest.mark.parametrize("command", ["compare", "report"])
def test_a_file_that_is_no_result_is_refused_in_a_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "e.json").write_text("{}")
    files = (tmp_path / "e.json", tmp_path / "e.json")
    assert "e.json is no result of `aifactory eval`" in refused("eval", command, *files)
    assert "cannot be read: No such file" in refused("eval", command, tmp_path / "none", *files)


def test_a_place_that_cannot_keep_it_is_refused_before_anything_is_asked(
    someone: Newcomer, questions: Path
) -> None:
    (someone.home / "evaluations").touch()
    for options in ((), ("--out", someone.home / "evaluations" / "x")):
        result = someone.run("eval", "retrieval", questions, *options)
        assert (result.exit_code, result.stdout) == (2, "")
        assert re.fullmatch(
            r"aifactory: \S+ cannot be written: .+; name another place with --out\n",
            result.stderr,
        )


def test_without_a_snapshot_it_says_what_to_do(questions: Path, tmp_path: Path) -> None:
    assert "run `aifactory ingest`" in refused("eval", "run", questions, "--home", tmp_path / "new")


def test_names_that_steer_a_terminal_or_are_no_unicode_do_no_harm(
    someone: Newcomer, questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = someone.run(
        "eval", "retrieval", questions, "--name", "\x1b[31m[red]\udcff|", "--out", out
    )
    assert result.exit_code == 0
    assert "\x1b" not in result.output
    assert run("eval", "report", out).exit_code == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = run("eval", command, "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"eval {command}" in result.stdout
    listed = run("eval", "--help").stdout
    assert re.search(rf"^\W*{command} ", listed, re.MULTILINE)
