"""An evaluation on stdout: its report as Markdown, or the whole result as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from api.terminal.terminal import output, print_json
from eval.report.markdown import report_markdown

if TYPE_CHECKING:
    from eval.evaluation import Evaluation


def print_evaluation(evaluation: Evaluation, as_json: bool) -> None:
    """Print a result for a person or for a program."""
    if as_json:
        print_json(asdict(evaluation))
    else:
        output().print(report_markdown(evaluation), soft_wrap=True)
