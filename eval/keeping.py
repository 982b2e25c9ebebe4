"""Where results are kept: one folder an evaluation, under the home."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, count
from pathlib import Path

from eval.dataset import Dataset
from eval.errors import ResultUnwritable
from eval.evaluation import Evaluation, write_evaluation
from eval.report.html import report_html
from eval.report.markdown import report_markdown
from eval.runs import Run, write_run
from eval.whole_file import write_whole

KEPT = "evaluations"
RESULT, REPORT, SUMMARY, RUN = "evaluation.json", "report.html", "report.md", "run.trec"


def claim_folder(home: Path, dataset: Dataset, begun: str) -> Path:
    """Make the folder of one evaluation, which nobody else has: when it began, and on what.

    `begun` is an ISO 8601 time.

    Raises:
        ResultUnwritable: the folder cannot be made.
    """
    stamp = re.sub(r"\D", "", begun[:19])
    named = re.sub(r"[^\w.-]+", "-", f"{stamp}-{dataset.name}-{dataset.split}")
    folder = home / KEPT / named
    others = (folder.with_name(f"{folder.name}-{number}") for number in count(2))
    with _writing(folder, "--out"):
        folder.parent.mkdir(parents=True, exist_ok=True)
        for path in chain((folder,), others):
            with suppress(FileExistsError):
                path.mkdir(exist_ok=False)
                break
    return path


def make_folder(folder: Path) -> Path:
    """Make sure that a folder is there and can be written, before work is spent on what it keeps.

    Raises:
        ResultUnwritable: it cannot.
    """
    trial = folder / f".{secrets.token_hex(8)}"
    with _writing(folder, "--out"):
        folder.mkdir(parents=True, exist_ok=True)
        trial.touch()
        trial.unlink()
    return folder


@contextmanager
def only_if_filled(folder: Path) -> Iterator[None]:
    """Take an empty folder away again when what should fill it fails."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            folder.rmdir()
        raise


def keep(folder: Path, evaluation: Evaluation, run: Run | None) -> None:
    """Write the result, its report as HTML and Markdown, and the run when there is one.

    Raises:
        ResultUnwritable: the folder cannot be made or written.
    """
    with _writing(folder, "--out"):
        folder.mkdir(parents=True, exist_ok=True)
        write_evaluation(evaluation, folder / RESULT)
        write_whole(folder / SUMMARY, report_markdown(evaluation))
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
        write_whole(file, page)


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
