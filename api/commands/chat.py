"""`aifactory chat`: a conversation in the terminal."""

from __future__ import annotations

from api.commands.options import Home, Llm


def chat(llm: Llm = None, home: Home = None) -> None:
    """Ask one question after another."""
    from api.commands.opening import open_live
    from api.terminal import output
    from api.terminal_chat import TerminalChat

    TerminalChat(open_live(home, llm), output()).run()
