"""The noun Figure: one measured number, its unit and its target; as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `target` is what it has to reach, in words; "" when there is none."""

    name: str
    value: float | int | str
    unit: str = ""
    target: str = ""


def print_figures(
    title: str, figures: Sequence[Figure], details: Sequence[str] = (), *, as_json: bool = False
) -> None:
    """Print figures and the details behind them (failures, for example) to stdout."""
    if as_json:
        plain = {"title": title, "figures": [asdict(f) for f in figures], "details": list(details)}
        print(json.dumps(plain, ensure_ascii=False, indent=1))
        return
    print(title)
    width = max((len(figure.name) for figure in figures), default=0)
    for figure in figures:
        target = f"  (target: {figure.target})" if figure.target else ""
        print(f"  {figure.name:{width}}  {_written(figure.value):>10} {figure.unit}{target}")
    for detail in details:
        print(f"  - {detail}")


def percent(part: int, whole: int) -> float:
    """Return a share in percent, unrounded; 100 of nothing is 100."""
    return 100 * part / whole if whole else 100.0


def _written(value: float | int | str) -> str:
    if isinstance(value, float):
        return f"{value:.4f}" if abs(value) < 1 else f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else value
