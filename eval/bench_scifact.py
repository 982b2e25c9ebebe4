"""Measure nDCG@10 of the dense, lexical and hybrid search on a dataset in BEIR layout.

python -m eval.bench_scifact FOLDER [--split test] [--home DIR] [--json]
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import fmean

from ir_measures import Qrel, ScoredDoc, iter_calc, nDCG

from eval.bench_embedding import read_qrels
from eval.durations import percentile_figures
from eval.figures import Figure, print_figures
from eval.glossary_under_test import benchmark_parser, glossary_under_test
from rag.chat import Chat
from rag.errors import QuestionInvalid
from rag.hit import Mode

Gains = Mapping[str, Mapping[str, int]]
Rankings = Mapping[str, list[str]]
DEPTH = 10


def ndcg_per_query(gains: Gains, rankings: Rankings) -> dict[str, float]:
    """Return nDCG@10 of every judged query (Järvelin & Kekäläinen, 2002); unanswered ones get 0."""
    qrels = [
        Qrel(query_id, document_id, gain)
        for query_id, judged in gains.items()
        for document_id, gain in judged.items()
    ]
    run = [
        ScoredDoc(query_id, document_id, float(-place))  # ties would be broken by id
        for query_id, ranking in rankings.items()
        for place, document_id in enumerate(ranking)
    ]
    values = dict.fromkeys(gains, 0.0)
    values.update((found.query_id, found.value) for found in iter_calc([nDCG @ DEPTH], qrels, run))
    return values


def document_ids(chat: Chat, folder: Path) -> dict[str, str]:
    """Return the document id of every entry: that of the line it was read from."""
    ids = [document["_id"] for document in _records(folder / "corpus.jsonl")]
    entries = (chat.index.entry(entry_id) for entry_id in chat.index.entry_ids())
    return {entry.entry_id: ids[entry.source.line - 1] for entry in entries}


def search_all(
    chat: Chat, questions: Mapping[str, str], id_of: Mapping[str, str], mode: Mode
) -> tuple[dict[str, list[str]], list[float]]:
    """Return the ranked document ids of every question, and milliseconds per question."""
    rankings: dict[str, list[str]] = {}
    spent_ms: list[float] = []
    for question_id, text in questions.items():
        begin = time.perf_counter()
        try:
            hits = chat.search(text, DEPTH, mode).hits
        except QuestionInvalid:
            hits = ()
        spent_ms.append((time.perf_counter() - begin) * 1e3)
        rankings[question_id] = [id_of[hit.entry.entry_id] for hit in hits]
    return rankings, spent_ms


def measure(chat: Chat, folder: Path, split: str) -> list[Figure]:
    """Return nDCG@10 and durations per mode, over the judged questions of a split."""
    gains = read_qrels(folder / "qrels" / f"{split}.tsv")
    texts = {question["_id"]: question["text"] for question in _records(folder / "queries.jsonl")}
    questions = {question_id: texts[question_id] for question_id in gains}
    id_of = document_ids(chat, folder)
    figures = [
        Figure("documents", len(id_of)),
        Figure("passages", chat.index.passage_count),
        Figure("questions", len(questions)),
    ]
    for mode in Mode:
        rankings, spent_ms = search_all(chat, questions, id_of, mode)
        figures.append(Figure(f"{mode} nDCG@10", fmean(ndcg_per_query(gains, rankings).values())))
        figures.extend(percentile_figures(mode, spent_ms))
    return figures


def _records(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main() -> None:
    """Run as the command line says."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("folder", type=Path, help="with corpus.jsonl, queries.jsonl and qrels/")
    parser.add_argument("--split", default="test", help="of the judgments (default: test)")
    arguments = parser.parse_args()
    needed = ("corpus.jsonl", "queries.jsonl", f"qrels/{arguments.split}.tsv")
    missing = [name for name in needed if not (arguments.folder / name).is_file()]
    if missing:
        parser.error(f"{arguments.folder} lacks {', '.join(missing)}; give a folder in BEIR layout")
    arguments.source = arguments.source or arguments.folder / "corpus.jsonl"
    if arguments.home is None:
        print("without --home, nothing of a long ingestion is kept", file=sys.stderr)
    with glossary_under_test(arguments) as chat:
        figures = measure(chat, arguments.folder, arguments.split)
    title = f"{arguments.folder.resolve().name}, {arguments.split}"
    print_figures(title, figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
