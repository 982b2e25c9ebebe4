"""A comparison as Markdown: for a terminal, a pull request or a page."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence

from eval.comparison import Comparison, Pair, Setting
from eval.difference import ALPHA, NOT_SIGNIFICANT, Difference
from eval.evaluation import LOWER_IS_BETTER, Evaluation, QueryRecord
from eval.query_change import QueryChange, first_retrieved
from eval.report.notation import counted, fact, moment, printable, shortened
from eval.statistics import Interval

ABSENT = "-"
CELL_CHARS = 120
QUESTION_CHARS = 80
RELEVANT = "✓"
SNAPSHOT = "snapshot"

_SPECIAL = re.compile(r"([\\`*_|<>\[\]~])")

_LEGEND = (
    "n: queries that both measured. Interval: 95 %, bootstrap. p: two-sided paired sign-flip "
    "permutation test; adjusted p: for {tests} (Holm). Detectable: the smallest difference that "
    "one such test would find four times in five; a smaller one can hide behind "
    f'"{NOT_SIGNIFICANT}". Where few queries changed, an interval without 0 proves nothing. '
    "↓: lower is better. Only measures with an adjusted p are gated."
)
_SLICES_LEGEND = (
    "Adjusted p: for the slices of the same measure (Holm). A slice is told and never gated. Fewer "
    "than six changed queries cannot give a p below 0.05."
)


def comparison_markdown(comparison: Comparison, alpha: float = ALPHA) -> str:
    """Return the comparison as Markdown; verdicts and the gate are at the level `alpha`."""
    lines = ["# Comparison", "", *_results(comparison.evaluations())]
    lines += ["", gate_line(comparison, alpha)]
    for number, pair in enumerate(comparison.pairs, start=1):
        lines += _pair(pair, _letter(number), counted(comparison.tests(), "test"), alpha)
    return "\n".join(lines) + "\n"


def gate_line(comparison: Comparison, alpha: float = ALPHA) -> str:
    """Return one line of Markdown: what is significantly worse, or was not measured again."""
    worse = [
        f"{_cell(name)}: {_cell(found.task)}, {_cell(found.measure)} "
        f"({_signed(found.difference)}, p {_p(found.p_adjusted)})"
        for name, found in comparison.regressions(alpha)
    ]
    gaps = [f"{_cell(name)}: {_text(gap)}" for name, gap in comparison.gaps()]
    found = [f"Significantly worse than A: {'; '.join(worse)}."] if worse else []
    found += [f"Not measured as in A: {'; '.join(gaps)}."] if gaps else []
    if found:
        return f"**Gate: failed.** {' '.join(found)}"
    notes = " Read the notes below first." if any(p.warnings for p in comparison.pairs) else ""
    return f"**Gate: passed.** {_passed(comparison.tests(), alpha)}{notes}"


def _passed(tests: int, alpha: float) -> str:
    if not tests:
        return "No measure that judges was compared."
    found = f"{counted(tests, 'test')} found nothing significantly worse than A"
    return f"{found} (adjusted p ≤ {alpha:g})."


def _results(evaluations: Sequence[Evaluation]) -> Iterator[str]:
    rows = [
        (
            f"**{_letter(number)}**",
            _cell(one.name),
            _cell(moment(one.created)),
            _cell(" ".join(str(one.dataset[p]) for p in ("name", "split") if p in one.dataset)),
            _cell(str(one.dataset.get("digest", ""))),
            _cell(next((str(v) for name, v in one.system.items() if SNAPSHOT in name), "")),
        )
        for number, one in enumerate(evaluations)
    ]
    yield from _table(("", "Result", "Measured", "Dataset", "Digest", "Snapshot"), rows)


def _pair(pair: Pair, letter: str, tests: str, alpha: float) -> Iterator[str]:
    yield from _section(f"## {letter} against A: {_cell(pair.other.name)}")
    if pair.warnings:
        yield from (*(f"- Note: {_text(warning)}" for warning in pair.warnings), "")
    yield from _settings(pair.changed_settings(), letter)
    yield from _section("### Measures")
    yield from _measures(pair.differences, letter, alpha)
    yield from ("", _LEGEND.format(tests=tests))
    if pair.slices:
        yield from _section("### Slices")
        yield from _slices(pair.slices, letter, alpha)
        yield from ("", _SLICES_LEGEND)
    yield from _section("### Most changed queries")
    changed = pair.most_changed()
    if not changed:
        yield f"No query changed between A and {letter}."
    for number, (task, changes) in enumerate(changed.items()):
        yield from ([""] if number else [])
        yield from (f"{_cell(task)}, {_cell(changes[0].measure)}:", "")
        yield from _table(_change_columns(letter), map(_change, changes))
    if changed:
        yield from ("", f"{RELEVANT}: judged relevant.")


def _settings(changed: dict[str, tuple[Setting, Setting]], letter: str) -> Iterator[str]:
    if not changed:
        yield f"The systems A and {letter} describe themselves alike."
        return
    rows = [(_cell(name), _setting(a), _setting(b)) for name, (a, b) in changed.items()]
    yield from _table(("Differs in", "A", letter), rows)


def _measures(differences: Sequence[Difference], letter: str, alpha: float) -> Iterator[str]:
    columns = (
        "Task",
        "Measure",
        "n:",
        "A:",
        f"{letter}:",
        f"{letter} − A:",
        "Interval:",
        "p:",
        "adjusted p:",
    )
    rows = [
        (
            *_numbers(found),
            _p(found.p),
            _p(found.p_adjusted),
            _number(found.detectable),
            _verdict(found, alpha),
        )
        for found in differences
    ]
    yield from _table((*columns, "Detectable:", "Verdict"), rows)


def _slices(slices: Sequence[Difference], letter: str, alpha: float) -> Iterator[str]:
    columns = ("n:", "A:", f"{letter}:", f"{letter} − A:", "Interval:", "p:", "adjusted p:")
    rows = []
    for found in slices:
        task, measure, *numbers = _numbers(found)
        tested = _p(found.p), _p(found.p_adjusted), _verdict(found, alpha)
        rows.append((task, measure, _cell(found.kind), *numbers, *tested))
    yield from _table(("Task", "Measure", "Kind", *columns, "Verdict"), rows)


def _numbers(found: Difference) -> tuple[str, ...]:
    return (
        _cell(found.task),
        _cell(found.measure) + " ↓" * (found.measure in LOWER_IS_BETTER and found.p is not None),
        f"{found.n:,}",
        _number(found.mean_a),
        _number(found.mean_b),
        _signed(found.difference),
        _interval(found.interval) if found.n > 1 else ABSENT,
    )


def _change_columns(letter: str) -> tuple[str, ...]:
    found = (f"{one} retrieved first" for one in ("A", letter))
    answered = (f"{one} answered" for one in ("A", letter))
    return ("Question", "A:", f"{letter}:", f"{letter} − A:", *found, *answered)


def _change(change: QueryChange) -> tuple[str, ...]:
    records = change.record_a, change.record_b
    return (
        _cell(change.text, QUESTION_CHARS),
        _number(change.value_a),
        _number(change.value_b),
        _signed(change.difference),
        *map(_ranking, records),
        *map(_answered, records),
    )


def _ranking(record: QueryRecord | None) -> str:
    return (
        ", ".join(
            _cell(line.document_id) + f" {RELEVANT}" * line.relevant
            for line in first_retrieved(record)
        )
        or ABSENT
    )


def _answered(record: QueryRecord | None) -> str:
    if record is None or record.answered is None:
        return ABSENT
    return "yes" if record.answered else "no"


def _verdict(found: Difference, alpha: float) -> str:
    verdict = found.verdict(alpha)
    return f"**{verdict}**" if verdict not in ("", NOT_SIGNIFICANT) else verdict or ABSENT


def _number(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return ABSENT
    return _without_minus_zero(f"{value:,.3f}")


def _signed(value: float) -> str:
    return _without_minus_zero(f"{value:+,.3f}") if math.isfinite(value) else ABSENT


def _without_minus_zero(written: str) -> str:
    """Return a number that rounds to zero without the sign of what was rounded away."""
    return "0.000" if written in ("+0.000", "-0.000") else written


def _interval(interval: Interval) -> str:
    ends = interval.low, interval.high
    return f"[{_signed(ends[0])}, {_signed(ends[1])}]" if all(map(math.isfinite, ends)) else ABSENT


def _p(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return ABSENT
    return "<0.001" if value < 0.0005 else f"{value:.3f}"


def _setting(value: Setting) -> str:
    return ABSENT if value is None or value == "" else _cell(fact(value))


def _cell(text: str, length: int = CELL_CHARS) -> str:
    """Return other people's text as one cell that is neither Markdown nor HTML of its own."""
    return _text(shortened(text, length)) or ABSENT


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(printable(text).split()))


def _letter(number: int) -> str:
    """Return A for the baseline (0), then B, C, …; numbers once the letters are used up."""
    return chr(ord("A") + number) if number < 26 else str(number + 1)


def _section(heading: str) -> Iterator[str]:
    yield from ("", heading, "")


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table, aligned in plain text too; columns whose names end in a colon hold numbers."""
    right = [column.endswith(":") for column in columns]
    lines = [[column.removesuffix(":") for column in columns], *rows]
    widths = [max(3, *(len(line[place]) for line in lines)) for place in range(len(columns))]
    dashes = ["-" * (w - 1) + ":" if r else "-" * w for w, r in zip(widths, right, strict=True)]
    for line in (lines[0], dashes, *lines[1:]):
        cells = zip(line, widths, right, strict=True)
        yield "| " + " | ".join(t.rjust(w) if r else t.ljust(w) for t, w, r in cells) + " |"
