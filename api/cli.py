"""The command line `aifactory`.

A command must start fast, so the modules of this room that belong to the command line import what
a command needs inside its function, when it runs: `aifactory ask` never loads the web server, and
`aifactory --help` loads no index. This is the one exception to imports at the top.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api.commands.ask import ask
from api.commands.bench import bench
from api.commands.chat import chat
from api.commands.entries import entries, show
from api.commands.evaluate import evaluate
from api.commands.ingest import ingest
from api.commands.keys import keys
from api.commands.mcp import mcp
from api.commands.search import search
from api.commands.serve import serve
from api.commands.snapshots import snapshots
from api.terminal.leaving import exit_code_of, print_line, silence_output


class CommandLine(TyperGroup):
    """The group of commands; every way out of it is an exit code and at most one line."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = "aifactory",
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command; in standalone mode leave the process with its exit code."""
        given = sys.argv[1:] if args is None else list(args)
        try:
            code = super().main(given, prog_name, complete_var, False, windows_expand_args, **extra)
        except Exception as error:  # noqa: BLE001  told on one line, with --debug in full
            code = exit_code_of(error, debug="--debug" in given)
        if standalone_mode:
            sys.exit(code or 0)
        return code

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command; a reader that has seen enough (`| head`) ends it quietly."""
        try:
            super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            silence_output()
            raise typer.Exit(141) from None  # 128 + SIGPIPE, what a shell reports for its own tools
        except KeyboardInterrupt:
            print_line("stopped")
            raise typer.Exit(130) from None  # 128 + SIGINT


app = typer.Typer(
    cls=CommandLine,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Ask a technical glossary in plain language; every sentence of the answer is cited.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from api.version import version

        typer.echo(f"aifactory {version()}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the version."
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an unexpected error.")
    ] = False,
) -> None:
    """Take the options that stand before the command."""


app.command()(ingest)
app.command()(entries)
app.command()(show)
app.command()(search)
app.command()(ask)
app.command()(chat)
app.command()(serve)
app.command()(mcp)
app.add_typer(snapshots, name="snapshots")
app.add_typer(keys, name="keys")
app.add_typer(evaluate, name="eval")
app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "allow_interspersed_args": False,  # what follows the name is the benchmark's own
    }
)(bench)


def main() -> None:
    """Run the command line and leave the process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows "?"
    app(prog_name="aifactory")
