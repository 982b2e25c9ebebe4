"""Measure what each part of choosing and filling an answer brings: leave it out, ask again.

python -m eval.ablate_answers FOLDER=HOME:SPLIT [FOLDER=HOME:SPLIT ...]

Every question is answered, whatever the decision to answer says: what is judged is what an answer
shows. Use development splits.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from statistics import fmean

from eval.ablations import p_value
from eval.answers import AnswerJudge
from eval.dataset import Dataset
from eval.dataset_reading import read_dataset
from eval.difference import difference_of
from eval.documents import document_ids
from eval.place import add_places
from eval.remembering_embedder import RememberingEmbedder
from indexes.index import Index
from indexes.store import Store
from rag.answerable import AnswerableModel
from rag.chat import Chat, Constants
from rag.embedding import open_question_embedder
from rag.settings import load_settings

ALWAYS = AnswerableModel(60.0, {}, threshold=0.0)
MUST, GOLD, CITED, WORDS = "must include", "gold quoted", "citation precision", "words"
Values = dict[str, dict[str, float]]


def variants() -> Iterator[tuple[str, Constants]]:
    """Yield the shipped constants first, then every variant, each with its name."""
    shipped = Constants()
    units, limits = shipped.units, shipped.answers
    yield "shipped", shipped
    for name, changed in (
        ("without the words of the unit", {"word": 0.0}),
        ("without titles and labels", {"section": 0.0}),
        ("without the preference for numbers", {"number": 0.0}),
        ("without the preference for years and authors", {"origin": 0.0}),
        ("without the rank of the entry", {"rank_cost": 0.0}),
        ("twice the weight of words", {"word": 0.6}),
    ):
        yield name, replace(shipped, units=replace(units, **changed))
    yield "one unit only", replace(shipped, answers=replace(limits, added_facts=0))
    yield "45 words", replace(shipped, answers=replace(limits, words=45))
    yield "100 words", replace(shipped, answers=replace(limits, words=100))
    yield "120 words", replace(shipped, answers=replace(limits, words=120))


def judge_all(chat: Chat, dataset: Dataset) -> Values:
    """Return measure -> query id -> value over the answerable questions."""
    judge = AnswerJudge(chat.index, document_ids(dataset, chat.index))
    values: Values = {}
    for question in dataset.judged():
        for name, value in judge.judge(question, chat.ask(question.text)).items():
            values.setdefault(name, {})[question.question_id] = value
    return values


def table(dataset: Dataset, index: Index, embedder: RememberingEmbedder) -> str:
    """Return the comparison of one dataset as a Markdown table."""
    lines = [
        f"{dataset.name} {dataset.split}, {len(dataset.judged())} questions",
        "",
        "| | must include | difference | p | gold quoted | citation precision | words |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    baseline: Values = {}
    for name, constants in variants():
        found = judge_all(Chat(index, embedder, None, ALWAYS, constants), dataset)
        baseline = baseline or found
        means = {measure: fmean(values.values()) for measure, values in found.items()}
        cells = f"{means[GOLD]:.3f} | {means[CITED]:.3f} | {means[WORDS]:.0f}"
        difference = _difference(baseline, found)
        lines.append(f"| {name} | {means[MUST]:.3f} | {difference} | {cells} |")
    return "\n".join(lines)


def _difference(baseline: Values, found: Values) -> str:
    difference = difference_of("answers", MUST, baseline[MUST], found[MUST])
    if difference is None or baseline is found:
        return "|"
    low, high = difference.interval.low, difference.interval.high
    return f"{difference.difference:+.3f} [{low:+.3f}, {high:+.3f}] | {p_value(difference.p)}"


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    add_places(parser)
    for place in parser.parse_args().places:
        embedder = open_question_embedder(load_settings(home=place.home))
        index = Store(place.home).open(embedder_fingerprint=embedder.fingerprint)
        dataset = read_dataset(place.folder, place.split)
        print(table(dataset, index, RememberingEmbedder(embedder)), end="\n\n")


if __name__ == "__main__":
    main()
