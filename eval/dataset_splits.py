"""Which questions belong to which split of a dataset, and what splits must not share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.dataset import Document, Question
from eval.dataset_records import JudgedText, read_judgments
from eval.errors import DatasetInvalid

APART = ("train", "dev", "valid", "validation", "test")
"""Names of splits that must share no question; others ("all_contexts") may overlap them."""


@dataclass(slots=True)
class SplitJudgments:
    """The judgments of one file: query id -> document id -> gain, and where each query begins."""

    gains: dict[str, dict[str, int]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A question or turn, where it stands, and the split it names itself."""

    record: JudgedText
    place: str
    split: str


def judgments_of(
    folder: Path, name: str, found: Mapping[str, Found], documents: Mapping[str, Document]
) -> SplitJudgments:
    """Read the judgments of a split; refuse those of unknown questions and documents."""
    file = folder / "qrels" / f"{name}.tsv"
    split = SplitJudgments()
    for number, query_id, document_id, gain in read_judgments(file):
        place = f"{file}:{number}"
        if query_id not in found:
            raise DatasetInvalid(f"{place}: no question has the id {query_id!r}")
        if documents and document_id not in documents:
            raise DatasetInvalid(f"{place}: corpus.jsonl has no document {document_id!r}")
        gains = split.gains.setdefault(query_id, {})
        if document_id in gains:
            raise DatasetInvalid(
                f"{place}: {query_id!r} and {document_id!r} are judged twice: "
                f"{gains[document_id]} and {gain}"
            )
        gains[document_id] = gain
        split.places.setdefault(query_id, place)
    if not split.gains:
        raise DatasetInvalid(f"{file} holds no judgment")
    return split


def refuse_leakage(
    judged: Mapping[str, SplitJudgments],
    found: Mapping[str, Found],
    conversations: Mapping[str, list[str]],
) -> None:
    """Refuse a question or conversation in two splits that must be apart."""
    begun = {turn: ids[0] for ids in conversations.values() for turn in ids}
    seen: dict[str, tuple[str, str]] = {}
    for name in filter(judged.__contains__, APART):
        for query_id, place in judged[name].places.items():
            stated = found[query_id]
            if stated.split in judged and stated.split != name:
                raise DatasetInvalid(
                    f"{place}: question {query_id!r} is judged in the split {name!r}, but names "
                    f"{stated.split!r} itself ({stated.place})"
                )
            first = begun.get(query_id, query_id)
            other, elsewhere = seen.setdefault(first, (name, place))
            if other != name:
                what = "question" if first == query_id else "the conversation of"
                raise DatasetInvalid(
                    f"{place}: {what} {query_id!r} is in the split {other!r} too ({elsewhere}); "
                    "it may be in one split only"
                )


def same_words(
    split: str,
    members: Mapping[str, Sequence[str]],
    found: Mapping[str, Found],
    turns: Collection[str],
) -> Iterator[str]:
    """Yield a warning for every question whose very words stand in another split.

    Published collections have a few of these; refusing them would refuse the collection. What
    leans on a conversation means something else in each.
    """
    if split not in APART:
        return
    alone = {
        name: [found[q] for q in ids if q not in turns and not found[q].record.history]
        for name, ids in members.items()
        if name in APART
    }
    others = ((name, one) for name, ones in alone.items() if name != split for one in ones)
    elsewhere = {_words(one): f"{one.place} ({name})" for name, one in others}
    for one in alone[split]:
        if same := elsewhere.get(_words(one)):
            text = one.record.text
            yield f"{one.place}: the question {text!r} stands word for word in {same} too"


def _words(one: Found) -> str:
    return " ".join(one.record.text.casefold().split())


def members_of(
    split: str, judged: Mapping[str, SplitJudgments], found: Mapping[str, Found]
) -> list[str]:
    """Return the ids of a split's questions, in the order of the files.

    Unanswerable questions have no judgment: they name their split, or there is only one.
    """
    apart = [name for name in judged if name in APART] or list(judged)
    members = []
    for query_id, one in found.items():
        if query_id in judged[split].gains:
            members.append(query_id)
            continue
        if one.record.answerable is not False or any(query_id in s.gains for s in judged.values()):
            continue
        if one.split and one.split not in judged:
            raise DatasetInvalid(
                f"{one.place}: {query_id!r} names the split {one.split!r}, "
                f"the splits are {', '.join(judged)}"
            )
        if not one.split and len(apart) > 1:
            raise DatasetInvalid(
                f"{one.place}: {query_id!r} is unanswerable and names no split; add "
                f'"split" with one of {", ".join(apart)}'
            )
        if (one.split or split) == split:
            members.append(query_id)
    return members


def refuse_unjudged(questions: Iterable[Question], split: str) -> None:
    """Refuse a question whose judgments do not say what its answerability says."""
    for question in questions:
        named = f"{question.place}: {question.question_id!r}"
        if question.answerable and not question.relevant:
            raise DatasetInvalid(
                f"{named} is answerable, but qrels/{split}.tsv names no relevant document for it"
            )
        if question.answerable is False and question.relevant:
            raise DatasetInvalid(
                f"{named} is unanswerable, but qrels/{split}.tsv names the relevant document "
                f"{min(question.relevant)!r} for it"
            )
        if question.answerable is None and question.gains and not question.relevant:
            raise DatasetInvalid(
                f"{named} has no judgment above 0 in qrels/{split}.tsv; judge a document relevant, "
                'or say "answerable": false'
            )
