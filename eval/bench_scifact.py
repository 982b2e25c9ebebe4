"""Measure nDCG@10 of the dense, lexical and hybrid search on a dataset in BEIR layout.

python -m eval.bench_scifact FOLDER [--split test] [--home DIR] [--json]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean

from eval.dataset_reading import read_dataset
from eval.documents import document_ids
from eval.durations import percentile_figures
from eval.figures import Figure, print_figures
from eval.glossary_under_test import benchmark_parser, glossary_under_test
from eval.measures import Gains
from eval.measures import measure as measure_run
from eval.runs import Run
from rag.chat import Chat
from rag.errors import QuestionInvalid
from rag.hit import Mode

Rankings = Mapping[str, list[str]]
DEPTH = 10
MEASURE = f"nDCG@{DEPTH}"


def ndcg_per_query(gains: Gains, rankings: Rankings) -> dict[str, float]:
    """Return nDCG@10 of every judged query (Järvelin & Kekäläinen, 2002); unanswered ones get 0."""
    run = {
        query_id: [(document_id, float(-place)) for place, document_id in enumerate(ranking)]
        for query_id, ranking in rankings.items()
    }
    return measure_run(gains, Run("ranks", run), (MEASURE,))[MEASURE]


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
    dataset = read_dataset(folder, split)
    gains = {question.question_id: question.gains for question in dataset.judged()}
    questions = {question.question_id: question.text for question in dataset.judged()}
    id_of = document_ids(dataset, chat.index)
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
