"""Judge rankings: on entries, and once more on families, where any twin counts as found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from eval.dataset import Question
from eval.evaluation import Retrieved
from eval.measures import DEPTH, measure, measures_within
from eval.runs import Ranking, Run
from rag.chat import Chat
from rag.errors import QuestionInvalid
from rag.hit import Hit, Mode

RETRIEVAL, FAMILIES = "retrieval", "families"

Search = Callable[[Question], Sequence[Hit]]


def searcher(chat: Chat, mode: Mode = Mode.HYBRID, depth: int = DEPTH) -> Search:
    """Return what finds the hits of a question; one that cannot be searched for has none."""

    def search(question: Question) -> Sequence[Hit]:
        try:
            return chat.search(question.text, depth, mode).hits
        except QuestionInvalid:
            return ()

    return search


def ranking(hits: Sequence[Hit], ids: Mapping[str, str]) -> Ranking:
    """Return the documents of hits with their scores; only the member shown of each family."""
    return [(ids[hit.entry.entry_id], hit.score) for hit in hits]


def judge(
    run: Run,
    questions: Sequence[Question],
    families: Mapping[str, str] | None = None,
    depth: int = DEPTH,
) -> dict[str, dict[str, dict[str, float]]]:
    """Return task -> measure -> query id -> value for the questions with a relevant document.

    `families` names the family of each document; without it nothing is judged per family.
    Measures that look deeper than `depth`, to which the rankings reach, are left out.
    """
    names = measures_within(depth)
    judged = {q.question_id: dict(q.gains) for q in questions if q.relevant}
    tasks = {RETRIEVAL: measure(judged, run, names)}
    if families is not None:
        merged = {query_id: _merged(gains, families) for query_id, gains in judged.items()}
        tasks[FAMILIES] = measure(merged, _of_families(run, families), names)
    return tasks


def retrieved(
    hits: Sequence[Hit], question: Question, ids: Mapping[str, str], shown: int = 10
) -> tuple[Retrieved, ...]:
    """Return the first hits of a ranking with what each channel made of them."""
    return tuple(
        Retrieved(
            rank=hit.rank,
            document_id=ids[hit.entry.entry_id],
            term=hit.entry.term,
            score=hit.score,
            relevant=ids[hit.entry.entry_id] in question.relevant,
            exact=hit.channels.exact,
            dense=hit.channels.dense,
            lexical=hit.channels.lexical,
        )
        for hit in hits[:shown]
    )


def _merged(gains: Mapping[str, int], families: Mapping[str, str]) -> dict[str, int]:
    """Return the gain of each family: the best of its members."""
    best: dict[str, int] = {}
    for document_id, gain in gains.items():
        family = families.get(document_id, document_id)
        best[family] = max(gain, best.get(family, gain))
    return best


def _of_families(run: Run, families: Mapping[str, str]) -> Run:
    rankings = {}
    for query_id, documents in run.rankings.items():
        first: dict[str, float] = {}
        for document_id, score in documents:
            first.setdefault(families.get(document_id, document_id), score)
        rankings[query_id] = list(first.items())
    return Run(run.name, rankings)
