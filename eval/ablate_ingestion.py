"""Measure what the size of passages and the context line bring: ingest anew, compare per query.

python -m eval.ablate_ingestion FOLDER=SOURCE:SPLIT [FOLDER=SOURCE:SPLIT ...] --home HOME

SOURCE is the glossary that the dataset in FOLDER judges; HOME is where the model is prepared.
Judged on families, as `eval.ablations` does. Use training or development splits.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from corpus.chunking import ChunkSize
from eval.ablations import MEASURES, SHIPPED, header, row, searcher
from eval.dataset_reading import read_dataset
from eval.difference import difference_of
from eval.measures import measure
from eval.place import Place, add_places
from eval.runs import Run
from eval.tune_fusion import Trial, trial_on
from indexes.embedder import Embedder
from indexes.store import Store
from rag.embedding import open_question_embedder
from rag.hit import Mode
from rag.ingestion import Ingestion, Request
from rag.settings import load_settings

VARIANTS = {
    "shipped: 128 tokens": (ChunkSize(), True),
    "passages of 64 tokens": (ChunkSize(budget_tokens=64), True),
    "passages of 200 tokens": (ChunkSize(budget_tokens=200), True),
    "without term and section in what is embedded": (ChunkSize(), False),
}


def trials(place: Place, embedder: Embedder) -> Iterator[tuple[str, Trial]]:
    """Yield every variant of a dataset's glossary; the home of the place is its source."""
    dataset = read_dataset(place.folder, place.split)
    for name, (size, names_context) in VARIANTS.items():
        with tempfile.TemporaryDirectory() as home:
            store = Store(Path(home))
            ingestion = Ingestion(store, embedder, size=size, names_context=names_context)
            ingestion.run(Request((place.home,)))
            index = store.open(embedder_fingerprint=embedder.fingerprint)
            yield name, trial_on(dataset, index, embedder)


def table(place: Place, embedder: Embedder) -> str:
    """Return the comparison of one dataset as a Markdown table."""
    lines: list[str] = []
    baseline: dict[str, dict[str, float]] = {}
    for name, trial in trials(place, embedder):
        search = searcher(trial, SHIPPED, Mode.HYBRID)
        run = Run(name, {q.question_id: trial.ranking(search, q) for q in trial.questions})
        found = measure(trial.gains, run, MEASURES)
        lines = lines or header(trial)
        baseline = baseline or found
        compared = (difference_of("ablation", m, baseline[m], found[m]) for m in MEASURES)
        lines.append(row(name, [difference for difference in compared if difference]))
    return "\n".join(lines)


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    add_places(parser, "FOLDER=SOURCE:SPLIT")
    parser.add_argument("--home", type=Path, required=True, help="where the model is prepared")
    arguments = parser.parse_args()
    embedder = open_question_embedder(load_settings(home=arguments.home))
    print("\n\n".join(table(place, embedder) for place in arguments.places))


if __name__ == "__main__":
    main()
