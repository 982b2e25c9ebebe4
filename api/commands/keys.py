"""`aifactory keys`: make, list and revoke the API keys of the server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.options import AsJson, Home, settings

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from api.door.api_keys import ApiKey, ApiKeys

_LAST_MOMENT = 253_402_300_799.0  # of the year 9999, where calendars of computers end

keys = typer.Typer(no_args_is_help=True, help="Make, list and revoke the API keys of the server.")


@keys.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whom or what the key is for.")],
    scopes: Annotated[
        str, typer.Option("--scopes", metavar="SCOPES", help="ask, admin, or both with a comma.")
    ] = "ask",
    rate_per_minute: Annotated[
        int | None,
        typer.Option("--rate-per-minute", min=0, help="Requests a minute; 0: any."),
    ] = None,
    concurrent: Annotated[
        int | None, typer.Option("--concurrent", min=0, help="Requests at once; 0: any.")
    ] = None,
    expires: Annotated[
        float | None, typer.Option("--expires", metavar="DAYS", min=0, help="Days it works.")
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it; it is shown this once, only a hash of it is kept."""
    from api.door.api_keys import Wish
    from api.terminal.terminal import notice, print_json

    wanted = tuple(dict.fromkeys(scope.strip() for scope in scopes.split(",")))
    with _open(home) as kept:
        key, token = kept.create(Wish(name, wanted, rate_per_minute, concurrent, expires))
    if as_json:
        print_json({"key": token, **_json(key)})
    else:
        notice(f"the key {key.key_id} of {key.name}; keep it now, it is not shown again:")
        print(token)


@keys.command("list")
def list_keys(home: Home = None, as_json: AsJson = False) -> None:
    """List the keys, oldest first, without their secrets."""
    from api.terminal.terminal import output, print_json

    with _open(home) as kept:
        found = kept.list()
    if as_json:
        print_json([_json(key) for key in found])
        return
    from rich.text import Text

    for key in found:
        output().print(Text(_line(key)), soft_wrap=True)
    if not found:
        output().print("No key yet; run `aifactory keys create NAME`.")


@keys.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `keys list` shows it.")],
    home: Home = None,
) -> None:
    """Make a key useless; running servers refuse it within seconds."""
    from api.terminal.terminal import notice

    with _open(home) as kept:
        key = kept.revoke(key_id)
    notice(f"the key {key.key_id} of {key.name} is revoked")


def _open(home: Path | None) -> AbstractContextManager[ApiKeys]:
    from contextlib import closing

    from api.door.api_keys import keys_of

    return closing(keys_of(settings(home)))


def _json(key: ApiKey) -> dict[str, Any]:
    from dataclasses import asdict

    known = asdict(key)
    del known["secret_sha256"]
    return {**known, "scopes": list(key.scopes)}


def _line(key: ApiKey) -> str:
    from datetime import UTC, datetime

    from api.plain_text import single_line

    def day(moment: float) -> str:
        return datetime.fromtimestamp(min(moment, _LAST_MOMENT), UTC).strftime("%Y-%m-%d")

    parts = [key.key_id, single_line(key.name), ",".join(key.scopes), f"made {day(key.created_at)}"]
    if key.rate_per_minute is not None:
        parts.append(f"{key.rate_per_minute} a minute")
    if key.concurrent is not None:
        parts.append(f"{key.concurrent} at once")
    if key.expires_at is not None:
        parts.append(f"until {day(key.expires_at)}")
    if key.revoked_at is not None:
        parts.append(f"revoked {day(key.revoked_at)}")
    return "  ".join(parts)
