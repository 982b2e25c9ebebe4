"""Inline SVG by hand: shapes, text and axes; colours come from the classes of the stylesheet.

A drawing is 360 units wide and scales with its place, so that its text is legible on a phone.
Everything that is not a number is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 360


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values in [0, high] to units in [start, end]."""

    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value; one beyond the scale stands at its end."""
        part = min(max(0.0, value / self.high), 1.0)  # in this order 0 also for NaN
        return self.start + part * (self.end - self.start)


def ticks(high: float, most: int = 5) -> tuple[float, ...]:
    """Return round values from 0 to the first one that is not below `high`.

    There are at most `most` steps, each 1, 2, 2.5 or 5 times a power of ten.
    """
    if not (math.isfinite(high) and high > 0):
        return (0.0, 1.0)
    power = 10.0 ** math.floor(math.log10(high / most))
    step = next(s for s in (power * f for f in (1, 2, 2.5, 5, 10)) if high <= s * most * (1 + 1e-9))
    return tuple(step * position for position in range(math.ceil(high / step - 1e-9) + 1))


def plain_number(value: float) -> str:
    """Return a coordinate or a tick label without needless zeros."""
    return f"{round(value, 4):g}"


def drawing(height: float, title: str, description: str, parts: Sequence[Markup]) -> Markup:
    """Return an SVG element of `height` units with a name and a description for screen readers."""
    return Markup(
        '<svg class="plot" viewBox="0 0 {} {}" role="img"><title>{}</title><desc>{}</desc>{}</svg>'
    ).format(WIDTH, plain_number(height), title, description, Markup("").join(parts))


def text(x: float, y: float, content: str, name: str, anchor: str = "start") -> Markup:
    """Return a line of text whose baseline starts, has its middle or ends at (x, y)."""
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        name, plain_number(x), plain_number(y), anchor, content
    )


def line(start: tuple[float, float], end: tuple[float, float], name: str) -> Markup:
    """Return a straight line."""
    places = map(plain_number, (*start, *end))
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(name, *places)


def rectangle(x: float, y: float, width: float, height: float, name: str, hint: str = "") -> Markup:
    """Return a rectangle with slightly rounded corners; `hint` shows when pointed at."""
    places = map(plain_number, (x, y, width, height))
    return Markup(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="1.5">{}</rect>'
    ).format(name, *places, _hint(hint))


def circle(x: float, y: float, radius: float, name: str, hint: str = "") -> Markup:
    """Return a circle; `hint` shows when pointed at."""
    places = map(plain_number, (x, y, radius))
    return Markup('<circle class="{}" cx="{}" cy="{}" r="{}">{}</circle>').format(
        name, *places, _hint(hint)
    )


def polyline(points: Sequence[tuple[float, float]], name: str) -> Markup:
    """Return a line through all points."""
    places = " ".join(f"{plain_number(x)},{plain_number(y)}" for x, y in points)
    return Markup('<polyline class="{}" points="{}"/>').format(name, places)


def horizontal_axis(scale: Scale, values: Sequence[float], top: float, bottom: float) -> Markup:
    """Return a vertical grid line and a label under it for every tick."""
    parts = []
    for value in values:
        x = scale(value)
        parts.append(line((x, top), (x, bottom), "grid"))
        parts.append(text(x, bottom + 13, plain_number(value), "tick", "middle"))
    return Markup("").join(parts)


def vertical_axis(scale: Scale, values: Sequence[float], left: float, right: float) -> Markup:
    """Return a horizontal grid line and a label left of it for every tick."""
    parts = []
    for value in values:
        y = scale(value)
        parts.append(line((left, y), (right, y), "axis" if value == 0 else "grid"))
        parts.append(text(left - 6, y + 3.5, plain_number(value), "tick", "end"))
    return Markup("").join(parts)


def _hint(hint: str) -> Markup:
    return Markup("<title>{}</title>").format(hint) if hint else Markup("")
