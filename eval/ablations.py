"""Measure what each ingredient of retrieval brings: leave it out, and compare query by query.

python -m eval.ablations FOLDER=HOME:SPLIT [FOLDER=HOME:SPLIT ...]

Prints a Markdown table per dataset: nDCG@10 and Success@1 on families, the difference to the
shipped system with its 95 % interval, and the p-value of the paired test. Use training or
development splits.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from eval.dataset import Question
from eval.difference import Difference, difference_of
from eval.measures import measure
from eval.place import add_places
from eval.runs import Ranking, Run
from eval.tune_fusion import LONGEST_QUESTION, Search, Trial
from eval.without_families import repeats_apart, without_families
from rag.errors import QuestionInvalid
from rag.fusion import FusionWeights
from rag.hit import Hit, Mode
from rag.question.question import content_words, read_question
from rag.retriever import Retriever
from rag.terms.terms import Mention, name_words

DEPTH = 100
RANK_CONSTANTS = (1, 10, 60)
MEASURES = ("nDCG@10", "Success@1")
SHIPPED = FusionWeights()


def variants(trial: Trial) -> Iterator[tuple[str, Callable[[Question], Ranking]]]:
    """Yield the shipped system first, then every variant, each with its name."""
    fused = {
        "shipped": SHIPPED,
        "without the best unit's cosine": replace(SHIPPED, unit=0.0),
        "without BM25 of entries": replace(SHIPPED, entry=0.0),
        "without BM25 of passages": replace(SHIPPED, passage=0.0),
        "without names": replace(SHIPPED, exact=0.0, whole=0.0),
        "BM25 over the best found, not over the ceiling": replace(SHIPPED, growth=0.0),
        "the same with the weights that fit it best": replace(
            SHIPPED, growth=0.0, unit=0.0, entry=0.2, passage=0.15
        ),
    }
    for name, weights in fused.items():
        yield name, _ranked(trial, searcher(trial, weights, Mode.HYBRID))
    for name, kind in RETRIEVERS.items():
        yield name, _ranked(trial, searcher(trial, SHIPPED, Mode.HYBRID, kind))
    apart = replace(trial, index=without_families(trial.index))
    search = searcher(apart, SHIPPED, Mode.HYBRID)
    yield "without families", lambda question: repeats_apart(trial.ranking(search, question))
    yield "dense channel alone", _ranked(trial, searcher(trial, SHIPPED, Mode.DENSE))
    yield "lexical channel alone", _ranked(trial, searcher(trial, SHIPPED, Mode.LEXICAL))
    both = searcher(trial, SHIPPED, Mode.DENSE), searcher(trial, SHIPPED, Mode.LEXICAL)
    for constant in RANK_CONSTANTS:
        rank = _reciprocal_ranks(trial, *both, constant)
        yield f"reciprocal rank fusion, k = {constant}", rank


class AsTyped(Retriever):
    """Corrects nothing; a name is found as it is written."""

    def _corrected(self, text: str, topic: str) -> tuple[str, str, Mention | None]:
        whole = self.terms.whole(topic)
        is_exact = whole is not None and name_words(whole.name) == name_words(topic)
        return text, topic, whole if is_exact else None


class AsAbbreviated(Retriever):
    """Embeds an abbreviation as it is written."""

    def _spelt_out(self, text: str, mentions: tuple[Mention, ...]) -> str:  # noqa: ARG002
        return text


class OfTopic(Retriever):
    """Embeds a question without what only asks ("what do you call it when ...")."""

    def _spelt_out(self, text: str, mentions: tuple[Mention, ...]) -> str:
        return super()._spelt_out(read_question(text, LONGEST_QUESTION).topic or text, mentions)


class OfContentWords(Retriever):
    """Embeds the words of a question that carry meaning."""

    def _spelt_out(self, text: str, mentions: tuple[Mention, ...]) -> str:
        return super()._spelt_out(content_words(text) or text, mentions)


class CorrectsEverything(Retriever):
    """Corrects common English words that the glossary does not have like slips."""

    def _is_common(self, word: str) -> bool:  # noqa: ARG002
        return False


RETRIEVERS: dict[str, type[Retriever]] = {
    "without correction of spelling": AsTyped,
    "correcting common English words too": CorrectsEverything,
    "without writing abbreviations out": AsAbbreviated,
    "embedding the question without its scaffolding": OfTopic,
    "embedding the content words alone": OfContentWords,
}


def searcher(
    trial: Trial, weights: FusionWeights, mode: Mode, kind: type[Retriever] = Retriever
) -> Search:
    """Return what finds the hits of a question; one that cannot be searched for has none."""
    retriever = kind(trial.index, trial.embedder, weights)

    def search(question: Question) -> Sequence[Hit]:
        try:
            read = read_question(question.text, LONGEST_QUESTION)
        except QuestionInvalid:
            return ()
        return retriever.retrieve(read.text, read.topic, DEPTH, mode).hits

    return search


def compare(trial: Trial) -> list[tuple[str, list[Difference]]]:
    """Return each variant's differences to the shipped system, that one's to itself first."""
    rows = []
    baseline: Mapping[str, Mapping[str, float]] = {}
    for name, rank in variants(trial):
        run = Run(name, {q.question_id: rank(q) for q in trial.questions})
        found = measure(trial.gains, run, MEASURES)
        baseline = baseline or found
        compared = (difference_of("ablation", m, baseline[m], found[m]) for m in MEASURES)
        rows.append((name, [difference for difference in compared if difference]))
    return rows


def _ranked(trial: Trial, search: Search) -> Callable[[Question], Ranking]:
    return lambda question: trial.ranking(search, question)


def _reciprocal_ranks(
    trial: Trial, dense: Search, lexical: Search, constant: int
) -> Callable[[Question], Ranking]:
    """Fuse as Cormack, Clarke & Büttcher (SIGIR 2009) do."""

    def rank(question: Question) -> Ranking:
        scores: dict[str, float] = {}
        for search in (dense, lexical):
            for hit in search(question):
                family = trial.families[hit.entry.entry_id]
                scores[family] = scores.get(family, 0.0) + 1 / (constant + hit.rank)
        return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))

    return rank


def table(trial: Trial) -> str:
    """Return the comparison of one dataset as a Markdown table."""
    rows = [row(name, differences) for name, differences in compare(trial)]
    return "\n".join([*header(trial), *rows])


def header(trial: Trial) -> list[str]:
    """Return the title of a table and its first rows."""
    return [
        f"{trial.name}, {len(trial.questions)} questions",
        "",
        "| | nDCG@10 | difference | p | Success@1 | difference | p |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]


def row(name: str, differences: Sequence[Difference]) -> str:
    """Return the row of one variant."""
    cells = (f" {found.mean_b:.3f} | {change_cells(found)} |" for found in differences)
    return f"| {name} |" + "".join(cells)


def change_cells(found: Difference) -> str:
    """Return a difference with its interval, and its p-value: two cells, empty without change."""
    if found.difference == 0 == found.interval.low == found.interval.high:
        return "|"
    interval = f"[{found.interval.low:+.3f}, {found.interval.high:+.3f}]"
    return f"{found.difference:+.3f} {interval} | {p_value(found.p)}"


def p_value(p: float | None) -> str:
    """Return a p-value with three decimals; "" without one."""
    if p is None:
        return ""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    add_places(parser)
    print("\n\n".join(table(Trial.read(place)) for place in parser.parse_args().places))


if __name__ == "__main__":
    main()
