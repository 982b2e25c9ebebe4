"""The summary of an ingestion as people read it in the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.plain_text import counted, single_line
from corpus.report import Report
from rag.ingestion import Ingested

SHOWN_PROBLEMS = 20


def print_ingested(console: Console, ingested: Ingested) -> None:
    """Print what each source gave, then what is live now."""
    for report in ingested.reports:
        _print_report(console, report)
    console.print(_summary(ingested))


def _print_report(console: Console, report: Report) -> None:
    found = counted(report.entries, "entry", "entries")
    line = f"{single_line(report.source)}: {found} ({report.format})"
    if report.repairs:
        line += f", {report.repairs} formula commands made whole"
    console.print(Text(line, style="bold"), soft_wrap=True)
    for note in report.notes:
        console.print(Text(f"  note: {single_line(note)}"), soft_wrap=True)
    for reason, count in report.skipped.items():
        console.print(Text(f"  skipped: {count} ({single_line(reason)})"), soft_wrap=True)
    for problem in problem_lines([str(problem) for problem in report.problems]):
        console.print(Text(f"  {problem}", style="yellow"), soft_wrap=True)


def problem_lines(problems: list[str]) -> Iterable[str]:
    """Yield the first problems, then how many more there are."""
    yield from (f"problem: {single_line(problem)}" for problem in problems[:SHOWN_PROBLEMS])
    if len(problems) > SHOWN_PROBLEMS:
        yield f"and {len(problems) - SHOWN_PROBLEMS} more problems (all of them with --json)"


def _summary(ingested: Ingested) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="quiet")
    table.add_column(overflow="fold")
    families = counted(ingested.families, "family", "families")
    rows = {
        "entries": f"{ingested.entries} ({families} of twins)",
        "passages": f"{ingested.passages} with {counted(ingested.units, 'quotable unit')}",
        "texts": f"{ingested.embedded} embedded, {ingested.reused} reused",
        "time": f"{ingested.duration_s:.1f} s",
        "snapshot": f"{ingested.snapshot_id} ({'new' if ingested.changed else 'unchanged'}, live)",
        "removed": ", ".join(ingested.removed_snapshots),
    }
    for name, value in rows.items():
        if value:
            table.add_row(name, Text(value))
    return table
