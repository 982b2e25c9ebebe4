"""One evaluation as compact Markdown, for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from corpus.plain import plain_text
from eval.evaluation import SECONDARY, Evaluation, QueryRecord
from eval.report.decisions import Decisions, decisions
from eval.report.key_figures import KeyFigure, key_figures
from eval.report.latency import StageLatency, stage_latencies
from eval.report.measured import INTERVALS, Mean, Slice, TaskTable, task_tables
from eval.report.notation import (
    ABOUT_SYSTEM,
    ABSENT,
    duration,
    fact,
    mebibytes,
    moment,
    number,
    sentence_case,
    share,
    share_span,
    shortened,
    span,
)
from eval.report.worst import Failures, WeakRanking, failures, weakest_rankings

QUESTION_CHARS = 100
ANSWER_CHARS = 240
_SPECIAL = re.compile(r"([\\`*|<>\[\]])")
_CITED = re.compile(r" ?\[\d+\]")
_MARKS = re.compile(r"[`*|\\]+")


def report_markdown(evaluation: Evaluation) -> str:
    """Return the facts of the HTML report as Markdown tables; long answers are cut short."""
    decided, latencies = decisions(evaluation), stage_latencies(evaluation)
    lines = [
        f"# Evaluation report: {_cell(evaluation.name)}",
        *_about(evaluation),
        *_key_figures(key_figures(evaluation, decided, latencies)),
        *_tasks(task_tables([evaluation])),
        *_decisions(decided),
        *_cost(latencies, evaluation.memory_mb),
        *_worst(weakest_rankings(evaluation), failures(evaluation)),
        *_section("## Configuration"),
        *_facts(evaluation.system.items()),
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str, length: int = QUESTION_CHARS) -> str:
    """Return other people's text so that it stays one cell and no Markdown or HTML of its own."""
    return _SPECIAL.sub(r"\\\1", shortened(text, length)) or ABSENT


def _plain_cell(text: str, length: int = QUESTION_CHARS) -> str:
    """Return a Markdown text as one cell of plain words: no marks of citations, bold or tables."""
    return _cell(_MARKS.sub(" ", plain_text(_CITED.sub("", text))), length)


