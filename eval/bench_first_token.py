"""Time what answering adds to a language model's own pace.

python -m eval.bench_first_token [--source PATH] [--home DIR] [--rounds 40] [--paces 10 1] [--json]

A model of fixed pace is asked in turn directly and through the server. The server shows a sentence
once it is complete and verified: it needs the words of the sentence, its marker and the word after
it, which tells that the sentence has ended. docs/benchmarks.md defines the figures.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from eval.durations import percentile
from eval.figures import Figure, print_figures
from eval.glossary_under_test import benchmark_parser, glossary_and_home
from eval.load.script import sayable_sentences
from eval.load.serving import free_port, our_server
from eval.load.streaming import Followed, chat_request, follow
from eval.load.timed_model import TimedModel, Told
from rag.chat import Chat
from rag.writing.pieces import PieceCutter

_FIRST_S = 0.2
_MOST_WORDS = 60
_FEWEST_SENTENCES = 2
_MOST_SCRIPTS = 20
_TARGET_MS = 15
_PATH = "/v1/chat/completions"


@dataclass(frozen=True, slots=True)
class Script:
    """A question and what the model says to it.

    Attributes:
        sentence: the first sentence, without its marker.
        needed: how many words must have come before it is clear that the sentence has ended.
    """

    question: str
    sentence: str
    words: tuple[str, ...]
    needed: int

    @property
    def shown(self) -> int:
        """Return how many words the sentence has."""
        return len(self.sentence.split())


@dataclass(frozen=True, slots=True)
class Round:
    """One question, asked directly and through the server, and what the model told the server."""

    script: Script
    direct: Followed
    ours: Followed
    told: Told

    @property
    def is_released(self) -> bool:
        """Tell whether the first sentence is what the server showed first."""
        return self.ours.said.startswith(self.script.sentence)

    @property
    def before_ms(self) -> float:
        """Return the time from the client's request until the model has been asked."""
        return (self.told.asked_s - self.ours.begun_s) * 1e3

    @property
    def after_ms(self) -> float:
        """Return the time from the last word needed until the client has the sentence."""
        sent_s = self.told.sent_s[self.script.needed - 1]
        return (self.ours.begun_s - sent_s) * 1e3 + (self.ours.spoken_ms or 0)

    @property
    def behind_words_ms(self) -> float:
        """Return how much later the sentence is there than from the model itself."""
        return (self.ours.spoken_ms or 0) - (self.direct.spoken_ms or 0)

    @property
    def behind_first_ms(self) -> float:
        """Return how much later the sentence is there than the model's very first word."""
        return (self.ours.spoken_ms or 0) - self.direct.first_ms


def measure(arguments: argparse.Namespace, chat: Chat, home: Path) -> list[Figure]:
    """Return the figures for each pace."""
    model = TimedModel(free_port(), _FIRST_S)
    llm = f"openai-compatible:timed@http://127.0.0.1:{model.port}/v1"
    with our_server(home, 1, {"AIFACTORY_LLM": llm}) as (port, _):
        return asyncio.run(_paces(model, port, _scripts(chat), arguments))


async def _paces(
    model: TimedModel, port: int, scripts: Sequence[Script], arguments: argparse.Namespace
) -> list[Figure]:
    figures: list[Figure] = []
    async with model.listening():
        warm_up = [await _round(model, port, script) for script in scripts]
        released = [one.script for one in warm_up if one.is_released]
        if not released:
            raise RuntimeError("the server released no first sentence of any script")
        for pace_ms in arguments.paces:
            model.word_s = pace_ms / 1e3
            asked = islice(cycle(released), arguments.rounds)
            rounds = [await _round(model, port, script) for script in asked]
            figures += _figures(f"{pace_ms:g} ms a word: ", rounds)
    return [
        Figure("questions", len(released)),
        Figure("questions left out, first sentence withheld", len(scripts) - len(released)),
        Figure("words of the first sentence", median(one.shown for one in released)),
        Figure("words needed to release it", median(one.needed for one in released)),
        *figures,
    ]


async def _round(model: TimedModel, port: int, script: Script) -> Round:
    model.words = script.words
    directly = chat_request("127.0.0.1", _PATH, "timed", script.question)
    through = chat_request("127.0.0.1", _PATH, "ai-factory-chat", script.question)
    direct = await follow(model.port, directly, script.shown)
    ours = await follow(port, through, script.shown)
    return Round(script, direct, ours, model.told[-1])


def _figures(pace: str, rounds: Sequence[Round]) -> list[Figure]:
    rounds = [one for one in rounds if one.is_released]
    before = [one.before_ms for one in rounds]
    after = [one.after_ms for one in rounds]
    own = [one.before_ms + one.after_ms for one in rounds]
    behind_words = [one.behind_words_ms for one in rounds]
    behind_first = [one.behind_first_ms for one in rounds]
    return [
        Figure(f"{pace}rounds", len(rounds)),
        Figure(f"{pace}processing before the model is asked, p50", median(before), "ms"),
        Figure(f"{pace}processing after the last word needed, p50", median(after), "ms"),
        Figure(f"{pace}processing after the last word needed, p95", percentile(after, 95), "ms"),
        Figure(f"{pace}processing, both, p50", median(own), "ms", f"at most {_TARGET_MS}"),
        Figure(f"{pace}processing, both, p95", percentile(own, 95), "ms"),
        Figure(f"{pace}model, same words, p50", _p50(o.direct.spoken_ms for o in rounds), "ms"),
        Figure(f"{pace}server, first text, p50", _p50(o.ours.spoken_ms for o in rounds), "ms"),
        Figure(f"{pace}behind the same words, p50", median(behind_words), "ms"),
        Figure(f"{pace}model, very first word, p50", _p50(o.direct.first_ms for o in rounds), "ms"),
        Figure(f"{pace}behind the very first word, p50", median(behind_first), "ms"),
    ]


def _p50(values_ms: Iterable[float | None]) -> float:
    return median(value or 0 for value in values_ms)


def _scripts(chat: Chat) -> list[Script]:
    """Return questions with what the model says to each: sentences of its first source."""
    sayable = sayable_sentences(chat).items()
    spoken = [one for one in sayable if len(one[1]) >= _FEWEST_SENTENCES]
    return [script_of(question, sentences) for question, sentences in spoken[:_MOST_SCRIPTS]]


def script_of(question: str, sentences: Sequence[str]) -> Script:
    """Return what a model says to a question: sentences, each with a marker."""
    words = " ".join(f"{sentence} [1]" for sentence in sentences).split()[:_MOST_WORDS]
    cutter = PieceCutter()
    needed = next(number for number, word in enumerate(words, start=1) if cutter.feed(f"{word} "))
    return Script(question, sentences[0], tuple(words), needed)


def main() -> None:
    """Run as the command line says."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="of each pace (default: 40)")
    parser.add_argument(
        "--paces",
        type=float,
        nargs="+",
        default=[10, 1],
        metavar="MS",
        help="between two words of the model (default: 10 1)",
    )
    arguments = parser.parse_args()
    with glossary_and_home(arguments) as (chat, home):
        figures = measure(arguments, chat, home)
    print_figures("What answering adds to a model", figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
