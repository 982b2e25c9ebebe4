"""The conversation of `aifactory chat`: a prompt, answers, and a few words of its own."""

from __future__ import annotations

import contextlib

from rich.console import Console
from rich.text import Text

from api.answer_text import print_nearest_terms, print_sources
from api.cited_source import cited_sources
from api.errors import EXPECTED, one_line
from api.plain_text import single_line, without_surrogates
from api.terminal_markdown import TerminalMarkdown
from rag.answer import Answer
from rag.chat import Chat

_GREETING = "Ask the glossary. /help lists the commands; Ctrl-D or /quit leaves."
_GOODBYE = "Goodbye."
_HELP = """\
/sources  the sources of the last answer, each quote in its context
/help     this list
/quit     leave (so do Ctrl-C and Ctrl-D)

Every question stands alone: a follow-up such as "and how is it trained?" is not yet
understood from what was said before, so name the subject in each question."""


class TerminalChat:
    """A conversation on one opened snapshot."""

    def __init__(self, chat: Chat, console: Console) -> None:
        self._chat = chat
        self._console = console
        self._last: Answer | None = None

    def run(self) -> None:
        """Read questions and answer them until the user leaves."""
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  gives `input` line editing and history
        self._say(_GREETING)
        with contextlib.suppress(KeyboardInterrupt):  # while an answer is worked out
            self._converse()
        self._say(_GOODBYE)

    def _converse(self) -> None:
        while (line := self._read()) is not None:
            self._console.print()
            if not self._react(line.strip()):
                break
            self._console.print()

    def _read(self) -> str | None:
        try:
            return without_surrogates(input("> "))
        except (EOFError, KeyboardInterrupt):
            self._console.print()
            return None

    def _react(self, line: str) -> bool:
        if line in ("/quit", "/exit"):
            return False
        if line == "/help":
            self._say(_HELP)
        elif line == "/sources":
            self._show_sources()
        elif line.startswith("/"):
            self._say(f"{single_line(line)} is no command; /help lists them.")
        elif line:
            self._answer(line)
        return True

    def _answer(self, question: str) -> None:
        try:
            answer = self._chat.ask(question)
        except EXPECTED as error:
            self._say(one_line(error))
            return
        self._last = answer
        self._console.print(TerminalMarkdown(answer.text, citations=len(answer.citations)))
        if not answer.answerable:
            print_nearest_terms(self._console, answer)
        elif answer.citations:
            self._console.print()
            self._console.print(Text(_line_of_sources(self._chat, answer), style="quiet"))

    def _show_sources(self) -> None:
        if self._last is None or not self._last.citations:
            self._say("There are no sources yet: ask a question first.")
        else:
            print_sources(self._console, cited_sources(self._chat, self._last))

    def _say(self, message: str) -> None:
        self._console.print(Text(message, style="quiet"))


def _line_of_sources(chat: Chat, answer: Answer) -> str:
    """Name each cited entry once, after the numbers that cite it."""
    numbers: dict[str, str] = {}
    for citation in answer.citations:
        before = numbers.get(citation.entry_id, "")
        numbers[citation.entry_id] = f"{before}[{citation.number}]"
    return "  ".join(
        f"{cited_by} {single_line(chat.entry(entry_id).term)}"
        for entry_id, cited_by in numbers.items()
    )