def _section(heading: str) -> Iterator[str]:
    yield from ("", heading, "")


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table; columns whose names end in a colon hold numbers."""
    yield f"| {' | '.join(column.removesuffix(':') for column in columns)} |"
    yield f"| {' | '.join('--:' if column.endswith(':') else '---' for column in columns)} |"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _facts(pairs: Iterable[tuple[str, str | int | float]]) -> Iterator[str]:
    rows = [(_cell(sentence_case(key)), _cell(fact(value), ANSWER_CHARS)) for key, value in pairs]
    yield from _table(("Fact", "Value"), rows) if rows else ("Nothing is recorded.",)


def _about(evaluation: Evaluation) -> Iterator[str]:
    yield ""
    system = [pair for pair in evaluation.system.items() if pair[0] in ABOUT_SYSTEM]
    judged = [(f"dataset {key}", value) for key, value in evaluation.dataset.items()]
    yield from _facts([*judged, *system, ("date", moment(evaluation.created))])


def _key_figures(figures: Sequence[KeyFigure]) -> Iterator[str]:
    yield from _section("## Summary")
    rows = [(_cell(f.group), _cell(f.name), f"**{f.value}**", f.note) for f in figures]
    columns = ("Of", "Figure", "Value:", "How sure")
    if not rows:
        yield "Nothing was measured."
        return
    yield from (*_table(columns, rows), "", INTERVALS)


def _mean_cells(mean: Mean) -> tuple[str, str, str]:
    return number(mean.value), span(mean.interval), f"{mean.count:,}"


def _tasks(tables: Sequence[TaskTable]) -> Iterator[str]:
    for table in tables:
        if not table.rows:
            continue
        yield from _section(f"## {_cell(table.title)}")
        yield from _table(("Measure", "Mean:", "95 %:", "n:"), _measure_rows(table))
        if table.note:
            yield from ("", table.note)
        if table.slices:
            yield ""
            yield from _slices(table)


def _measure_rows(table: TaskTable) -> Iterator[tuple[str, ...]]:
    for row in table.rows:
        mean = row.means[0]
        if mean:
            name = f"{_cell(row.measure)}{' ↓' if row.lower_is_better else ''}"
            yield (name, *_mean_cells(mean))


def _slices(table: TaskTable) -> Iterator[str]:
    """Yield the means per kind; the measure that leads also has its interval and its n.

    Measures that say again what another one says, and those that are alike for every kind, have
    their mean above and no column here. Without a column, there is a line instead of a table.
    """
    told = [place for place in range(len(table.rows)) if _tells_kinds_apart(table, place)]
    if not told:
        kinds = [(found.kind, found.means[table.leading]) for found in table.slices]
        counts = ", ".join(f"{_cell(kind)} {mean.count:,}" for kind, mean in kinds if mean)
        yield f"The same for every kind, by number of questions: {counts}."
        return
    order = [table.leading, *(place for place in told if place != table.leading)]
    measures = [_cell(table.rows[place].measure) for place in order]
    rows = (_slice_row(found, order) for found in table.slices)
    first, *others = measures
    yield from _table(("Kind", f"{first}:", "95 %:", "n:", *(f"{m}:" for m in others)), rows)


def _tells_kinds_apart(table: TaskTable, place: int) -> bool:
    means = [found.means[place] for found in table.slices]
    is_alike = len({mean.value for mean in means if mean}) <= 1
    is_shown = place == table.leading or table.rows[place].measure not in SECONDARY
    return is_shown and not is_alike


def _slice_row(found: Slice, order: Sequence[int]) -> tuple[str, ...]:
    first, *others = (found.means[place] for place in order)
    cells = _mean_cells(first) if first else (ABSENT, ABSENT, "0")
    return (_cell(found.kind), *cells, *(number(m.value) if m else ABSENT for m in others))


def _decisions(decided: Decisions | None) -> Iterator[str]:
    if not decided:
        return
    yield from _section("## Decisions to answer")
    yield from _table(("Figure", "Value:", "95 %:", "n:"), _decision_rows(decided))
    if not decided.unanswerable_answered:
        yield from ("", "No unanswerable question was asked.")
    if not decided.answerable_answered:
        yield from ("", "No answerable question was asked.")


def _decision_rows(decided: Decisions) -> Iterator[tuple[str, ...]]:
    for name, mean in (
        ("unanswerable questions answered", decided.unanswerable_answered),
        ("answerable questions answered", decided.answerable_answered),
    ):
        if mean:
            yield name, share(mean.value), share_span(mean.interval), f"{mean.count:,}"
    if decided.operating_point:
        coverage, risk = decided.operating_point
        yield f"risk at coverage {share(coverage)} ↓", share(risk), ABSENT, ABSENT
    if decided.auroc:
        yield ("AUROC", *_mean_cells(decided.auroc))
    if decided.brier:
        yield ("Brier score ↓", *_mean_cells(decided.brier))


def _cost(stages: Sequence[StageLatency], memory_mb: dict[str, float]) -> Iterator[str]:
    if not stages and not memory_mb:
        return
    yield from _section("## Latency and memory")
    rows = [
        (_cell(s.stage), duration(s.p50), duration(s.p95), duration(s.p99), f"{s.count:,}")
        for s in stages
    ]
    columns = ("Stage", "p50:", "p95:", "p99:", "n:")
    yield from _table(columns, rows) if rows else ("No durations were recorded.",)
    amounts = [f"{_cell(name)} {mebibytes(value)}" for name, value in memory_mb.items()]
    yield ""
    yield f"Resident memory: {', '.join(amounts)}." if amounts else "No memory was recorded."


def _worst(weakest: Sequence[WeakRanking], sorts: Sequence[Failures]) -> Iterator[str]:
    if not weakest and not sorts:
        return
    yield from _section("## Worst queries")
    if weakest:
        yield from ("### Lowest nDCG@10", "")
        columns = ("nDCG@10:", "Id", "Question", "Kind", "First relevant", "Retrieved first")
        yield from _table(columns, map(_weak_row, weakest))
    for sort in sorts:
        yield from _section(f"### {sort.title}: {sort.count}")
        yield from _table(("Id", "Question", "Missing", "Answer"), map(_failure_row, sort.queries))
        if sort.count > len(sort.queries):
            yield from ("", f"{sort.count - len(sort.queries):,} more not shown.")


def _weak_row(weak: WeakRanking) -> tuple[str, ...]:
    """Ranks of the channels follow an entry as "exact/dense/lexical"."""
    lines = weak.record.retrieved[:3]
    found = "; ".join(
        f"{line.rank}. {_cell(line.term)} "
        f"({'/'.join(str(r or ABSENT) for r in (line.exact, line.dense, line.lexical))})"
        for line in lines
    )
    kind, question = _cell(weak.record.kind), _cell(weak.record.text)
    return number(weak.value), _cell(weak.query_id), question, kind, weak.verdict, found or ABSENT


def _failure_row(pair: tuple[str, QueryRecord]) -> tuple[str, ...]:
    query, record = pair
    missing = _cell(", ".join(record.missing))
    return _cell(query), _cell(record.text), missing, _plain_cell(record.answer, ANSWER_CHARS)
