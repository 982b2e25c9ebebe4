"""The plots of a report, as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from markupsafe import Markup

from eval.abstention import Bin
from eval.report.latency import StageLatency
from eval.report.measured import Mean
from eval.report.notation import counted, duration, number, sentence_case, share, shortened, span
from eval.report.svg import (
    WIDTH,
    Scale,
    circle,
    drawing,
    horizontal_axis,
    line,
    plain_number,
    polyline,
    rectangle,
    text,
    ticks,
    vertical_axis,
)

ROW = 36  # units: a line of text and a bar under it
BAR = 9
MARGIN = 12
AXIS = 34  # units: tick labels and the name of an axis
LABEL_CHARS = 36
CURVE_TOP, CURVE_BOTTOM, CURVE_LEFT = 46, 246, 40
LEGEND_LINE, AXIS_NAME_LINE = 13, 35
LARGEST_CIRCLE, SMALLEST_CIRCLE = 11, 3


def bars(title: str, unit: str, rows: Sequence[tuple[str, Mean]]) -> Markup:
    """Draw a bar with its 95 % interval per row; `unit` names the axis."""
    values = ticks(max([1.0, *(max(mean.value, mean.interval.high) for _, mean in rows)]))
    scale = Scale(values[-1], MARGIN, WIDTH - MARGIN)
    bottom = MARGIN / 2 + len(rows) * ROW
    parts = [horizontal_axis(scale, values, 4, bottom), _axis_name(unit, bottom)]
    for position, (label, mean) in enumerate(rows):
        parts.append(_bar(label, mean, scale, MARGIN / 2 + position * ROW))
    written = "; ".join(f"{label} {_stated(mean)}" for label, mean in rows)
    return drawing(bottom + AXIS, title, f"Means with 95 % intervals: {written}.", parts)


def strip(mean: Mean) -> Markup:
    """Draw a mean and its interval on a line from 0 to 1, for a table cell that says the same.

    Nothing is drawn for a mean outside of [0, 1].
    """
    if not 0 <= mean.value <= 1:
        return Markup("")
    low, high, value = (100 * v for v in (mean.interval.low, mean.interval.high, mean.value))
    return Markup(
        '<svg class="strip" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        "{}{}{}</svg>"
    ).format(
        rectangle(0, 3.25, 100, 1.5, "track"),
        rectangle(low, 2, max(high - low, 0.5), 4, "bar"),
        rectangle(value - 0.6, 0, 1.2, 8, "p50"),
    )


def latency(title: str, stages: Sequence[StageLatency]) -> Markup:
    """Draw the median, the 95th and the 99th percentile of every stage, one bar over the other."""
    values = ticks(max((stage.p99 for stage in stages), default=1.0))
    scale = Scale(values[-1], MARGIN, WIDTH - MARGIN)
    top = 26
    bottom = top + len(stages) * ROW
    parts = [_legend(), horizontal_axis(scale, values, top, bottom)]
    parts.append(_axis_name("milliseconds", bottom))
    parts += [_stage(stage, scale, top + 2 + row * ROW) for row, stage in enumerate(stages)]
    written = "; ".join(f"{s.stage} {_percentiles(s)}" for s in stages)
    description = f"50th, 95th and 99th percentile per stage: {written}."
    return drawing(bottom + AXIS, title, description, parts)


def risk_coverage_curve(
    title: str,
    curve: Sequence[tuple[float, float]],
    operating_point: tuple[float, float] | None = None,
) -> Markup:
    """Draw the share of wrong answers (risk) over the share answered (coverage), both in [0, 1]."""
    frame = _Frame.of(max([0.05, *(risk for _, risk in curve)]))
    places = [frame.place(coverage, risk) for coverage, risk in curve]
    parts = [frame.axes("share of questions answered (coverage)", "share of those wrong (risk)")]
    if places:
        floor = [(places[-1][0], CURVE_BOTTOM), (places[0][0], CURVE_BOTTOM)]
        parts += [polyline([*places, *floor], "area"), polyline(places, "curve")]
    description = f"A curve of {counted(len(curve), 'point')}."
    if operating_point:
        parts.append(_operating_mark(frame, *operating_point))
        description += f" Operating point: {_operating_words(*operating_point)}."
    return drawing(CURVE_BOTTOM + AXIS, title, description, parts)


def reliability_diagram(title: str, bins: Sequence[Bin]) -> Markup:
    """Draw how often questions could be answered over how probable the system said it was.

    The area of a circle shows how many questions a bin holds; on the diagonal, the probability
    keeps its word. Bins without questions are left out.
    """
    filled = [found for found in bins if found.count]
    most = max((found.count for found in filled), default=1)
    frame = _Frame.of(1.0)
    places = [frame.place(found.mean_probability, found.share_answerable) for found in filled]
    parts = [
        _reliability_legend(most),
        frame.axes("probability the system stated", "share that is answerable"),
        line(frame.place(0, 0), frame.place(1, 1), "diagonal"),
        polyline(places, "curve thin"),
    ]
    for found, place in zip(filled, places, strict=True):
        radius = max(SMALLEST_CIRCLE, LARGEST_CIRCLE * sqrt(found.count / most))
        parts.append(circle(*place, radius, "bin", _bin_words(found)))
    written = "; ".join(map(_bin_words, filled))
    return drawing(CURVE_BOTTOM + AXIS, title, f"Bins of probability: {written}.", parts)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The axes of a curve over [0, 1]."""

    x: Scale
    y: Scale
    y_ticks: tuple[float, ...]

    @classmethod
    def of(cls, high: float) -> _Frame:
        values = ticks(high)
        x = Scale(1, CURVE_LEFT, WIDTH - MARGIN - 2)
        return cls(x, Scale(values[-1], CURVE_BOTTOM, CURVE_TOP), values)

    def place(self, x: float, y: float) -> tuple[float, float]:
        return self.x(x), self.y(y)

    def axes(self, x_name: str, y_name: str) -> Markup:
        across = ticks(1.0)
        parts = [horizontal_axis(self.x, across, CURVE_TOP, CURVE_BOTTOM)]
        parts.append(vertical_axis(self.y, self.y_ticks, self.x.start, self.x.end))
        parts.append(text(CURVE_LEFT - 34, AXIS_NAME_LINE, y_name, "axis-name"))
        parts.append(text(self.x.end, CURVE_BOTTOM + 28, x_name, "axis-name", "end"))
        return Markup("").join(parts)


