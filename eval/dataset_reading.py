"""Read one split of a dataset in BEIR layout, and refuse one that contradicts itself.

queries.jsonl         questions (see `eval.dataset_records` for what a line may say)
conversations.jsonl   optional: {"_id", "turns": [question, ...]}
qrels/<split>.tsv     query id, document id, score; the n-th turn of conversation c is "c#n"
corpus.jsonl          optional: the documents judged; without it, entries of the live glossary
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from eval.dataset import Conversation, Dataset, Document, Question
from eval.dataset_records import (
    ConversationRecord,
    DocumentRecord,
    QueryRecord,
    read_records,
)
from eval.dataset_splits import (
    Found,
    judgments_of,
    members_of,
    refuse_leakage,
    refuse_unjudged,
    same_words,
)
from eval.errors import DatasetInvalid


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
    judged = {name: judgments_of(folder, name, found, documents) for name in names}
    refuse_leakage(judged, found, conversations)
    members = {name: members_of(name, judged, found) for name in names}
    questions = {
        query_id: _question(query_id, found, judged[split].gains.get(query_id, {}))
        for query_id in members[split]
    }
    refuse_unjudged(questions.values(), split)
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
        warnings=tuple(same_words(split, members, found, turns)),
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


def _found(folder: Path, conversations: Mapping[str, list[str]]) -> dict[str, Found]:
    """Return every question and turn by id."""
    found: dict[str, Found] = {}
    for query_id, one in _each(folder, bool(conversations)):
        if query_id in found:
            raise DatasetInvalid(
                f"{one.place}: question id {query_id!r} stands at {found[query_id].place} already"
            )
        found[query_id] = one
    if not found:
        raise DatasetInvalid(f"dataset {folder} has no question in queries.jsonl")
    return found


def _each(folder: Path, has_conversations: bool) -> Iterator[tuple[str, Found]]:
    file = folder / "queries.jsonl"
    if file.is_file() or not has_conversations:
        for number, query in read_records(file, QueryRecord):
            yield query.query_id, Found(query, f"{file}:{number}", query.split)
    if has_conversations:
        file = folder / "conversations.jsonl"
        for number, conversation in read_records(file, ConversationRecord):
            for n, turn in enumerate(conversation.turns, start=1):
                split = turn.split or conversation.split
                found = Found(turn, f"{file}:{number}", split)
                yield turn_id(conversation.conversation_id, n), found


def _turns(
    ids: list[str], found: Mapping[str, Found], questions: Mapping[str, Question]
) -> Iterator[Question]:
    """Yield the turns of a conversation; one that nobody judged is still asked."""
    for query_id in ids:
        yield questions.get(query_id) or _question(query_id, found, {})


def _question(query_id: str, found: Mapping[str, Found], gains: dict[str, int]) -> Question:
    return found[query_id].record.question(query_id, gains, found[query_id].place)


def _digest(folder: Path, split: str) -> str:
    """Return what tells one state of the dataset from another: a shortened SHA-256."""
    digest = hashlib.sha256()
    for name in ("queries.jsonl", "conversations.jsonl", "corpus.jsonl", f"qrels/{split}.tsv"):
        file = folder / name
        digest.update(name.encode() + b"\0")
        if file.is_file():
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
