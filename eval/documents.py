"""Which document of a dataset each entry of the live glossary is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from corpus.plain import plain_text
from eval.dataset import Dataset
from eval.errors import DatasetInvalid, DatasetMismatch
from eval.report.notation import shortened
from indexes.index import Index

CORPUS = "corpus.jsonl"
_NAMED, _QUOTED = 3, 60
_MARKS = re.compile(r"[*_`|#>\\]+")


def document_ids(dataset: Dataset, index: Index) -> dict[str, str]:
    """Return the document id of every entry: its own id, or that of its line in the corpus.

    Raises:
        DatasetMismatch: the live glossary is not what the dataset judges.
        DatasetInvalid: gold of a question does not lie in what is judged relevant for it.
    """
    if dataset.documents:
        ids = _by_line(dataset, index)
    else:
        ids = {entry_id: entry_id for entry_id in index.entry_ids()}
        judged = (document for question in dataset.all_questions() for document in question.gains)
        _refuse(dataset, "judges", (document for document in judged if document not in ids))
    _refuse_spans(dataset, ids, index)
    _refuse_quotes(dataset, ids, index)
    return ids


def _by_line(dataset: Dataset, index: Index) -> dict[str, str]:
    """Return the document id of every entry by the line it was read from."""
    by_line = {document.line: document_id for document_id, document in dataset.documents.items()}
    found: dict[str, str] = {}
    titled = 0
    for entry_id in index.entry_ids():
        source = index.entry(entry_id).source
        if Path(source.file).name != CORPUS or source.line not in by_line:
            raise DatasetMismatch(
                f"entry {entry_id!r} of the live glossary comes from {source.file}:{source.line}, "
                f"which is no document of the dataset {dataset.name!r}; "
                f"ingest that dataset's {CORPUS} into a home of its own (--home)"
            )
        found[entry_id] = by_line[source.line]
        titled += index.entry(entry_id).term == dataset.documents[found[entry_id]].title
    if titled < len(by_line) / 2:
        raise DatasetMismatch(
            f"the live glossary has {titled} of the {len(by_line)} documents in "
            f"{dataset.name}/{CORPUS}; ingest that file into a home of its own (--home)"
        )
    return found


def family_of(index: Index, ids: Mapping[str, str]) -> dict[str, str]:
    """Return the family of every document, named by its first member's document id."""
    return {
        document_id: min(ids[twin] for twin in index.family(entry_id))
        for entry_id, document_id in ids.items()
    }


def _refuse_spans(dataset: Dataset, ids: Mapping[str, str], index: Index) -> None:
    for question in dataset.all_questions():
        for span in question.spans:
            if span.entry_id not in ids:
                _refuse(dataset, "points into", [span.entry_id])
            length = len(index.entry(span.entry_id).body)
            if span.end > length:
                raise DatasetMismatch(
                    f"question {question.question_id!r} points at characters {span.start} to "
                    f"{span.end} of entry {span.entry_id!r}, whose body has {length}; the glossary "
                    "has changed since the question was written"
                )
            is_judged = question.gains or question.answerable is False
            if is_judged and ids[span.entry_id] not in question.relevant:
                raise DatasetInvalid(
                    f"{question.place}: the gold span of {question.question_id!r} lies in "
                    f"{span.entry_id!r}, which is not judged relevant for it"
                )


def _refuse_quotes(dataset: Dataset, ids: Mapping[str, str], index: Index) -> None:
    """Refuse a gold quote that stands in none of the documents judged relevant."""
    entries = {document_id: entry_id for entry_id, document_id in ids.items()}
    for question in dataset.all_questions():
        # A document that is not in the glossary may hold the quote.
        if not question.is_verbatim or not question.relevant <= entries.keys():
            continue
        bodies = [_plain(index.entry(entries[document]).body) for document in question.relevant]
        for quote in question.quotes:
            if bodies and not any(_plain(quote) in body for body in bodies):
                raise DatasetInvalid(
                    f"{question.place}: the gold quote {shortened(quote, _QUOTED)!r} of "
                    f"{question.question_id!r} stands in none of the documents judged relevant "
                    "for it"
                )


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub(" ", plain_text(text)).split())


def _refuse(dataset: Dataset, verb: str, unknown: Iterable[str]) -> None:
    missing = list(dict.fromkeys(unknown))
    if missing:
        named = ", ".join(repr(document) for document in missing[:_NAMED])
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        raise DatasetMismatch(
            f"dataset {dataset.name!r} {verb} entries that the live glossary lacks: {named}{more}; "
            "ingest the glossary it was written for into a home of its own (--home)"
        )