def _axis_name(name: str, bottom: float) -> Markup:
    return text(WIDTH - MARGIN, bottom + 28, name, "axis-name", "end")


def _bar(label: str, mean: Mean, scale: Scale, top: float) -> Markup:
    middle = top + 17 + BAR / 2
    low, high = scale(mean.interval.low), scale(mean.interval.high)
    parts = [
        _row_text(label, f"{number(mean.value)} · n {mean.count:,}", top),
        rectangle(scale.start, top + 17, scale.end - scale.start, BAR, "track"),
        rectangle(
            scale.start,
            top + 17,
            scale(mean.value) - scale.start,
            BAR,
            "bar",
            f"{label}: {_stated(mean)}",
        ),
        line((low, middle), (high, middle), "whisker"),
        line((low, middle - 4), (low, middle + 4), "whisker"),
        line((high, middle - 4), (high, middle + 4), "whisker"),
    ]
    return Markup("").join(parts)


def _row_text(label: str, value: str, top: float) -> Markup:
    name = text(MARGIN, top + 12, shortened(label, LABEL_CHARS), "label halo")
    return name + text(WIDTH - MARGIN, top + 12, value, "value halo", "end")


def _stated(mean: Mean) -> str:
    return f"{number(mean.value)} [{span(mean.interval)}], n {mean.count:,}"


def _legend() -> Markup:
    parts = []
    for position, name in enumerate(("p50", "p95", "p99")):
        x = MARGIN + position * 52
        parts += [rectangle(x, 5, 10, BAR, name), text(x + 15, 13, name, "tick")]
    return Markup("").join(parts)


def _stage(stage: StageLatency, scale: Scale, top: float) -> Markup:
    parts = [_row_text(sentence_case(stage.stage), _percentiles(stage), top)]
    for name, value in (("p99", stage.p99), ("p95", stage.p95), ("p50", stage.p50)):
        width = max(scale(value) - scale.start, 1.0)
        hint = f"{stage.stage} {name}: {duration(value)}"
        parts.append(rectangle(scale.start, top + 17, width, BAR, name, hint))
    return Markup("").join(parts)


def _percentiles(stage: StageLatency) -> str:
    return " / ".join(f"{p:.2f}" for p in (stage.p50, stage.p95, stage.p99)) + " ms"


def _operating_mark(frame: _Frame, coverage: float, risk: float) -> Markup:
    x, y = frame.place(coverage, risk)
    words = _operating_words(coverage, risk)
    parts = [
        line((x, y), (x, CURVE_BOTTOM), "guide"),
        circle(x, y, 5, "operating", words),
        circle(CURVE_LEFT - 29, LEGEND_LINE - 4, 5, "operating"),
        text(CURVE_LEFT - 18, LEGEND_LINE, words, "value"),
    ]
    return Markup("").join(parts)


def _reliability_legend(most: int) -> Markup:
    y = LEGEND_LINE - 4
    parts = [
        line((CURVE_LEFT - 34, y), (CURVE_LEFT - 8, y), "diagonal"),
        text(CURVE_LEFT - 2, LEGEND_LINE, "as stated", "tick"),
        circle(CURVE_LEFT + 82, y, LARGEST_CIRCLE * 0.7, "bin"),
        text(CURVE_LEFT + 95, LEGEND_LINE, f"area: questions, at most {most:,}", "tick"),
    ]
    return Markup("").join(parts)


def _operating_words(coverage: float, risk: float) -> str:
    return f"{share(coverage)} answered, {share(risk)} of them wrong"


def _bin_words(found: Bin) -> str:
    return (
        f"{plain_number(found.low)}–{plain_number(found.high)}: stated "
        f"{number(found.mean_probability)}, answerable {share(found.share_answerable)}, "
        f"n {found.count:,}"
    )
