"""What the evaluation page shows: the evaluations kept in the home, the latest first."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from eval.errors import EvalError
from eval.evaluation import Evaluation, read_evaluation
from eval.keeping import KEPT, REPORT, RESULT
from eval.report.decisions import decisions
from eval.report.key_figures import FigureRow, KeyFigure, figure_rows, key_figures
from eval.report.latency import stage_latencies
from eval.report.notation import moment

SHOWN = 20
"""How many evaluations the page shows, the latest."""

_NAME = re.compile(r"[\w.-]{1,200}")
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class KeptEvaluation:
    """One kept evaluation: the name of its folder, what was judged, and its key figures."""

    folder: str
    name: str
    created: str
    dataset: str
    snapshot_id: str
    figures: tuple[KeyFigure, ...]
    has_report: bool


@dataclass(frozen=True, slots=True)
class EvaluationView:
    """Everything the template of the evaluation page needs.

    Attributes:
        kept: the evaluations, the latest first.
        rows: their key figures, one row a figure.
        total: how many are kept, of which `kept` are the latest.
        unreadable: folders whose result cannot be read.
    """

    kept: tuple[KeptEvaluation, ...]
    rows: tuple[FigureRow, ...]
    total: int
    unreadable: tuple[str, ...]


def evaluation_view(home: Path) -> EvaluationView:
    """Return the evaluations kept in a home."""
    folders = sorted(_folders(home), key=lambda folder: folder.name, reverse=True)
    kept, unreadable = [], []
    for folder in folders[:SHOWN]:
        result = folder / RESULT
        try:
            kept.append(_read(result, result.stat().st_mtime_ns))
        except (EvalError, OSError):
            unreadable.append(folder.name)
    rows = figure_rows([evaluation.figures for evaluation in kept])
    return EvaluationView(tuple(kept), rows, len(folders), tuple(unreadable))


@dataclass(frozen=True, slots=True)
class Report:
    """The report of one evaluation, and the policy that lets its own style apply, nothing else."""

    html: bytes
    policy: str


def report_of(home: Path, folder: str) -> Report | None:
    """Return the report that is kept in a folder; None when there is none."""
    if not _NAME.fullmatch(folder) or folder.startswith("."):
        return None
    try:
        html = (home / KEPT / folder / REPORT).read_bytes()
    except OSError:
        return None
    return Report(html, _policy(html))


def _folders(home: Path) -> list[Path]:
    try:
        return [path for path in (home / KEPT).iterdir() if (path / RESULT).is_file()]
    except OSError:
        return []


@lru_cache(maxsize=64)
def _read(result: Path, _changed_ns: int) -> KeptEvaluation:
    found = read_evaluation(result)
    return KeptEvaluation(
        folder=result.parent.name,
        name=found.name,
        created=moment(found.created),
        dataset=_dataset(found),
        snapshot_id=str(found.system.get("snapshot", "")),
        figures=key_figures(found, decisions(found), stage_latencies(found)),
        has_report=(result.parent / REPORT).is_file(),
    )


def _dataset(found: Evaluation) -> str:
    return " ".join(str(found.dataset[key]) for key in ("name", "split") if key in found.dataset)


def _policy(html: bytes) -> str:
    styles = _STYLE.findall(html.decode("utf-8", "replace"))
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
        for style in styles
    )
    allowed = hashes or "'none'"
    return (
        f"default-src 'none'; style-src {allowed}; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; sandbox"
    )
