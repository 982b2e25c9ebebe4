"""Trim a result to what a comparison needs, so that it can be committed as a baseline.

python -m eval.baseline RESULT FILE

Values per query stay; texts of answers, all but the first three hits, and times go.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from eval.evaluation import Evaluation, QueryRecord, read_evaluation, write_evaluation
from eval.keeping import result_file

HITS = 3


def trimmed(evaluation: Evaluation) -> Evaluation:
    """Return a result without what only a reader of the full report wants."""
    return replace(
        evaluation,
        records={query: _short(record) for query, record in evaluation.records.items()},
        stages_ms={},
        memory_mb={},
    )


def _short(record: QueryRecord) -> QueryRecord:
    return replace(record, answer="", missing=(), retrieved=record.retrieved[:HITS])


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("result", type=Path, help="of `aifactory eval run`: a file or folder")
    parser.add_argument("file", type=Path, help="where the baseline goes")
    arguments = parser.parse_args()
    write_evaluation(trimmed(read_evaluation(result_file(arguments.result))), arguments.file)


if __name__ == "__main__":
    main()
