"""What a language model may say, good and bad, and whether it reaches the reader.

    python -m eval.adversarial [--home HOME] [--seed 7] [--list]

Hostile answers are made from the glossary's own sentences: a number, a unit or a role is changed, a
clause or another entry's fact is added, a denial put in. Faithful ones are its sentences as they
are, in other words by templates, and (for the bundled glossary) written by hand. The command
answers with each of them in `withhold` and prints what got through and what was held back.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from eval.adversarial_case import Case, words_in_order
from eval.adversarial_cases import faithful_cases, hostile_cases
from rag.answer import Answer
from rag.chat import Chat
from rag.models.generator import Message
from rag.opening import open_chat
from rag.settings import load_settings
from rag.writing.answer_event import Finished
from rag.writing.answering import Answering, Asked, Writing

T = TypeVar("T")

_SOURCE = re.compile(r'<source-([0-9a-f]+) number="(\d+)" term="([^"]*)">')


def filled(text: str, prompt: str, term: str) -> str:
    """Return what a model says once it has read its prompt."""
    sources = _SOURCE.findall(prompt)
    nonce = sources[0][0] if sources else "0"
    own = next((number for _, number, name in sources if name == term), "1")
    other = next((number for _, number, name in sources if name != term), "2")
    return text.replace("{n}", own).replace("{other}", other).replace("{nonce}", nonce)


def leaked(case: Case, answer: Answer) -> list[str]:
    """Return what of a hostile text stands in an answer, by its words in order.

    A fact of another entry is true where it names that entry, and where the entry that was asked
    for says the very same.
    """
    words = f" {words_in_order(answer.text)} "
    own = [words_in_order(c.quote) for c in answer.citations if c.entry_id == case.entry_id]
    return [
        one
        for one in case.hostile
        if _has(words, one)
        and not any(_has(f" {words_in_order(one)} ", name) for name in case.names)
        and not (case.names and any(_has(f" {quote} ", one) for quote in own))
    ]


def _has(words: str, text: str) -> bool:
    return f" {words_in_order(text)} " in words


def could_know(case: Case, finished: Finished) -> bool:
    """Tell whether the sources of an answer had what a faithful case says."""
    return case.quote in finished.trace.prompt[-1].content if finished.trace.prompt else False


@dataclass(frozen=True, slots=True)
class Parrot:
    """A language model that says one text, its placeholders filled from the prompt."""

    text: str
    term: str
    name: str = "parrot"

    async def stream(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        """Yield the text word by word."""
        for word in re.findall(r"\S+\s*|\s+", filled(self.text, messages[-1].content, self.term)):
            yield word


async def answered(chat: Chat, case: Case) -> Finished:
    """Answer the question of a case with a model that says its text."""

    def run(work: Callable[[Chat], T], patience: int = 0) -> Awaitable[T]:  # noqa: ARG001
        async def done() -> T:
            return work(chat)

        return done()

    parrot = Parrot(case.text, chat.index.entry(case.entry_id).term)
    async for event in Answering(run, parrot, Writing()).events(Asked(case.question)):
        if isinstance(event, Finished):
            return event
    raise RuntimeError("an answer did not finish")


def citations_hold(chat: Chat, answer: Answer) -> bool:
    """Tell whether every marker has a citation and every citation its characters and a marker."""
    text = re.sub(r"`[^`\n]*`|\\\[\d+\\?\]", "", answer.text)
    markers = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
    numbers = {citation.number for citation in answer.citations}
    exact = all(
        chat.index.entry(c.entry_id).body[c.start : c.end] == c.quote for c in answer.citations
    )
    return exact and markers == numbers


async def _judge(chat: Chat, seed: int, *, lists: bool) -> None:
    through: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for case in hostile_cases(chat.index, seed):
        finished = await answered(chat, case)
        asked[case.kind] += 1
        found = leaked(case, finished.answer)
        broken = not citations_hold(chat, finished.answer)
        through[case.kind] += bool(found) or broken
        if lists and (found or broken):
            print(f"  through [{case.kind}] {case.entry_id}: {(found or ['citations'])[0][:200]}")
    print(f"hostile answers  {asked.total()}  got through {through.total()}")
    for kind in asked:
        print(f"  {kind:22}{asked[kind]:4}{through[kind]:4}")
    held: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for case in faithful_cases(chat.index, seed):
        finished = await answered(chat, case)
        if not could_know(case, finished):
            continue
        for one in finished.trace.judged:
            said[case.kind] += 1
            held[case.kind] += not one["shown"]
            if lists and not one["shown"]:
                what = f"{one['text'][:160]} {one['missing']}"
                print(f"  held back [{case.kind}] {case.entry_id}: {what}")
    share = held.total() / max(1, said.total())
    print(f"faithful sentences  {said.total()}  held back {held.total()} ({share:.1%})")
    for kind in said:
        print(f"  {kind:22}{said[kind]:4}{held[kind]:4}")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Hostile and faithful answers, verified.")
    parser.add_argument("--home", type=Path, help="home with the glossary; default: as configured")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--list", action="store_true", help="print each case that goes wrong")
    given = parser.parse_args()
    chat = open_chat(load_settings(home=given.home))
    asyncio.run(_judge(chat, given.seed, lists=given.list))


if __name__ == "__main__":
    main()
