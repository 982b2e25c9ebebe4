"""The noun Run: what a system ranked for each query; read and written as TREC run files.

query-id Q0 document-id rank score system-name
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.errors import RunInvalid
from eval.whole_file import write_whole

_BLANKS = re.compile(r"[ \t]+")
_LARGEST = 1e38  # what single precision holds, with room beyond

Ranking = Sequence[tuple[str, float]]
"""(document id, score) pairs, best first, scores descending."""


@dataclass(frozen=True, slots=True)
class Run:
    """The rankings of one system. A query that it answered with silence has none."""

    name: str
    rankings: Mapping[str, Ranking]


def strictly_descending(ranking: Iterable[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    """Yield a ranking whose scores differ, so that no reader breaks a tie in its own way.

    trec_eval sorts by score and breaks ties by document id, whatever the rank column says. It keeps
    scores in single precision, so they differ there too.
    """
    ceiling: np.float32 | None = None
    for document_id, score in ranking:
        single = np.float32(score)
        if ceiling is None or single < ceiling:
            yield document_id, score
        else:
            single = np.nextafter(ceiling, np.float32(-np.inf))
            yield document_id, float(single)
        ceiling = single


def write_run(run: Run, file: Path) -> None:
    """Write a TREC run file; a score keeps every digit it has."""
    name = "_".join(run.name.encode(errors="replace").decode().split()) or "run"
    lines = (
        f"{query_id} Q0 {document_id} {rank} {score!r} {name}\n"
        for query_id, ranking in run.rankings.items()
        for rank, (document_id, score) in enumerate(strictly_descending(ranking), start=1)
    )
    write_whole(file, "".join(lines))


def read_run(file: Path) -> Run:
    """Read a TREC run file of any system, ordered by score as trec_eval does.

    Raises:
        RunInvalid: the file cannot be read, or a line is no line of a run.
    """
    rankings: dict[str, dict[str, float]] = {}
    name = file.stem
    text = _text(file)
    if text.lstrip()[:1] == "{":
        raise RunInvalid(
            f"{file} is JSON and looks like a result of `aifactory eval`, not like a TREC run "
            "file; results are read by `aifactory eval compare` and `aifactory eval report`"
        )
    for number, line in enumerate(text.split("\n"), start=1):
        columns = _BLANKS.split(line.strip(" \t\r")) if line.strip() else []
        if not columns:
            continue
        query_id, document_id, score, name = _columns(columns, f"{file}:{number}")
        ranking = rankings.setdefault(query_id, {})
        if document_id in ranking:
            raise RunInvalid(
                f"{file}:{number}: {document_id!r} is ranked twice for query {query_id!r}"
            )
        ranking[document_id] = score
    if not rankings:
        raise RunInvalid(f"{file} holds no line of a run")
    return Run(name, {query_id: _ordered(scores) for query_id, scores in rankings.items()})


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RunInvalid(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise RunInvalid(f"{file} is not UTF-8: {error.reason} at byte {error.start}") from None


def _columns(columns: Sequence[str], place: str) -> tuple[str, str, float, str]:
    if len(columns) != 6:
        raise RunInvalid(
            f"{place}: {len(columns)} columns instead of 6 (query Q0 document rank score name)"
        )
    query_id, _, document_id, _, score, name = columns
    try:
        value = float(score)
    except ValueError:
        raise RunInvalid(f"{place}: score {score!r} is not a number") from None
    if not abs(value) <= _LARGEST:
        raise RunInvalid(f"{place}: score {score!r} is not finite in single precision")
    return query_id, document_id, value, name


def _ordered(scores: Mapping[str, float]) -> Ranking:
    """Order as trec_eval: by score in single precision, then by document id, both descending."""
    return sorted(scores.items(), key=lambda pair: (np.float32(pair[1]), pair[0]), reverse=True)
