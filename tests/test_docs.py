"""The documentation names everything that exists, and nothing that does not."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from typer.main import get_command

import api.errors
import corpus.errors
import eval.errors
import indexes.errors
import rag.errors
from api.app import create_app
from api.cli import app as command_line
from corpus.formats import FORMATS
from rag.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MANUAL = "\n".join(
    page.read_text(encoding="utf-8") for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
)
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
CONSOLE = re.compile(r"^```console\n(?P<lines>.*?)^```", re.DOTALL | re.MULTILINE)
ERROR_ROW = re.compile(r"(?m)^\| `(?P<name>\w+)` \| (?P<exit_code>\d) \| (?P<status>\d{3}) \|")


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command that can be run, with the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands(get_command(command_line)))


def options(command: Any) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts if name[0] == "-"}


def leaf_errors(module: ModuleType) -> Iterator[type[Exception]]:
    errors = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Exception)
        and value.__module__ == module.__name__
    ]
    bases = {base for error in errors for base in error.__bases__}
    return (error for error in errors if error not in bases)


ERRORS = [
    error
    for module in (corpus.errors, indexes.errors, rag.errors, eval.errors, api.errors)
    for error in leaf_errors(module)
]


def console_lines() -> list[str]:
    """Return every line that a reader is told to type, without its prompt."""
    blocks = (
        match["lines"] for page in PAGES for match in CONSOLE.finditer(page.read_text("utf-8"))
    )
    lines = (line for block in blocks for line in block.splitlines())
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_and_its_options_are_documented(words: tuple[str, ...]) -> None:
    assert f"aifactory {' '.join(words)}" in MANUAL
    missing = [name for name in options(COMMANDS[words]) if f"`{name}" not in MANUAL]
    assert missing == []


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    assert f"`AIFACTORY_{name.upper()}`" in MANUAL


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_documented(name: str) -> None:
    assert f"`{name}`" in MANUAL


def test_every_route_is_documented(tmp_path: Path) -> None:
    application = create_app(load_settings({}, home=tmp_path))
    paths = {str(route.path) for route in iter_route_contexts(application.routes)}
    assert {"/", "/ask", "/search", "/static"} <= paths
    assert [path for path in sorted(paths) if f"`{path}`" not in MANUAL] == []


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_stands_in_the_table_with_its_exit_code_and_status(
    error: type[Exception],
) -> None:
    table = {
        row["name"]: (int(row["exit_code"]), int(row["status"]))
        for row in ERROR_ROW.finditer(MANUAL)
    }
    assert table[error.__name__] == tuple(api.errors.outcome(error))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    targets = [match["target"] for match in LINK.finditer(page.read_text(encoding="utf-8"))]
    local = [target for target in targets if not re.match(r"[a-z]+:|#", target)]
    assert [target for target in local if not (page.parent / target.split("#")[0]).exists()] == []


@pytest.mark.parametrize(
    "line", [line for line in console_lines() if line.startswith("aifactory ")]
)
def test_a_command_shown_in_the_documentation_exists(line: str) -> None:
    typed = shlex.split(line, comments=True)[1:]
    words = next((key for n in (1, 2) if (key := tuple(typed[:n])) in COMMANDS), None)
    assert words is not None
    used = {word.partition("=")[0] for word in typed[len(words) :] if re.match(r"--?[a-z]", word)}
    assert used - options(COMMANDS[words]) == set()


@pytest.mark.parametrize("line", [line for line in console_lines() if line.startswith("make ")])
def test_a_target_shown_in_the_documentation_exists(line: str) -> None:
    target = shlex.split(line, comments=True)[1]
    assert re.search(rf"(?m)^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"))
