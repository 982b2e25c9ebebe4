"""Check every citation, and every character, of many answers.

python -m eval.bench_citations [--source PATH] [--home DIR] [--answers 1000] [--seed 0] [--json]
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from eval.figures import Figure, percent, print_figures
from eval.generated_questions import generated_questions
from eval.glossary_under_test import benchmark_parser, glossary_under_test
from eval.quote_coverage import uncovered
from rag.answer import Answer
from rag.chat import Chat

_MARKER = re.compile(r"\[(\d+)\]")


@dataclass(slots=True)
class Tally:
    """What was counted over the answers so far; `faults` has a line for everything wrong."""

    asked: int = 0
    answered: int = 0
    citations: int = 0
    exact_citations: int = 0
    covered_answers: int = 0
    declined_as_fixed: int = 0
    fully_marked_answers: int = 0
    faults: list[str] = field(default_factory=list)


def check(chat: Chat, questions: Iterable[str], answers: int) -> Tally:
    """Ask until there are `answers` answers (or no more questions), and check each."""
    names = frozenset(name.text.casefold() for name in chat.index.names())
    tally = Tally()
    for question in questions:
        if tally.answered == answers:
            break
        answer = chat.ask(question)
        tally.asked += 1
        cited = [chat.entry(citation.entry_id) for citation in answer.citations]
        labels = {entry.term for entry in cited}
        invented = uncovered(answer, names, labels)
        tally.faults.extend(f"{question!r} says beyond its quotes: {piece!r}" for piece in invented)
        if answer.answerable:
            _check_answer(chat, answer, invented, tally)
        else:
            tally.declined_as_fixed += not invented and not answer.citations
    return tally


def _check_answer(chat: Chat, answer: Answer, invented: list[str], tally: Tally) -> None:
    tally.answered += 1
    tally.covered_answers += not invented
    for citation in answer.citations:
        body = chat.entry(citation.entry_id).body
        tally.citations += 1
        if body[citation.start : citation.end] == citation.quote:
            tally.exact_citations += 1
        else:
            tally.faults.append(f"{answer.question!r}: citation {citation.number} is not its span")
    numbers = {citation.number for citation in answer.citations}
    without_quotes = answer.text
    for citation in answer.citations:  # a quote may hold "[7]" of its own
        without_quotes = without_quotes.replace(citation.quote, "")
    marked = set(map(int, _MARKER.findall(without_quotes)))
    if marked == numbers and answer.citations:
        tally.fully_marked_answers += 1
    else:
        tally.faults.append(f"{answer.question!r}: markers {marked} for citations {numbers}")


def figures_of(tally: Tally) -> list[Figure]:
    """Return the figures of a tally."""
    declined = tally.asked - tally.answered
    exact = percent(tally.exact_citations, tally.citations)
    covered = percent(tally.covered_answers, tally.answered)
    marked = percent(tally.fully_marked_answers, tally.answered)
    fixed = percent(tally.declined_as_fixed, declined)
    return [
        Figure("questions asked", tally.asked),
        Figure("answers", tally.answered),
        Figure("citations", tally.citations),
        Figure("citations that equal their span", exact, "%", "100 %"),
        Figure("answers covered by quotes", covered, "%", "100 %"),
        Figure("answers whose markers are their citations", marked, "%", "100 %"),
        Figure("questions declined", declined),
        Figure("declined with the fixed sentence alone", fixed, "%", "100 %"),
    ]


def main() -> None:
    """Run as the command line says."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--answers", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--seed", type=int, default=0, help="of the questions (default: 0)")
    arguments = parser.parse_args()
    with glossary_under_test(arguments) as chat:
        tally = check(chat, generated_questions(chat.index, arguments.seed), arguments.answers)
    print_figures("Citations", figures_of(tally), tally.faults, as_json=arguments.json)


if __name__ == "__main__":
    main()
