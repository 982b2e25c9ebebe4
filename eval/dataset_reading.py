"""Read one split of a dataset in BEIR layout, and refuse one that contradicts itself.

queries.jsonl         questions (see `eval.dataset_records` for what a line may say)
conversations.jsonl   optional: {"_id", "turns": [question, ...]}
qrels/<split>.tsv     query id, document id, score; the n-th turn of conversation c is "c#n"
corpus.jsonl          optional: the documents judged; without it, entries of the live glossary
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.dataset import Conversation, Dataset, Document, Question
from eval.dataset_records import (
    ConversationRecord,
    DocumentRecord,
    JudgedText,
    QueryRecord,
    read_judgments,
    read_records,
)
from eval.errors import DatasetInvalid

APART = ("train", "dev", "valid", "validation", "test")
"""Names of splits that must share no question; others ("all_contexts") may overlap them."""


@dataclass(slots=True)
class _Split:
    """The judgments of one file: query id -> document id -> gain, and where each query begins."""

    gains: dict[str, dict[str, int]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Found:
    """A question or turn, where it stands, and the split it names itself."""

    record: JudgedText
    place: str
    split: str


def splits_of(folder: Path) -> tuple[str, ...]:
    """Return the names of the splits of a dataset, in order."""
    files = (folder / "qrels").glob("*.tsv")
    return tuple(sorted(file.stem for file in files if not file.name.startswith(".")))


def read_dataset(folder: Path, split: str) -> Dataset:
    """Read a split of a dataset.

    Raises:
        DatasetInvalid: something is missing, unknown, doubled, empty or in two splits; the message
            names file and line.
    """
    names = splits_of(folder)
    if not folder.is_dir():
        raise DatasetInvalid(f"there is no dataset folder {folder}")
    if split not in names:
        has = f"it has {', '.join(names)}" if names else f"there is no {folder / 'qrels'}/*.tsv"
        raise DatasetInvalid(f"dataset {folder} has no split {split!r}; {has}")
    documents = _documents(folder)
    conversations = _conversation_records(folder)
    found = _found(folder, conversations)
    judged = {name: _judgments(folder, name, found, documents) for name in names}
    _refuse_leakage(judged, found, conversations)
    members = {name: _members(name, judged, found) for name in names}
    questions = {
        query_id: found[query_id].record.question(query_id, judged[split].gains.get(query_id, {}))
        for query_id in members[split]
    }
    _refuse_unjudged(questions.values(), found, split)
    turns = {turn for ids in conversations.values() for turn in ids}
    chosen = {
        name: ids for name, ids in conversations.items() if any(turn in questions for turn in ids)
    }
    return Dataset(
        name=folder.resolve().name,
        split=split,
        questions=tuple(q for query_id, q in questions.items() if query_id not in turns),
        conversations=tuple(
            Conversation(name, tuple(_turns(ids, found, questions))) for name, ids in chosen.items()
        ),
        documents=documents,
        digest=_digest(folder, split),
        warnings=tuple(_same_words(split, members, found, turns)),
    )


def _documents(folder: Path) -> dict[str, Document]:
    """Return the documents by id; none without a corpus."""
    file = folder / "corpus.jsonl"
    if not file.is_file():
        return {}
    documents: dict[str, Document] = {}
    for number, record in read_records(file, DocumentRecord):
        if record.document_id in documents:
            raise DatasetInvalid(
                f"{file}:{number}: document id {record.document_id!r} stands on line "
                f"{documents[record.document_id].line} already"
            )
        title = " ".join((record.title or record.document_id).split())
        documents[record.document_id] = Document(number, title)
    if not documents:
        raise DatasetInvalid(f"{file} has no document; remove it to judge the live glossary")
    return documents


def _conversation_records(folder: Path) -> dict[str, list[str]]:
    """Return the turn ids of every conversation."""
    file = folder / "conversations.jsonl"
    if not file.is_file():
        return {}
    return {
        record.conversation_id: [turn_id(record.conversation_id, n) for n in range(1, 1 + count)]
        for _, record in read_records(file, ConversationRecord)
        for count in [len(record.turns)]
    }


def turn_id(conversation_id: str, number: int) -> str:
    """Return the query id of a conversation's n-th turn, from 1."""
    return f"{conversation_id}#{number}"


def _found(folder: Path, conversations: Mapping[str, list[str]]) -> dict[str, _Found]:
    """Return every question and turn by id."""
    found: dict[str, _Found] = {}
    for query_id, one in _each(folder, bool(conversations)):
        if query_id in found:
            raise DatasetInvalid(
                f"{one.place}: question id {query_id!r} stands at {found[query_id].place} already"
            )
        found[query_id] = one
    if not found:
        raise DatasetInvalid(f"dataset {folder} has no question in queries.jsonl")
    return found


def _each(folder: Path, has_conversations: bool) -> Iterator[tuple[str, _Found]]:
    file = folder / "queries.jsonl"
    if file.is_file() or not has_conversations:
        for number, query in read_records(file, QueryRecord):
            yield query.query_id, _Found(query, f"{file}:{number}", query.split)
    if has_conversations:
        file = folder / "conversations.jsonl"
        for number, conversation in read_records(file, ConversationRecord):
            for n, turn in enumerate(conversation.turns, start=1):
                split = turn.split or conversation.split
                found = _Found(turn, f"{file}:{number}", split)
                yield turn_id(conversation.conversation_id, n), found


def _judgments(
    folder: Path, name: str, found: Mapping[str, _Found], documents: Mapping[str, Document]
) -> _Split:
    file = folder / "qrels" / f"{name}.tsv"
    split = _Split()
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


def _refuse_leakage(
    judged: Mapping[str, _Split],
    found: Mapping[str, _Found],
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


def _same_words(
    split: str,
    members: Mapping[str, Sequence[str]],
    found: Mapping[str, _Found],
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


def _words(one: _Found) -> str:
    return " ".join(one.record.text.casefold().split())


def _members(split: str, judged: Mapping[str, _Split], found: Mapping[str, _Found]) -> list[str]:
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


def _refuse_unjudged(
    questions: Iterable[Question], found: Mapping[str, _Found], split: str
) -> None:
    for question in questions:
        if question.answerable and not question.relevant:
            raise DatasetInvalid(
                f"{found[question.question_id].place}: {question.question_id!r} is answerable, but "
                f"qrels/{split}.tsv names no relevant document for it"
            )


def _turns(
    ids: list[str], found: Mapping[str, _Found], questions: Mapping[str, Question]
) -> Iterator[Question]:
    """Yield the turns of a conversation; one that nobody judged is still asked."""
    for query_id in ids:
        yield questions.get(query_id) or found[query_id].record.question(query_id, {})


def _digest(folder: Path, split: str) -> str:
    """Return what tells one state of the dataset from another: a shortened SHA-256."""
    digest = hashlib.sha256()
    for name in ("queries.jsonl", "conversations.jsonl", "corpus.jsonl", f"qrels/{split}.tsv"):
        file = folder / name
        digest.update(name.encode() + b"\0")
        if file.is_file():
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
