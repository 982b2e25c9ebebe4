"""`aifactory eval feedback`: what people thought of answers, as a dataset to evaluate with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import AsJson, Home, named_path

if TYPE_CHECKING:
    from collections.abc import Collection

    from eval.feedback_export import FeedbackDataset
    from rag.settings import Settings


def feedback(
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FOLDER", parser=named_path, help="Where the dataset goes; a new one."
        ),
    ],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write rated questions as a dataset for `aifactory eval run`, unclear ones for review."""
    from api.commands.options import settings
    from api.plain_text import counted
    from api.terminal.terminal import notice, output, print_json
    from eval.feedback_export import REVIEW, write_feedback

    dataset = _sorted_feedback(settings(home))
    write_feedback(dataset, out)
    counts = dataset.counts()
    if as_json:
        print_json({"out": str(out), **counts})
    else:
        kinds = f"{counts['answerable']} answerable and {counts['unanswerable']} unanswerable"
        output().print(f"{counted(len(dataset.questions), 'question', 'questions')}: {kinds}")
        output().print(f"{counted(counts['review'], 'rating', 'ratings')} to judge in {REVIEW}")
    if not counts["answerable"]:
        notice(f"note: {out} cannot be evaluated before an answer with citations is rated up")


def _sorted_feedback(chosen: Settings) -> FeedbackDataset:
    from eval.feedback_export import sort_feedback
    from rag.storing.database import open_database
    from rag.storing.feedbacks import Feedbacks

    database = open_database(chosen.database.get_secret_value(), chosen.home)
    try:
        return sort_feedback(Feedbacks(database).rated(), _live_entries(chosen.home))
    finally:
        database.close()


def _live_entries(home: Path) -> Collection[str] | None:
    """Return the ids of the live entries, or None when no glossary is live."""
    from indexes.store import Store

    store = Store(home)
    if store.current() is None:
        return None
    with store.open() as index:
        return frozenset(index.entry_ids())
