"""The command line as a process of its own, on a real home."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent
MAIN = "from api.cli import main; main()"
HEAVY = {
    "torch",
    "transformers",
    "langchain",
    "fastapi",
    "uvicorn",
    "nncf",
    "sentence_transformers",
}
LOADED = f"""
import atexit, sys
atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))
{MAIN}
"""
GLOSSARY = """\
# Small glossary

## Beam Search

Beam search keeps the best partial sequences at every step of decoding.

## Tensor

A tensor is an array of numbers with any number of dimensions.

## Dropout

Dropout switches off random neurons while a network is trained.
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


def command(code: str, arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def environment(home: Path) -> dict[str, str]:
    chosen = {"AIFACTORY_HOME": str(home), "AIFACTORY_PRECISION": "fp32"}  # prepared sooner
    return {**os.environ, **chosen, "PYTHONPATH": str(ROOT)}


def run_in(
    home: Path, *arguments: str, code: str = MAIN, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(code, arguments),
        env={**environment(home), **variables},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small glossary live; the model is prepared once for all tests here."""
    folder = tmp_path_factory.mktemp("process")
    (folder / "glossary.md").write_text(GLOSSARY, encoding="utf-8")
    done = run_in(folder / "home", "ingest", str(folder / "glossary.md"), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["entries"] == 3
    return folder / "home"


@pytest.fixture
def run(home: Path) -> Run:
    return lambda *arguments, **more: run_in(home, *arguments, **more)


def test_a_question_is_answered_from_what_was_ingested(run: Run) -> None:
    answer = json.loads(run("ask", "What is beam search?", "--json").stdout)
    assert answer["answerable"]
    assert [citation["entry_id"] for citation in answer["citations"]] == ["beam-search"]


def test_asking_loads_no_heavy_module(run: Run) -> None:
    done = run("ask", "What is a tensor?", code=LOADED)
    assert done.returncode == 0
    assert HEAVY.intersection(done.stderr.splitlines()[-1].split()) == set()


def test_help_loads_no_index(run: Run) -> None:
    loaded = set(run("--help", code=LOADED).stderr.splitlines()[-1].split())
    assert {"numpy", "openvino", "faiss", "pydantic"}.intersection(loaded) == set()


def test_the_version_is_printed(run: Run) -> None:
    assert re.fullmatch(r"aifactory \d+\.\d+\.\d+\n", run("--version").stdout)


def test_piped_output_has_no_escape_sequences(run: Run) -> None:
    for arguments in (("ask", "tensor"), ("search", "tensor"), ("entries",), ("snapshots", "list")):
        done = run(*arguments)
        assert done.returncode == 0
        assert "\x1b" not in done.stdout


def test_a_reader_that_leaves_early_is_no_error(home: Path) -> None:
    with subprocess.Popen(
        command(MAIN, ("entries",)),
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 141


def test_snapshots_are_listed_verified_and_pruned(run: Run) -> None:
    listed = json.loads(run("snapshots", "list", "--json").stdout)
    (snapshot,) = listed["snapshots"]
    assert listed["current"] == snapshot["snapshot_id"]
    assert snapshot["counts"]["entries"] == 3
    assert f"{snapshot['snapshot_id']}  live" in run("snapshots", "list").stdout
    verified = json.loads(run("snapshots", "verify", "--json").stdout)
    assert verified == {"snapshot_id": listed["current"], "verified": True}
    assert run("snapshots", "activate", listed["current"]).stdout.endswith(" is live\n")
    assert run("snapshots", "prune", "--keep", "1").stdout == "nothing to remove\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("snapshots", "verify", "nothing"),
        ("snapshots", "activate", "../../etc"),
        ("snapshots", "rollback"),
        ("show", "nothing"),
        ("ask", "tensor", "--llm", "nothing:at-all"),
        ("ask", b"\xff\xfe"),
        ("ingest", "/nonexistent/file.md"),
        ("serve", "--host", "256.1.1.1"),
        ("serve", "--port", "0", "--llm", "foo:bar"),
        ("serve", "--port", "0", "--llm", "openai-compatible:x", "--workers", "2"),
        ("serve", "--port", "0", "--llm", "transformers:/nonexistent"),
    ],
    ids=repr,
)
def test_a_mistake_is_one_line_and_never_a_traceback(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert re.fullmatch(r"aifactory: .+\n", done.stderr)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_database_that_cannot_be_used_is_told_before_anybody_connects(
    home: Path, tmp_path: Path, workers: str
) -> None:
    (tmp_path / "broken.sqlite3").write_bytes(b"no database at all " * 300)
    broken = f"sqlite:///{tmp_path / 'broken.sqlite3'}"
    for address in (broken, "postgresql://u:ge@heim@127.0.0.1:1/x", "postgresql://127.0.0.1:1/x"):
        done = run_in(
            home, "serve", "--port", "0", "--workers", workers, AIFACTORY_DATABASE=address
        )
        assert done.returncode in (1, 2)
        assert re.fullmatch(r"aifactory: .+\n", done.stderr)
        assert "heim" not in done.stderr


def test_an_empty_home_says_how_to_ingest(tmp_path: Path) -> None:
    for arguments in (("ask", "tensor"), ("snapshots", "verify")):
        done = run_in(tmp_path / "empty", *arguments)
        assert done.returncode == 2
        assert "aifactory ingest" in done.stderr
    assert run_in(tmp_path / "empty", "snapshots", "list").returncode == 0


@contextmanager
def serving(home: Path, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve on a free port; yield the URL and the process."""
    process = subprocess.Popen(
        command(MAIN, ("serve", "--port", "0", *arguments)),
        env=environment(home),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield re.search(r"http://\S+/", process.stderr.readline())[0], process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        process.stderr.close()


def fetch(url: str) -> str:
    """Fetch in a process of its own: this one may open no sockets."""
    code = (
        "import sys, urllib.request as r; print(r.urlopen(sys.argv[1], timeout=60).read().decode())"
    )
    return subprocess.run(command(code, (url,)), capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("workers", ["1", "2"])
def test_serve_answers_and_stops_politely(home: Path, workers: str) -> None:
    with serving(home, "--workers", workers) as (url, process):
        assert json.loads(fetch(url + "health/ready"))["status"] == "ready"
        assert 'class="source" data-number="1"' in fetch(url + "?q=What+is+a+tensor")
    assert process.returncode in (0, 130)


def test_a_port_in_use_is_one_line(home: Path) -> None:
    with serving(home) as (url, _):
        port = url.rstrip("/").rpartition(":")[2]
        done = run_in(home, "serve", "--port", port)
    assert done.returncode == 1
    assert re.fullmatch(rf"aifactory: cannot listen on 127\.0\.0\.1:{port}: .+\n", done.stderr)
