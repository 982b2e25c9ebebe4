"""`aifactory entries` and `aifactory show`: what the live snapshot holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.options import AsJson, Home

_LONGEST_ID_CHARS = 200  # far past the longest id there is; keeps the message short

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from corpus.entry import Entry
    from corpus.passage import Passage


def entries(home: Home = None, as_json: AsJson = False) -> None:
    """List every entry of the live snapshot."""
    from api.commands.opening import open_live
    from api.terminal.terminal import output, print_json

    index = open_live(home).index
    found = [index.entry(entry_id) for entry_id in index.entry_ids()]
    if as_json:
        print_json([_row(entry) for entry in found])
    else:
        _print_table(output(), found, index.snapshot_id)


def show(
    entry_id: Annotated[str, typer.Argument(metavar="ENTRY_ID", help="As `entries` lists it.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show one entry in full, with its passages."""
    from api.commands.opening import open_live
    from api.entry_view import entry_json
    from api.plain_text import shortened, without_surrogates
    from api.terminal.terminal import output, print_json

    chat = open_live(home)
    entry = chat.entry(shortened(without_surrogates(entry_id), _LONGEST_ID_CHARS))
    if as_json:
        print_json(entry_json(chat.index, entry))
    else:
        family = chat.index.family(entry.entry_id)
        _print_entry(output(), entry, chat.index.passages(entry.entry_id), family)


def _row(entry: Entry) -> dict[str, Any]:
    row = entry.to_json()
    del row["body"]
    return row


def _print_table(console: Console, found: list[Entry], snapshot_id: str) -> None:
    from rich.table import Table
    from rich.text import Text

    from api.plain_text import counted, single_line

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("entry_id", overflow="fold", ratio=5)
    table.add_column("term", overflow="fold", ratio=4)
    table.add_column("category", overflow="fold", ratio=2)
    for entry in found:
        names = [entry.term, *entry.aliases]
        table.add_row(
            entry.entry_id,
            Text(single_line(", ".join(names))),
            Text(single_line(entry.category or "")),
        )
    console.print(table)
    console.print(
        Text(f"{counted(len(found), 'entry', 'entries')} in snapshot {snapshot_id}", style="quiet")
    )


def _print_entry(
    console: Console, entry: Entry, passages: tuple[Passage, ...], family: tuple[str, ...]
) -> None:
    from rich.text import Text

    from api.terminal.markdown import TerminalMarkdown

    console.print(_metadata(entry, family))
    console.print()
    console.print(TerminalMarkdown(entry.body))
    console.print()
    console.print(Text("Passages", style="bold"))
    for passage in passages:
        console.print(_passage_line(passage))


def _metadata(entry: Entry, family: tuple[str, ...]) -> Text:
    from rich.text import Text

    from api.plain_text import single_line

    lines = Text(single_line(entry.term), style="bold")
    fields = {
        "entry_id": entry.entry_id,
        "heading": entry.heading,
        "aliases": ", ".join(entry.aliases),
        "category": entry.category or "",
        "source": f"{entry.source.file}:{entry.source.line}",
        "twins": ", ".join(other for other in family if other != entry.entry_id),
    }
    for name, value in fields.items():
        if value:
            lines.append(f"\n{name:<9} {single_line(value)}", style="not bold dim")
    return lines


def _passage_line(passage: Passage) -> Text:
    from rich.text import Text

    from api.plain_text import single_line

    number = passage.passage_id.rpartition("#")[2]
    line = Text.assemble((f"#{number}", "marker"), f"  {passage.start}:{passage.end}")
    line.append(f"  {len(passage.units)} units", style="quiet")
    if passage.section:
        line.append(f"  {single_line(passage.section)}")
    return line
