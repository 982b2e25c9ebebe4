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
    from api.answer_text import print_answer
    from api.commands.opening import open_live
    from api.terminal import output, print_json

    chat = open_live(home, llm)
    answer = chat.ask(_read(question))
    if as_json:
        print_json(answer.to_json())
    else:
        print_answer(output(), chat, answer)


def _read(question: str) -> str:
    from api.plain_text import without_surrogates

    if question != "-":
        return without_surrogates(question)
    return sys.stdin.buffer.read().decode("utf-8", "replace").removeprefix("\ufeff").strip()
