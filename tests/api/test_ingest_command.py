from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

import rag.ingestion
from api.cli import app
from api.terminal.ingestion_progress import following
from api.terminal.ingestion_text import problem_lines
from corpus.errors import SourceNotFound
from corpus.mapping import Mapping
from corpus.report import Report
from rag.embedding import OnStatus
from rag.ingestion import Ingested, Request, StageProgress
from rag.settings import Settings, bundled_glossary


class FakeIngestion:
    """Stands in for `run_ingestion`: keeps what it was asked for, reports what it was given."""

    def __init__(self) -> None:
        self.report = Report("notes/\x1b[31mmine", "markdown", entries=3, repairs=2)
        self.asked: list[tuple[Path, Request]] = []
        self.failure: Exception | None = None

    def __call__(
        self, settings: Settings, request: Request, progress: StageProgress, on_status: OnStatus
    ) -> Ingested:
        self.asked.append((settings.home, request))
        if self.failure:
            raise self.failure
        on_status("preparing the model")
        progress("embed", 7, 7)
        return Ingested(
            snapshot_id="00000000000000aa",
            changed=True,
            entries=3,
            passages=4,
            units=5,
            families=2,
            embedded=6,
            reused=1,
            removed_snapshots=("00000000000000bb",),
            reports=(self.report,),
            duration_s=1.25,
        )


@pytest.fixture
def ingestion(monkeypatch: pytest.MonkeyPatch) -> FakeIngestion:
    fake = FakeIngestion()
    monkeypatch.setattr(rag.ingestion, "run_ingestion", fake)
    return fake


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["ingest", *arguments])


def test_without_a_source_the_bundled_glossary_is_ingested(
    ingestion: FakeIngestion, tmp_path: Path
) -> None:
    assert run("--home", str(tmp_path)).exit_code == 0
    assert ingestion.asked == [(tmp_path, Request((bundled_glossary(),)))]


def test_every_option_reaches_the_ingestion(ingestion: FakeIngestion) -> None:
    run(
        "a.csv",
        "b",
        "--add",
        "--strict",
        "--format",
        "csv",
        "--map",
        "term=name",
        "--map",
        "body=text",
    )
    ((_, request),) = ingestion.asked
    assert request == Request(
        sources=(Path("a.csv"), Path("b")),
        add=True,
        strict=True,
        format="csv",
        mapping=Mapping(term="name", body="text"),
    )


def test_the_summary_says_what_is_live_now(ingestion: FakeIngestion) -> None:
    ingestion.report.skip("another language")
    ingestion.report.note("pages 1 and 3 are missing")
    ingestion.report.problem("a.md", 7, "no term")
    result = run()
    assert [line.rstrip() for line in result.stdout.splitlines()] == [
        "notes/mine: 3 entries (markdown), 2 formula commands made whole",
        "  note: pages 1 and 3 are missing",
        "  skipped: 1 (another language)",
        "  problem: a.md:7: no term",
        "entries   3 (2 families of twins)",
        "passages  4 with 5 quotable units",
        "texts     6 embedded, 1 reused",
        "time      1.2 s",
        "snapshot  00000000000000aa (new, live)",
        "removed   00000000000000bb",
    ]
    assert result.stderr == "preparing the model\n"


def test_json_is_the_result_and_nothing_else(ingestion: FakeIngestion) -> None:
    result = run("--json")
    assert json.loads(result.stdout)["snapshot_id"] == "00000000000000aa"
    assert json.loads(result.stdout)["reports"][0]["entries"] == 3


def test_only_the_first_problems_are_listed() -> None:
    lines = list(problem_lines([str(number) for number in range(25)]))
    assert len(lines) == 21
    assert lines[-1] == "and 5 more problems (all of them with --json)"


@pytest.mark.parametrize("pair", ["term", "=x", "nonsense=x"])
def test_a_malformed_mapping_is_the_users_mistake(ingestion: FakeIngestion, pair: str) -> None:
    result = run("a.csv", "--map", pair)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("aifactory: --map ")
    assert ingestion.asked == []


def test_an_error_of_the_corpus_is_one_line(ingestion: FakeIngestion) -> None:
    ingestion.failure = SourceNotFound("no such file: a\x1b[31m.csv")
    result = run("a.csv")
    assert (result.exit_code, result.output) == (2, "aifactory: no such file: a.csv\n")


def test_progress_is_drawn_on_a_terminal_only() -> None:
    for terminal in (False, True):
        drawn = io.StringIO()
        console = Console(file=drawn, force_terminal=terminal, width=80)
        with following(console) as (progress, _):
            progress("embed", 1, 2)
        assert ("Embedding" in drawn.getvalue()) is terminal
