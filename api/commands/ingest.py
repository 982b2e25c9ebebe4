"""`aifactory ingest`: sources become the live glossary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import AsJson, Home, named_path, settings

if TYPE_CHECKING:
    from corpus.mapping import Mapping


def ingest(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="SOURCE",
            parser=named_path,
            help="Files or folders; none: the bundled glossary.",
        ),
    ] = None,
    add: Annotated[bool, typer.Option("--add", help="Keep what is live, add these.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at a malformed record.")] = False,
    source_format: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="Do not guess the format.")
    ] = None,
    field_map: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="FIELD=COLUMN", help="Where records keep a field; repeatable."
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Make these sources the live glossary: exactly these, or with --add these too."""
    from api.terminal.ingestion_progress import following
    from api.terminal.ingestion_text import print_ingested
    from api.terminal.terminal import notices, output, print_json
    from rag.ingestion import Request, run_ingestion
    from rag.settings import bundled_glossary

    request = Request(
        sources=tuple(sources or [bundled_glossary()]),
        add=add,
        strict=strict,
        format=source_format,
        mapping=_mapping(field_map or []),
    )
    chosen = settings(home)
    with following(notices()) as (progress, on_status):
        ingested = run_ingestion(chosen, request, progress, on_status)
    if as_json:
        print_json(ingested.to_json())
    else:
        print_ingested(output(), ingested)


def _mapping(pairs: list[str]) -> Mapping | None:
    from corpus.mapping import parse_mapping

    return parse_mapping(pairs) if pairs else None
