"""An answer as people read it in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from api.cited_source import CitedSource, cited_sources
from api.plain_text import printable, single_line
from api.terminal.markdown import TerminalMarkdown
from rag.answer import Answer
from rag.chat import Chat

_INDENT = 4
_CONTEXT_CHARS = 40


def print_answer(console: Console, chat: Chat, answer: Answer) -> None:
    """Print the answer, its numbered sources and where it came from."""
    console.print(TerminalMarkdown(answer.text, citations=len(answer.citations)))
    if not answer.answerable:
        print_nearest_terms(console, answer)
    print_sources(console, cited_sources(chat, answer, _CONTEXT_CHARS))
    print_notice(console, answer)
    console.print()
    console.print(Text(_provenance(answer), style="quiet"))


def print_notice(console: Console, answer: Answer) -> None:
    """Print what the reader should know of how the answer came about, if anything."""
    if answer.notice:
        console.print()
        console.print(Text(f"Note: {single_line(answer.notice)}.", style="notice"))


def print_nearest_terms(console: Console, answer: Answer) -> None:
    """Print the terms of the glossary closest to the question, unless the text has named them."""
    if any(term not in answer.text for term in answer.nearest_terms):
        console.print()
        console.print("Nearest terms in the glossary:")
        for term in answer.nearest_terms:
            console.print(Text(f"  {single_line(term)}"))


def print_sources(console: Console, sources: list[CitedSource]) -> None:
    """Print every source: its number, its term, category and entry id, and the quote in context.

    What is said of an entry is said once, with its first number.
    """
    told: set[str] = set()
    for source in sources:
        console.print()
        console.print(_name(source) if source.entry_id in told else _title(source))
        told.add(source.entry_id)
        console.print(Padding(_quote(source), (0, 0, 0, _INDENT)))


def _name(source: CitedSource) -> Text:
    return Text.assemble((f"[{source.number}] ", "marker"), (single_line(source.term), "bold"))


def _title(source: CitedSource) -> Text:
    title = _name(source)
    if source.category:
        title.append(f" · {single_line(source.category)}")
    title.append(f" · {source.entry_id}", style="quiet")
    for twin in source.twins:
        title.append(f"\n{' ' * _INDENT}also defined in {twin.entry_id}", style="quiet")
    return title


def _quote(source: CitedSource) -> Text:
    return Text.assemble(
        (printable(source.before), "quiet"),
        (printable(source.quote), "quote"),
        (printable(source.after), "quiet"),
    )


def _provenance(answer: Answer) -> str:
    took_ms = answer.timings_ms.get("total", sum(answer.timings_ms.values()))
    model = single_line(answer.model)
    return f"answered from snapshot {answer.snapshot_id} · {model} · {took_ms:.0f} ms"
