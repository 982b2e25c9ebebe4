"""Open the glossary that a benchmark runs on, ingesting it when it is not live yet."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import CorpusError
from indexes.errors import IndexesError
from indexes.history import History
from rag.chat import Chat
from rag.errors import RagError
from rag.ingestion import Request, run_ingestion
from rag.opening import open_chat
from rag.settings import Settings, bundled_glossary, load_settings


def benchmark_parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the options that every benchmark has."""
    parser = argparse.ArgumentParser(description=(description or "").split("\n")[0])
    parser.add_argument(
        "--source",
        type=Path,
        metavar="PATH",
        help="what to ingest; without it, what is live in --home, else the bundled glossary",
    )
    parser.add_argument(
        "--home", type=Path, metavar="DIR", help="where to ingest; without it, a temporary folder"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


@contextmanager
def benchmark_home(arguments: argparse.Namespace) -> Iterator[Path]:
    """Yield the absolute home of a benchmark; a temporary one vanishes afterwards."""
    with tempfile.TemporaryDirectory(prefix="aifactory-bench-") as temporary:
        yield Path(arguments.home or temporary).resolve()


@contextmanager
def glossary_under_test(arguments: argparse.Namespace) -> Iterator[Chat]:
    """Yield a Chat on the glossary that the arguments name; one that cannot be used ends it all."""
    with benchmark_home(arguments) as home:
        yield open_or_leave(home, arguments.source)


@contextmanager
def glossary_and_home(arguments: argparse.Namespace) -> Iterator[tuple[Chat, Path]]:
    """Yield the same with the home it is in, for those who start a server there."""
    with benchmark_home(arguments) as home:
        yield open_or_leave(home, arguments.source), home


def open_or_leave(home: Path, source: Path | None) -> Chat:
    """Return a Chat on the glossary of a home; one that cannot be used ends the program."""
    try:
        settings = load_settings(home=home)
        ingest_if_needed(settings, source)
        return open_chat(settings)
    except (CorpusError, IndexesError, RagError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)


def ingest_if_needed(settings: Settings, source: Path | None) -> None:
    """Make `source` the live glossary of the home; None keeps the live one if there is one."""
    if source is None and History(settings.home).live():
        return
    source = source or bundled_glossary()
    print(f"ingesting {source} into {settings.home}", file=sys.stderr)
    run_ingestion(settings, Request((source,)))
