"""Ask the development questions about page 2 of the AI Factory Glossary and judge the answers.

python -m eval.bench_answers --source page-2.txt

These questions were used while building: the figures say how development went, not how well unseen
questions do.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from eval.figures import Figure, print_figures
from eval.glossary_under_test import benchmark_parser, glossary_under_test
from rag.answer import Answer
from rag.chat import Chat

QUESTIONS = Path(__file__).resolve().parent / "data" / "page_2_dev.jsonl"


@dataclass(frozen=True, slots=True)
class DevelopmentQuestion:
    """A question, whether the page answers it, and what a good answer shows.

    `entries` are beginnings of entry ids, any of which may be found first; `must_include` are words
    and numbers that the answer has to contain.
    """

    question: str
    answerable: bool
    entries: tuple[str, ...]
    must_include: tuple[str, ...]

    def is_found(self, answer: Answer) -> bool:
        """Tell whether the first hit is one of the entries."""
        return bool(answer.hits) and answer.hits[0].entry.entry_id.startswith(self.entries)

    def is_met(self, answer: Answer) -> bool:
        """Tell whether the question was answered with everything it must include."""
        text = answer.text.replace("**", "").casefold()
        return answer.answerable and all(word.casefold() in text for word in self.must_include)


def read_questions(file: Path = QUESTIONS) -> list[DevelopmentQuestion]:
    """Read questions, one JSON object a line."""
    records = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [
        DevelopmentQuestion(
            record["question"],
            record["answerable"],
            tuple(record["entries"]),
            tuple(record["must_include"]),
        )
        for record in records
    ]


def measure(chat: Chat, questions: Sequence[DevelopmentQuestion]) -> list[Figure]:
    """Return the shares of questions found, answered, met and rightly declined."""
    answers = [(question, chat.ask(question.question)) for question in questions]
    good = [(question, answer) for question, answer in answers if question.answerable]
    bad = [answer for question, answer in answers if not question.answerable]
    demanding = [(question, answer) for question, answer in good if question.must_include]
    return [
        Figure("answerable questions", len(good)),
        Figure("first hit is right", 100 * fmean(q.is_found(a) for q, a in good), "%"),
        Figure("answered", 100 * fmean(a.answerable for _, a in good), "%"),
        Figure("questions with required words", len(demanding)),
        Figure("all required words shown", 100 * fmean(q.is_met(a) for q, a in demanding), "%"),
        Figure("words per answer, mean", fmean(len(a.text.split()) for _, a in good)),
        Figure("unanswerable questions", len(bad)),
        Figure("answered all the same", 100 * fmean(a.answerable for a in bad), "%"),
    ]


def main() -> None:
    """Run as the command line says."""
    arguments = benchmark_parser(__doc__).parse_args()
    with glossary_under_test(arguments) as chat:
        figures = measure(chat, read_questions())
    print_figures("Development questions", figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
