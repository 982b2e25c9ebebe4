"""How the command line leaves: an exit code, and one line on stderr when something is wrong."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback

from typer import Abort, TyperException

from api.errors import EXPECTED, OURS, one_line, outcome
from api.plain_text import single_line


def exit_code_of(error: Exception, debug: bool) -> int:
    """Print an error on one line and return the exit code it stands for."""
    if isinstance(error, Abort):
        print_line("stopped")
        return OURS
    if isinstance(error, TyperException):
        if _is_help(error):
            print(error.format_message(), file=sys.stderr)
        else:
            print_line(_usage_message(error))
        return error.exit_code
    if isinstance(error, EXPECTED):
        print_line(one_line(error))
        return outcome(type(error)).exit_code
    return _unexpected(error, debug)


def silence_output() -> None:
    """Point stdout at nothing, so that nothing is left to fail while the process ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError):  # a stream without a descriptor cannot be pointed away
        os.dup2(nowhere, sys.stdout.fileno())


def _unexpected(error: Exception, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    kind = type(error).__name__
    print_line(f"unexpected {kind}: {one_line(error)} (`aifactory --debug …` shows the traceback)")
    return OURS


def _is_help(error: TyperException) -> bool:
    """Tell whether a group was called without a command, which shows its help."""
    context = getattr(error, "ctx", None)
    return context is not None and error.format_message() == context.get_help()


def _usage_message(error: TyperException) -> str:
    message = error.format_message().replace("Value error, ", "")
    context = getattr(error, "ctx", None)
    return f"{message} (see `{context.command_path} --help`)" if context else message


def print_line(message: str) -> None:
    """Print one line on stderr, after the name of the program."""
    print(f"aifactory: {single_line(message)}", file=sys.stderr)
