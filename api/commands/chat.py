"""`aifactory chat`: a conversation in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import Home, Llm

AsJsonLines = Annotated[
    bool,
    typer.Option("--json", help="Read a question a line; print one JSON object a line."),
]


def chat(llm: Llm = None, home: Home = None, as_json: AsJsonLines = False) -> None:
    """Ask one question after another, follow-ups included."""
    from api.commands.opening import open_asker
    from api.terminal.chat import TerminalChat
    from api.terminal.json_chat import answer_lines
    from api.terminal.terminal import output

    with open_asker(home, llm) as asker:
        if as_json:
            answer_lines(asker)
        else:
            TerminalChat(asker, output()).run()
