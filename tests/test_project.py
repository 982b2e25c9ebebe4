"""The frame of the project: pins, the Makefile, the floors, sizes, and nothing private."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("api", "eval", "rag", "indexes", "corpus")
PROMISED_TARGETS = ("serve", "ask", "ingest", "test", "lint", "format", "clean", "help")
BUILT = {"build", "dist", "snapshots", "__pycache__"}
LONGEST_FILE_LINES = 400


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return [Requirement(name) for name in names]


def pins() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): Version(version) for name, version in pairs}


def needed_by(requirement: Requirement, seen: set[str]) -> Iterator[str]:
    """Yield the names of everything an installed package needs; torch pins its own GPU builds."""
    name = canonicalize_name(requirement.name)
    if name in seen:
        return
    seen.add(name)
    yield name
    try:
        wanted = requires(name) or []
    except PackageNotFoundError:
        return
    for child in map(Requirement, wanted):
        applies = child.marker is None or child.marker.evaluate({"extra": ""})
        pinned_by_torch = name == "torch" and child.name.startswith(("nvidia", "cuda", "triton"))
        if applies and not pinned_by_torch:
            yield from needed_by(child, seen)


def repository_files() -> Iterator[Path]:
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in parts[:-1])
        built = BUILT.intersection(parts) or any(part.endswith(".egg-info") for part in parts)
        if path.is_file() and not hidden and not built:
            yield path


def make(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Stand-ins for the installed programs: `aifactory` writes its arguments, one a line, to
    `calls`; `python` finds a live glossary when there is a file `live`."""
    python, aifactory = tmp_path / "python", tmp_path / "aifactory"
    python.write_text(f'#!/bin/sh\ntest -e "{tmp_path}/live"\n')
    aifactory.write_text(f'#!/bin/sh\nprintf \'%s\\n\' "$@" >> "{tmp_path}/calls"\n')
    python.chmod(0o755)
    aifactory.chmod(0o755)
    return tmp_path


def calls(programs: Path, *arguments: str) -> list[str]:
    done = make("-o", ".venv/.installed-runtime", f"BIN={programs}", *arguments)
    assert done.returncode == 0, done.stderr
    return (programs / "calls").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("requirement", declared(), ids=lambda requirement: requirement.name)
def test_a_declared_version_is_bounded_above(requirement: Requirement) -> None:
    assert {"<", "=="} & {specifier.operator for specifier in requirement.specifier}


@pytest.mark.parametrize("requirement", declared(), ids=lambda requirement: requirement.name)
def test_the_pin_of_a_declared_package_satisfies_its_bounds(requirement: Requirement) -> None:
    assert pins()[canonicalize_name(requirement.name)] in requirement.specifier


def test_everything_that_declared_packages_need_is_pinned() -> None:
    seen: set[str] = set()
    needed = {name for requirement in declared() for name in needed_by(requirement, seen)}
    assert sorted(needed - pins().keys()) == []


def test_plain_make_names_every_promised_target() -> None:
    shown = make().stdout
    missing = [name for name in PROMISED_TARGETS if f"make {name}" not in shown and name != "help"]
    assert missing == []
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [name for name in PROMISED_TARGETS if not re.search(rf"(?m)^{name}:", rules)] == []


@pytest.mark.parametrize(
    "question",
    [
        "What is a neural ODE?",
        'What\'s an "ODE"?',
        "$(HOME) $HOME $$ `id` \\n ; echo 100% #1",
        "$(shell touch pwned) ${x:-y} a & b | c > d * ~ !",
        "--help",
    ],
)
def test_make_ask_hands_the_question_over_character_for_character(
    question: str, programs: Path
) -> None:
    (programs / "live").touch()
    assert calls(programs, "ask", f"q={question}") == ["ask", "--", question]


def test_make_ask_without_a_question_says_how_to_ask() -> None:
    done = make("ask")
    assert done.returncode == 2
    assert done.stderr.startswith('make ask needs a question: make ask q="What is a neural ODE?"')


def test_make_serve_ingests_the_bundled_glossary_when_none_is_live(programs: Path) -> None:
    assert calls(programs, "serve", "port=9000") == ["ingest", "serve", "--port", "9000"]


def test_make_serve_leaves_a_live_glossary_alone(programs: Path) -> None:
    (programs / "live").touch()
    assert calls(programs, "serve") == ["serve"]


def test_make_ingest_takes_one_path_with_spaces(programs: Path) -> None:
    assert calls(programs, "ingest", "source=my terms/a.md") == ["ingest", "--", "my terms/a.md"]


def test_an_unsuitable_python_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    done = make(".venv/pyvenv.cfg", "PYTHON=python-of-nowhere", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        "PYTHON=python-of-nowhere is not installed: AI Factory Chat needs Python 3.11, 3.12 or 3.13"
    )


def test_the_floors_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("room", ROOMS)
def test_no_file_of_a_room_is_longer_than_its_noun_needs(room: str) -> None:
    lines = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / room).rglob("*.py")
    }
    assert {file: count for file, count in lines.items() if count > LONGEST_FILE_LINES} == {}


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    private = [b"/" + b"work/", b"/tmp/" + b"v0", b".lib" + b"rary/"]
    found = [
        path.relative_to(ROOT).as_posix()
        for path in repository_files()
        if any(word in path.read_bytes() for word in private)
    ]
    assert found == []
