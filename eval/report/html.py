"""One evaluation (or several side by side) as a single HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from eval.evaluation import Evaluation
from eval.report import notation, plots
from eval.report.decisions import decisions
from eval.report.key_figures import figure_rows, key_figures
from eval.report.latency import stage_latencies
from eval.report.meanings import meanings_of
from eval.report.measured import INTERVALS, Mean, TaskTable, task_tables
from eval.report.notation import printable
from eval.report.worst import SHOWN_RANKS, failures, weakest_rankings


def report_html(evaluations: Sequence[Evaluation]) -> str:
    """Return a page about the first evaluation; further ones stand beside it in the tables.

    The page loads nothing and runs nothing: it works under the content security policy
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:", which it also asks for.

    Raises:
        ValueError: there is no evaluation.
    """
    if not evaluations:
        raise ValueError("a report needs an evaluation")
    main = evaluations[0]
    decided = [decisions(evaluation) for evaluation in evaluations]
    latencies = [stage_latencies(evaluation) for evaluation in evaluations]
    tables = task_tables(evaluations)
    page = (
        _environment()
        .get_template("report.html")
        .render(
            main=main,
            evaluations=evaluations,
            figures=[*map(key_figures, evaluations, decided, latencies)],
            tasks=tables,
            intervals=INTERVALS,
            meanings=meanings_of(row.measure for table in tables for row in table.rows),
            decided=decided[0],
            latencies=latencies[0],
            weakest=weakest_rankings(main),
            failures=failures(main),
            shown_ranks=SHOWN_RANKS,
        )
    )
    return printable(page)


def slice_rows(table: TaskTable) -> list[tuple[str, Mean]]:
    """Return the leading measure of every slice that has it; none when every slice is perfect."""
    pairs = ((found.kind, found.means[table.leading]) for found in table.slices)
    rows = [(kind, mean) for kind, mean in pairs if mean]
    return [] if all(mean.value == 1 for _, mean in rows) else rows


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).resolve().parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        bars=plots.bars,
        latency_bars=plots.latency,
        risk_coverage_curve=plots.risk_coverage_curve,
        reliability_diagram=plots.reliability_diagram,
        strip=plots.strip,
        figure_rows=figure_rows,
        slice_rows=slice_rows,
        counted=notation.counted,
        about_system=notation.ABOUT_SYSTEM,
    )
    names = (
        notation.number,
        notation.span,
        notation.share,
        notation.share_span,
        notation.duration,
        notation.fact,
        notation.mebibytes,
        notation.moment,
        notation.sentence_case,
    )
    environment.filters.update({function.__name__: function for function in names})
    return environment
