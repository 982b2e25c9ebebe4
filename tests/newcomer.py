"""The command line with a cheap embedder: in this process, or in one of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import rag.embedding
from api.cli import app
from tests.fakes import WordEmbedder

ROOT = Path(__file__).resolve().parent.parent
WORDS = ("tensor", "array", "beam", "search", "dropout", "neurons", "numbers")
GLOSSARY = """\
# Small glossary

## Beam Search

Beam search keeps the best partial sequences.

## Tensor

A tensor is an array of numbers.
"""

CHEAP = f"""
import sys
import rag.embedding
from tests.fakes import WordEmbedder
rag.embedding.load_embedder = lambda *_, **__: WordEmbedder(*{WORDS!r})
from api.cli import main
"""
MAIN = CHEAP + "main()"


class Newcomer:
    """Runs commands on one home; every refusal must be one line and leave the home as it is."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def run(self, *arguments: object) -> Result:
        """Run a command in this process."""
        return CliRunner().invoke(app, [*map(str, arguments), "--home", str(self.home)])

    def done(self, *arguments: object) -> str:
        """Run a command that must succeed; return what it printed."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def refused(self, *arguments: object, code: int = 2) -> str:
        """Run a command that must refuse in one line; return the line."""
        before = self.live()
        result = self.run(*arguments)
        assert (result.exit_code, result.stdout) == (code, ""), result.output
        assert re.fullmatch(r"aifactory: .{10,600}\n", result.stderr), result.stderr
        assert self.live() == before
        return result.stderr

    def live(self) -> str | None:
        """Return what CURRENT holds."""
        current = self.home / "CURRENT"
        return current.read_text(errors="replace") if current.is_file() else None

    def start(self, *arguments: object, code: str = MAIN) -> subprocess.Popen[str]:
        """Start a command in a process of its own."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [sys.executable, "-c", code, *map(_argument, arguments)],
            env={**os.environ, "AIFACTORY_HOME": str(self.home), "PYTHONPATH": str(ROOT)},
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
        )


def newcomer(home: Path, monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    """Return a newcomer whose home has the small glossary live."""
    monkeypatch.setattr(rag.embedding, "load_embedder", lambda *_, **__: WordEmbedder(*WORDS))
    source = home.with_name("glossary.md")
    source.write_text(GLOSSARY, encoding="utf-8")
    someone = Newcomer(home)
    someone.done("ingest", source)
    return someone


def _argument(value: object) -> str | bytes:
    return value if isinstance(value, bytes) else str(value)
