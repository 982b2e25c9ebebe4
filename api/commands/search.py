"""`aifactory search`: what retrieval finds, and how each channel ranked it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import AsJson, Home
from rag.hit import Mode

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from rag.hit import Channels, Hit, SearchResult

_SNIPPET_CHARS = 90


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for.")],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many entries.")] = 10,
    mode: Annotated[Mode, typer.Option("--mode", help="Which channels to use.")] = Mode.HYBRID,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find the best passage of each matching concept."""
    from api.commands.opening import open_live
    from api.plain_text import without_surrogates
    from api.terminal.terminal import output, print_json

    result = open_live(home).search(without_surrogates(query), k, mode)
    if as_json:
        print_json(result.to_json())
    elif result.hits:
        output().print(_table(result))
    else:
        output().print("Nothing found.")


def _table(result: SearchResult) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    table.add_column("#", justify="right", style="marker")
    table.add_column("term and passage", ratio=1)
    table.add_column("score", justify="right")
    table.add_column("e/d/l", no_wrap=True)
    for hit in result.hits:
        table.add_row(str(hit.rank), _found(hit), f"{hit.score:.4f}", _ranks(hit.channels))
    table.caption = "e/d/l: rank in the exact, dense and lexical channel"
    table.caption_justify = "left"
    return table


def _found(hit: Hit) -> Text:
    from rich.text import Text

    from api.plain_text import shortened, single_line

    found = Text.assemble(
        (single_line(hit.entry.term), "bold"), (f"  {hit.entry.entry_id}", "quiet")
    )
    section = f"{single_line(hit.passage.section)}: " if hit.passage.section else ""
    found.append("\n" + shortened(section + hit.passage.text, _SNIPPET_CHARS))
    twins = [entry_id for entry_id in hit.family if entry_id != hit.entry.entry_id]
    if twins:
        found.append("\ntwins: " + ", ".join(twins), style="quiet")
    return found


def _ranks(channels: Channels) -> str:
    ranks = (channels.exact, channels.dense, channels.lexical)
    return "/".join("-" if rank is None else str(rank) for rank in ranks)
