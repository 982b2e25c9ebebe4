"""The conversation of `aifactory chat`: a prompt, answers, and a few words of its own."""

from __future__ import annotations

import contextlib

from rich.console import Console
from rich.text import Text

from api.cited_source import cited_sources
from api.errors import EXPECTED, one_line
from api.plain_text import single_line, without_surrogates
from api.terminal.answer_text import print_nearest_terms, print_notice, print_sources
from api.terminal.asker import Asker
from api.terminal.growing_text import GrowingText
from api.terminal.markdown import TerminalMarkdown
from rag.answer import Answer
from rag.chat import Chat
from rag.follow_up.focus import REMEMBERED
from rag.turn import Turn

_GREETING = "Ask the glossary. /help lists the commands; Ctrl-D or /quit leaves."
_GOODBYE = "Goodbye."
_HELP = """\
/sources  the sources of the last answer, each quote in its context
/new      start afresh: forget what was talked about
/help     this list
/quit     leave (so do Ctrl-C and Ctrl-D)

A follow-up such as "and how is it trained?" is understood from what was said before; the
line "Searched for: ..." shows what it was taken for."""
_AFRESH = "A new conversation."


class TerminalChat:
    """A conversation on one opened snapshot."""

    def __init__(self, asker: Asker, console: Console) -> None:
        self._asker = asker
        self._chat = asker.chat
        self._console = console
        self._last: Answer | None = None
        self._turns: list[Turn] = []
        self._history: list[tuple[str, str]] = []

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
        elif line == "/new":
            self._start_afresh()
        elif line == "/sources":
            self._show_sources()
        elif line.startswith("/"):
            self._say(f"{single_line(line)} is no command; /help lists them.")
        elif line:
            self._answer(line)
        return True

    def _answer(self, question: str) -> None:
        try:
            with GrowingText(self._console, self._asker.model) as text:
                answer = self._asker.ask(question, self._turns, self._history, text.show)
        except EXPECTED as error:
            self._say(one_line(error))
            return
        self._last = answer
        self._turns = [*self._turns, Turn.of(answer)][-REMEMBERED:]
        self._history = [*self._history, (question, answer.text)][-REMEMBERED:]
        if _was_changed(answer):
            self._say(f"Searched for: {single_line(answer.standalone_question)}")
            self._console.print()
        self._console.print(TerminalMarkdown(answer.text, citations=len(answer.citations)))
        if not answer.answerable:
            print_nearest_terms(self._console, answer)
        elif answer.citations:
            self._console.print()
            self._console.print(Text(_line_of_sources(self._chat, answer), style="quiet"))
        print_notice(self._console, answer)

    def _start_afresh(self) -> None:
        self._last, self._turns, self._history = None, [], []
        self._say(_AFRESH)

    def _show_sources(self) -> None:
        if self._last is None or not self._last.citations:
            self._say("There are no sources yet: ask a question first.")
        else:
            print_sources(self._console, cited_sources(self._chat, self._last))

    def _say(self, message: str) -> None:
        self._console.print(Text(message, style="quiet"))


def _was_changed(answer: Answer) -> bool:
    """Tell whether something else was searched for than what was asked, white space aside."""
    return answer.standalone_question.split() != answer.question.split()


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
