"""Feedback on answers as a dataset: what people rated clearly, and what a person must look at.

A rating says something about an entry only when it is clear what was right:

    up, answered with citations         answerable; the cited entries are relevant
    up, declined                        unanswerable
    down, answered, and the reason      unanswerable
      begins with "unanswerable"
    everything else, and questions      review.jsonl, for a person to judge
      that were rated both ways

Questions are told apart by their words, as they were searched for; the relevant entries of equal
ones are put together.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.errors import ResultUnwritable, TooFewQuestions
from eval.whole_file import write_whole
from rag.storing.feedback import Rating
from rag.storing.feedbacks import RatedAnswer

SPLIT = "dev"
KIND = "feedback"
UNANSWERABLE = "unanswerable"
"""The first word of a reason that says that the glossary holds no answer."""

QUERIES, QRELS, REVIEW = "queries.jsonl", f"qrels/{SPLIT}.tsv", "review.jsonl"
_HEADER = "query-id\tcorpus-id\tscore\n"


@dataclass(frozen=True, slots=True)
class RatedQuestion:
    """A question of the dataset; without `entry_ids` it is unanswerable."""

    question_id: str
    text: str
    entry_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedbackDataset:
    """Feedback sorted: questions to evaluate with, and lines for a person to judge."""

    questions: tuple[RatedQuestion, ...]
    review: tuple[dict[str, Any], ...]

    @property
    def answerable(self) -> int:
        """Return how many questions have an answer."""
        return sum(bool(question.entry_ids) for question in self.questions)

    def counts(self) -> dict[str, int]:
        """Return how many questions there are of each sort."""
        return {
            "answerable": self.answerable,
            "unanswerable": len(self.questions) - self.answerable,
            "review": len(self.review),
        }


def sort_feedback(
    rated: Iterable[RatedAnswer], entry_ids: Collection[str] | None = None
) -> FeedbackDataset:
    """Sort rated answers; entries that are not among `entry_ids` any more count as not cited.

    Raises:
        TooFewQuestions: there is no feedback.
    """
    asked: dict[str, list[RatedAnswer]] = {}
    for one in rated:
        asked.setdefault(" ".join(_text(one).casefold().split()), []).append(one)
    if not asked:
        raise TooFewQuestions("nobody has rated an answer yet; POST /feedback stores a rating")
    questions: list[RatedQuestion] = []
    review: list[dict[str, Any]] = []
    for ratings in asked.values():
        judged = [_judged(one, entry_ids) for one in ratings]
        clear = [one for one in judged if isinstance(one, RatedQuestion)]
        if len(clear) == len(judged) and len({bool(one.entry_ids) for one in clear}) == 1:
            questions.append(_together(clear))
            continue
        for one, verdict in zip(ratings, judged, strict=True):
            why = verdict if isinstance(verdict, str) else "rated differently elsewhere"
            review.append(_to_review(one, why))
    return FeedbackDataset(tuple(questions), tuple(review))


def write_feedback(dataset: FeedbackDataset, folder: Path) -> None:
    """Write a dataset in BEIR layout, with `review.jsonl` beside it.

    Raises:
        ResultUnwritable: the folder holds a dataset already, or cannot be written.
    """
    taken = [name for name in (QUERIES, "qrels", REVIEW) if (folder / name).exists()]
    if taken:
        raise ResultUnwritable(f"{folder} holds {taken[0]} already; name another place with --out")
    gains = [(one.question_id, entry) for one in dataset.questions for entry in one.entry_ids]
    judged = "".join(f"{question_id}\t{entry_id}\t1\n" for question_id, entry_id in gains)
    try:
        write_whole(folder / QUERIES, _lines([_query(one) for one in dataset.questions]))
        write_whole(folder / QRELS, _HEADER + judged)
        write_whole(folder / REVIEW, _lines(dataset.review))
    except OSError as error:
        raise ResultUnwritable(
            f"{folder} cannot be written: {error.strerror}; name another place with --out"
        ) from None


def _judged(one: RatedAnswer, entry_ids: Collection[str] | None) -> RatedQuestion | str:
    """Return the question that a rating makes, or why a person must look at it."""
    answer, given = one.answer, one.feedback
    question = RatedQuestion(given.answer_id, _text(one), ())
    if given.rating is Rating.DOWN:
        is_told = answer["answerable"] and _says_unanswerable(given.reason)
        return question if is_told else "rated down"
    if not answer["answerable"]:
        return question
    cited = _cited(answer)
    kept = tuple(entry for entry in cited if entry_ids is None or entry in entry_ids)
    if not kept:
        return "cites entries that are gone" if cited else "cites nothing"
    return replace(question, entry_ids=kept)


def _says_unanswerable(reason: str) -> bool:
    words = reason.casefold().split(maxsplit=1)
    return bool(words) and words[0].rstrip(".,:;!-") == UNANSWERABLE


def _together(questions: Sequence[RatedQuestion]) -> RatedQuestion:
    entries = (entry for question in questions for entry in question.entry_ids)
    return replace(questions[0], entry_ids=tuple(dict.fromkeys(entries)))


def _text(one: RatedAnswer) -> str:
    """Return the question as it was searched for, without what no file in UTF-8 can hold."""
    text: str = one.answer["standalone_question"]
    return text.encode("utf-8", "replace").decode("utf-8")


def _cited(answer: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(citation["entry_id"] for citation in answer["citations"]))


def _query(question: RatedQuestion) -> dict[str, Any]:
    metadata = {"kind": KIND, "split": SPLIT, "answerable": bool(question.entry_ids)}
    return {"_id": question.question_id, "text": question.text, "metadata": metadata}


def _to_review(one: RatedAnswer, why: str) -> dict[str, Any]:
    answer, given = one.answer, one.feedback
    return {
        "_id": given.answer_id,
        "text": _text(one),
        "why": why,
        "rating": str(given.rating),
        "reason": given.reason,
        "correction": given.correction,
        "rated": given.created_at.isoformat(),
        "question": answer["question"],
        "answerable": answer["answerable"],
        "answer": answer["answer"],
        "cited": list(_cited(answer)),
        "found": [hit["entry_id"] for hit in answer["hits"]],
        "model": answer["model"],
        "snapshot_id": answer["snapshot_id"],
    }


def _lines(records: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)
