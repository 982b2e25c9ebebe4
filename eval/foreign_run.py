"""Judge a TREC run file of any system on a dataset: no glossary needs to be ingested."""

from __future__ import annotations

import datetime
from pathlib import Path

from eval.dataset import Dataset, Question
from eval.errors import RunInvalid
from eval.evaluate import describe_dataset
from eval.evaluation import Evaluation, QueryRecord, Retrieved
from eval.retrieval import judge
from eval.runs import Ranking, Run, read_run


def evaluate_run(file: Path, dataset: Dataset, name: str | None = None) -> Evaluation:
    """Return the measures of a run; judged questions that it does not answer count 0.

    Raises:
        RunInvalid: the file cannot be read, or it ranks nothing for any question of the dataset.
    """
    run = read_run(file)
    questions = _judged(run, dataset)
    if not questions:
        raise RunInvalid(
            f"{file} ranks nothing for any judged question of {dataset.name} {dataset.split}; it "
            f"has queries such as {next(iter(run.rankings))!r}"
        )
    records = {
        question.question_id: QueryRecord(
            text=question.text,
            kind=question.kind,
            answerable=question.answerable,
            standalone=question.text,
            retrieved=_first(run.rankings.get(question.question_id, ()), question.relevant),
        )
        for question in questions
    }
    return Evaluation(
        name=name or run.name,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        dataset=describe_dataset(dataset),
        system={"run": str(file)},
        tasks=judge(run, questions),
        records=records,
    )


def _judged(run: Run, dataset: Dataset) -> list[Question]:
    """Return the judged questions: those without history, those with, or both.

    A run that ranks one of a sort is judged on all of that sort.
    """
    alone = dataset.judged()
    ids = {question.question_id for question in alone}
    judged = (question for question in dataset.all_questions() if question.relevant)
    leaning = [question for question in judged if question.question_id not in ids]
    return [
        question
        for sort in (alone, leaning)
        if any(one.question_id in run.rankings for one in sort)
        for question in sort
    ]


def _first(ranking: Ranking, relevant: frozenset[str], shown: int = 10) -> tuple[Retrieved, ...]:
    return tuple(
        Retrieved(rank, document_id, document_id, score, document_id in relevant)
        for rank, (document_id, score) in enumerate(ranking[:shown], start=1)
    )
