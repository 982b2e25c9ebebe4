"""`aifactory ask`: one question, one cited answer."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from api.commands.options import AsJson, Home, Llm


def ask(
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="The question; - reads stdin.")
    ],
    llm: Llm = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question with quotes from the glossary, each cited to its characters."""
    from api.commands.opening import open_asker
    from api.terminal.answer_text import print_answer
    from api.terminal.growing_text import GrowingText
    from api.terminal.terminal import output, print_json

    with open_asker(home, llm) as asker:
        if as_json:
            print_json(asker.ask(_read(question)).to_json())
            return
        console = output()
        with GrowingText(console, asker.model) as text:
            answer = asker.ask(_read(question), on_text=text.show)
        print_answer(console, asker.chat, answer)


def _read(question: str) -> str:
    from api.plain_text import without_surrogates

    if question != "-":
        return without_surrogates(question)
    return sys.stdin.buffer.read().decode("utf-8", "replace").removeprefix("\ufeff").strip()
