"""The noun SupportCase: a sentence, the sources it may lean on, and whether they support it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.dataset_reading import read_dataset
from eval.documents import document_ids
from indexes.index import Index

HALVES = ("dev", "test")
_OTHERS = 3


@dataclass(frozen=True, slots=True)
class SupportCase:
    """A sentence to verify.

    Attributes:
        sentence: as a language model would write it.
        entry_ids: the entries of its sources, the cited one first.
        supported: whether the sources say it.
        kind: where it comes from, or how it was made.
    """

    sentence: str
    entry_ids: tuple[str, ...]
    supported: bool
    kind: str


def written_cases(file: Path, index: Index) -> Iterator[SupportCase]:
    """Yield the cases of a JSONL file with `entry_id`, `sentence` and `supported`."""
    ids = list(index.entry_ids())
    for line in file.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        sources = (case["entry_id"], *others(ids, case["entry_id"]))
        yield SupportCase(case["sentence"], sources, case["supported"], "written")


def others(ids: list[str], entry_id: str, count: int = _OTHERS) -> tuple[str, ...]:
    """Return other entries that stand beside the cited one, the same ones every time."""
    at = ids.index(entry_id)
    return tuple(ids[(at + step * (step + 2)) % len(ids)] for step in range(1, count + 1))


def scifact_cases(folder: Path, index: Index, split: str) -> Iterator[SupportCase]:
    """Yield SciFact's claims against each abstract judged relevant to them, and one that is not.

    The claim is supported by an abstract labelled SUPPORT, not by one labelled CONTRADICT, and not
    by the abstract cited for the next claim of the split.
    """
    dataset = read_dataset(folder, split)
    entry_of = {document: entry for entry, document in document_ids(dataset, index).items()}
    questions = [question for question in dataset.judged() if question.gains]
    evidence = _metadata(folder)
    for place, question in enumerate(questions):
        labels = evidence[question.question_id]
        for document, found in labels.items():
            if not isinstance(found, list) or document not in entry_of:
                continue
            verdict = found[0]["label"]
            yield SupportCase(
                question.text, (entry_of[document],), verdict == "SUPPORT", verdict.casefold()
            )
        stranger = next(iter(questions[(place + 1) % len(questions)].gains))
        if stranger not in question.gains and stranger in entry_of:
            yield SupportCase(question.text, (entry_of[stranger],), False, "other abstract")


def clapnq_cases(folder: Path, index: Index, half: str) -> Iterator[SupportCase]:
    """Yield the sentences of CLAPnq's answers, against their passage and against another one.

    Questions are divided into halves by their id. An answer is written by a person who merges and
    shortens the sentences of one passage.
    """
    from corpus.sentences import sentence_spans

    dataset = read_dataset(folder, "dev")
    entry_of = {document: entry for entry, document in document_ids(dataset, index).items()}
    records = [
        (question_id, data)
        for question_id, data in _metadata(folder).items()
        if data.get("answers") and half_of(question_id) == half
    ]
    for place, (_, data) in enumerate(records):
        gold = entry_of[data["gold_passage"]]
        other = entry_of[records[(place + 1) % len(records)][1]["gold_passage"]]
        answer = data["answers"][0]
        for start, end in sentence_spans(answer):
            sentence = answer[start:end]
            yield SupportCase(sentence, (gold,), True, "answer")
            if other != gold:
                yield SupportCase(sentence, (other,), False, "other passage")


def half_of(name: str) -> str:
    """Return "dev" or "test", the same for a name every time."""
    return HALVES[zlib.crc32(name.encode()) % 2]


def _metadata(folder: Path) -> Mapping[str, Any]:
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["_id"]: record["metadata"] for record in map(json.loads, lines)}
