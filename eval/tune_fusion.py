"""Try constants of the fusion formula on the training split of a dataset in BEIR layout.

python -m eval.tune_fusion FOLDER --home DIR

The home holds the ingested dataset (`python -m eval.bench_scifact FOLDER --home DIR` leaves it
there). Each channel is asked once per question; only the fusion is repeated. Use a training split:
the test split is for `eval.bench_scifact`, once.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import fmean

from eval.bench_embedding import read_qrels
from eval.bench_scifact import DEPTH, document_ids, ndcg_per_query
from indexes.embedder import Embedder
from indexes.index import Grain, Index
from indexes.store import Store
from rag.chat import Chat
from rag.embedding import open_question_embedder
from rag.fusion import FusionWeights, fuse, ranks
from rag.question import content_words
from rag.retriever import DENSE_DEPTH, LEXICAL_DEPTH, PASSAGE_DEPTH, best_per_entry
from rag.settings import load_settings

Scores = Mapping[str, float]
ENTRY_WEIGHTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.7)
PASSAGE_WEIGHTS = (0.0, 0.1, 0.15, 0.2, 0.3)
RANK_CONSTANTS = (2, 5, 10, 20, 60)


@dataclass(frozen=True, slots=True)
class ChannelScores:
    """What the channels gave one question, per entry."""

    dense: Scores
    entries: Scores
    passages: Scores

    @classmethod
    def ask(cls, index: Index, embedder: Embedder, text: str) -> ChannelScores:
        """Ask each channel as deep as the retriever does."""
        words = content_words(text)
        entries = index.lexical(words, LEXICAL_DEPTH, Grain.ENTRY)
        return cls(
            best_per_entry(index.dense(embedder.embed_query(text), DENSE_DEPTH)),
            {hit.id: hit.score for hit in entries},
            best_per_entry(index.lexical(words, PASSAGE_DEPTH, Grain.PASSAGE)),
        )


Fusion = Callable[[ChannelScores], list[tuple[str, float]]]


def fusions() -> Iterator[tuple[str, Fusion]]:
    """Yield every fusion to try with its name: single channels, rank fusion, score fusion."""
    yield "dense alone", lambda c: _ordered(c.dense)
    yield "lexical alone (entries)", lambda c: _ordered(c.entries)
    yield "lexical alone (passages)", lambda c: _ordered(c.passages)
    for constant in RANK_CONSTANTS:
        yield f"reciprocal ranks, k = {constant}", _reciprocal_ranks(constant)
    for entry, passage in product(ENTRY_WEIGHTS, PASSAGE_WEIGHTS):
        name = f"cosine + {entry} entry + {passage} passage"
        yield name, _scores(FusionWeights(entry=entry, passage=passage))


def _scores(weights: FusionWeights) -> Fusion:
    return lambda c: fuse(c.dense, c.entries, c.passages, {}, weights)


def _reciprocal_ranks(constant: int) -> Fusion:
    def fusion(channels: ChannelScores) -> list[tuple[str, float]]:
        fused: dict[str, float] = {}
        for scores in (channels.dense, channels.entries):
            for entry_id, rank in ranks(entry_id for entry_id, _ in _ordered(scores)).items():
                fused[entry_id] = fused.get(entry_id, 0.0) + 1 / (constant + rank)
        return _ordered(fused)

    return fusion


def _ordered(scores: Scores) -> list[tuple[str, float]]:
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def main() -> None:
    """Print nDCG@10 of every fusion, best first."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, help="with queries.jsonl and qrels/")
    parser.add_argument("--home", type=Path, required=True, help="where the dataset is ingested")
    parser.add_argument("--split", default="train")
    arguments = parser.parse_args()
    embedder = open_question_embedder(load_settings(home=arguments.home))
    index = Store(arguments.home).open(embedder_fingerprint=embedder.fingerprint)
    id_of = document_ids(Chat(index, embedder), arguments.folder)
    gains = read_qrels(arguments.folder / "qrels" / f"{arguments.split}.tsv")
    with (arguments.folder / "queries.jsonl").open(encoding="utf-8") as lines:
        texts = {question["_id"]: question["text"] for question in map(json.loads, lines)}
    asked = {query: ChannelScores.ask(index, embedder, texts[query]) for query in gains}
    found = []
    for name, fusion in fusions():
        rankings = {
            query: [id_of[entry_id] for entry_id, _ in fusion(channels)[:DEPTH]]
            for query, channels in asked.items()
        }
        found.append((fmean(ndcg_per_query(gains, rankings).values()), name))
    for value, name in sorted(found, reverse=True):
        print(f"{value:.4f}  {name}")


if __name__ == "__main__":
    main()
