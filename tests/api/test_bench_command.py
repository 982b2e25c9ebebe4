"""`aifactory bench`: the benchmarks by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from tests.newcomer import newcomer

ROOT = Path(__file__).resolve().parents[2]


def test_without_a_name_every_benchmark_is_listed_with_what_it_does() -> None:
    listed = CliRunner().invoke(app, ["bench"]).stdout.splitlines()
    files = sorted(file.stem.removeprefix("bench_") for file in (ROOT / "eval").glob("bench_*.py"))
    assert [line.split()[0] for line in listed] == files
    assert all(line.rstrip().endswith(".") for line in listed)


def test_an_unknown_name_is_one_line_with_those_there_are() -> None:
    refused = CliRunner().invoke(app, ["bench", "nothing"])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith("aifactory: there is no benchmark 'nothing'; there are ask, ")
    assert refused.stderr.count("\n") == 1


def test_what_follows_the_name_belongs_to_the_benchmark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = newcomer(tmp_path / "home", monkeypatch)
    told, _ = someone.start("bench", "names", "--help").communicate()
    assert told.startswith("usage: aifactory bench names [-h] [--source PATH]")
    run = someone.start("bench", "names", "--home", someone.home, "--json")
    printed, refused = run.communicate()
    assert (run.returncode, refused) == (0, "")
    found = {one["name"]: one["value"] for one in json.loads(printed)["figures"]}
    assert found["terms at rank 1"] == 100.0
