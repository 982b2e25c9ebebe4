"""Where results are kept: one folder an evaluation, under the home."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path

from eval.errors import ResultUnwritable
from eval.evaluation import Evaluation, write_evaluation
from eval.report.html import report_html
from eval.report.markdown import report_markdown
from eval.runs import Run, write_run

KEPT = "evaluations"
RESULT, REPORT, SUMMARY, RUN = "evaluation.json", "report.html", "report.md", "run.trec"


def default_folder(home: Path, evaluation: Evaluation) -> Path:
    """Return the folder of one evaluation: when it ran, and on what."""
    stamp = re.sub(r"\D", "", evaluation.created[:19])
    name = f"{stamp}-{evaluation.dataset['name']}-{evaluation.dataset['split']}"
    folder = home / KEPT / re.sub(r"[^\w.-]+", "-", name)
    others = (folder.with_name(f"{folder.name}-{number}") for number in count(2))
    return next(path for path in chain((folder,), others) if not (path / RESULT).exists())


def keep(folder: Path, evaluation: Evaluation, run: Run | None) -> None:
    """Write the result, its report as HTML and Markdown, and the run when there is one.

    Raises:
        ResultUnwritable: the folder cannot be made or written.
    """
    with _writing(folder, "--out"):
        folder.mkdir(parents=True, exist_ok=True)
        write_evaluation(evaluation, folder / RESULT)
        (folder / SUMMARY).write_text(report_markdown(evaluation), encoding="utf-8")
        if run is not None:
            write_run(run, folder / RUN)
    write_report(folder / REPORT, [evaluation])


def write_report(file: Path, evaluations: Sequence[Evaluation]) -> None:
    """Write the report of one or several results as an HTML page.

    Raises:
        ResultUnwritable: the file cannot be written.
    """
    page = report_html(evaluations)
    with _writing(file, "--html"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8")


@contextmanager
def _writing(path: Path, option: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ResultUnwritable(
            f"{path} cannot be written: {error.strerror}; name another place with {option}"
        ) from None


def result_file(path: Path) -> Path:
    """Return the result that a path names: the file itself, or the one in the folder."""
    return path / RESULT if path.is_dir() else path
