"""The noun KeyFigure: the few numbers a reader wants first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.evaluation import Evaluation
from eval.report.decisions import Decisions
from eval.report.latency import TOTAL, StageLatency
from eval.report.measured import leading_mean
from eval.report.notation import duration, number, sentence_case, share, share_span, span

FAMILIES, RETRIEVAL = "families", "retrieval"
KEY_TASKS = (FAMILIES, RETRIEVAL, "answers", "conversations, resolved")


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One number: what it belongs to, what it is called, and how sure it is."""

    group: str
    name: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of several evaluations; None where an evaluation does not have it."""

    group: str
    name: str
    figures: tuple[KeyFigure | None, ...]


def figure_rows(columns: Sequence[tuple[KeyFigure, ...]]) -> tuple[FigureRow, ...]:
    """Return the key figures of several evaluations, one row per figure."""
    found = [{(f.group, f.name): f for f in column} for column in columns]
    keys = dict.fromkeys(key for column in found for key in column)
    return tuple(FigureRow(*key, tuple(column.get(key) for column in found)) for key in keys)


def key_figures(
    evaluation: Evaluation, decided: Decisions | None, latencies: tuple[StageLatency, ...]
) -> tuple[KeyFigure, ...]:
    """Return the leading measures of the tasks, the wrongly answered questions and the latency."""
    return (*_leading(evaluation), *_false_answers(decided), *_total(latencies))


def _leading(evaluation: Evaluation) -> Iterator[KeyFigure]:
    tasks = [task for task in KEY_TASKS if task in evaluation.tasks]
    if FAMILIES in tasks:  # entries alone punish a system for showing one twin of several
        tasks = [task for task in tasks if task != RETRIEVAL]
    for task in tasks:
        found = leading_mean(evaluation, task)
        if found:
            measure, mean = found
            note = f"95 % {span(mean.interval)} · n\u00a0{mean.count:,}"
            group = RETRIEVAL if task == FAMILIES else task
            yield KeyFigure(sentence_case(group), measure, number(mean.value), note)


def _false_answers(decided: Decisions | None) -> Iterator[KeyFigure]:
    mean = decided.unanswerable_answered if decided else None
    if mean:
        note = f"95 % {share_span(mean.interval)} · n\u00a0{mean.count:,}"
        yield KeyFigure("Unanswerable questions", "answered", share(mean.value), note)


def _total(latencies: tuple[StageLatency, ...]) -> Iterator[KeyFigure]:
    for found in latencies:
        if found.stage == TOTAL:
            note = f"p95 {duration(found.p95)} · n\u00a0{found.count:,}"
            yield KeyFigure("Latency", "median per question", duration(found.p50), note)
