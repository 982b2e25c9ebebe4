"""`aifactory snapshots`: list, verify, activate, roll back and prune what ingestions produced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import AsJson, Home, settings

if TYPE_CHECKING:
    from indexes.store import Store

snapshots = typer.Typer(
    no_args_is_help=True, help="List, verify, activate, roll back and prune snapshots."
)

SnapshotId = Annotated[str, typer.Argument(metavar="ID", help="As `snapshots list` shows it.")]


@snapshots.command("list")
def list_snapshots(home: Home = None, as_json: AsJson = False) -> None:
    """List the snapshots, oldest first; each is verified."""
    from api.snapshot_text import print_snapshots, snapshot_json
    from api.terminal.terminal import output, print_json

    store = _store(home)
    found = store.list()
    if as_json:
        rows = [snapshot_json(snapshot) for snapshot in found]
        print_json({"current": store.current(), "snapshots": rows})
    else:
        print_snapshots(output(), found)


@snapshots.command()
def verify(
    snapshot_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Which one; none: the live one.")
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check every file of a snapshot against its hash."""
    from api.terminal.terminal import print_json

    store = _store(home)
    chosen = snapshot_id or _live(store)
    store.verify(chosen)
    if as_json:
        print_json({"snapshot_id": chosen, "verified": True})
    else:
        _say(f"{chosen} is intact")


@snapshots.command()
def activate(snapshot_id: SnapshotId, home: Home = None) -> None:
    """Make a snapshot the live one."""
    _store(home).activate(snapshot_id)
    _say(f"{snapshot_id} is live")


@snapshots.command()
def rollback(home: Home = None) -> None:
    """Make the snapshot before the live one live again."""
    _say(f"{_store(home).rollback()} is live")


@snapshots.command()
def prune(
    keep: Annotated[
        int | None, typer.Option("--keep", min=1, help="How many to keep, the live one included.")
    ] = None,
    home: Home = None,
) -> None:
    """Remove old snapshots; the live one always stays."""
    chosen = settings(home)
    removed = _store(home).prune(keep or chosen.keep_snapshots)
    for snapshot_id in removed:
        _say(f"removed {snapshot_id}")
    if not removed:
        _say("nothing to remove")


def _store(home: Path | None) -> Store:
    from indexes.store import Store

    return Store(settings(home).home)


def _live(store: Store) -> str:
    from indexes.errors import SnapshotMissing

    live = store.current()
    if live is None:
        raise SnapshotMissing("no snapshot is live yet; run `aifactory ingest` first")
    return live


def _say(message: str) -> None:
    from rich.text import Text

    from api.plain_text import single_line
    from api.terminal.terminal import output

    output().print(Text(single_line(message)), soft_wrap=True)
