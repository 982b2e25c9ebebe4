"""Try constants of the fusion formula on training splits of datasets in BEIR layout.

python -m eval.tune_fusion FOLDER=HOME:SPLIT [FOLDER=HOME:SPLIT ...]

Each home holds the ingested corpus that its dataset judges (`aifactory ingest --home HOME ...`).
Use training or development splits: test splits are for `aifactory eval`, once.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from statistics import fmean

from eval.dataset import Dataset, Question
from eval.dataset_reading import read_dataset
from eval.documents import document_ids, family_of
from eval.measures import measure
from eval.place import Place, add_places
from eval.remembering_embedder import RememberingEmbedder
from eval.runs import Ranking, Run
from indexes.embedder import Embedder
from indexes.index import Index
from indexes.store import Store
from rag.embedding import open_question_embedder
from rag.fusion import FusionWeights
from rag.hit import Hit
from rag.question.question import read_question
from rag.retriever import Retriever
from rag.settings import load_settings

DEPTH = 10
BM25_TOTALS = (0.7, 1.0, 1.35, 2.0)
ENTRY_SHARES = (0.3, 0.5, 0.7)
UNIT_WEIGHTS = (0.0, 0.3, 0.5)
EXACT_WEIGHTS = (0.2, 0.3)
LONGEST_QUESTION = 100_000
Search = Callable[[Question], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Trial:
    """One dataset and the index that it judges.

    Attributes:
        documents: the document id of each entry.
        families: the family of each entry, named by a document id.
        gains: on families: query id -> family -> gain.
    """

    name: str
    index: Index
    embedder: RememberingEmbedder
    questions: Sequence[Question]
    documents: Mapping[str, str]
    families: Mapping[str, str]
    gains: Mapping[str, Mapping[str, int]] = field(repr=False)

    @classmethod
    def read(cls, place: Place) -> Trial:
        """Open the dataset and the home of a place."""
        embedder = open_question_embedder(load_settings(home=place.home))
        index = Store(place.home).open(embedder_fingerprint=embedder.fingerprint)
        return trial_on(read_dataset(place.folder, place.split), index, embedder)

    def judge(self, weights: FusionWeights) -> dict[str, float]:
        """Return nDCG@10 and Success@1 with these weights, judged on families."""
        retriever = Retriever(self.index, self.embedder, weights)

        def search(question: Question) -> Sequence[Hit]:
            read = read_question(question.text, LONGEST_QUESTION)
            return retriever.retrieve(read.text, read.topic, DEPTH).hits

        run = Run("trial", {q.question_id: self.ranking(search, q) for q in self.questions})
        found = measure(self.gains, run, ("nDCG@10", "Success@1"))
        return {name: fmean(values.values()) for name, values in found.items()}

    def ranking(self, search: Search, question: Question) -> Ranking:
        """Return the families found for a question."""
        return [(self.families[hit.entry.entry_id], hit.score) for hit in search(question)]


def trial_on(dataset: Dataset, index: Index, embedder: Embedder) -> Trial:
    """Return a dataset with the index that it judges."""
    ids = document_ids(dataset, index)
    families = family_of(index, ids)
    questions = dataset.judged()
    return Trial(
        name=f"{dataset.name} {dataset.split}",
        index=index,
        embedder=RememberingEmbedder(embedder),
        questions=questions,
        documents=ids,
        families={entry_id: families[document] for entry_id, document in ids.items()},
        gains={q.question_id: {families[d]: 1 for d in q.relevant} for q in questions},
    )


def settings_to_try() -> Iterator[FusionWeights]:
    """Yield every combination of the constants."""
    for total, share, unit, exact in product(
        BM25_TOTALS, ENTRY_SHARES, UNIT_WEIGHTS, EXACT_WEIGHTS
    ):
        entry, passage = round(total * share, 3), round(total * (1 - share), 3)
        yield FusionWeights(unit=unit, entry=entry, passage=passage, exact=exact)


def main() -> None:
    """Print both measures of every combination on every dataset, the best sum first."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    add_places(parser)
    trials = [Trial.read(place) for place in parser.parse_args().places]
    rows = []
    for weights in settings_to_try():
        found = [trial.judge(weights) for trial in trials]
        rows.append((fmean(one["nDCG@10"] for one in found), weights, found))
    print("unit  entry  passage  exact  ", "  ".join(f"{trial.name:>22}" for trial in trials))
    for _, w, found in sorted(rows, key=lambda row: -row[0]):
        measured = (f"{one['nDCG@10']:13.4f} {one['Success@1']:8.4f}" for one in found)
        print(f"{w.unit:4} {w.entry:6} {w.passage:8} {w.exact:6}  ", "  ".join(measured))


if __name__ == "__main__":
    main()
