"""Fit the answerability model that ships with the project, and write its coefficients.

python -m eval.calibrate FOLDER=HOME:SPLIT [FOLDER=HOME:SPLIT ...] [--out rag/answerable.json]

Each home holds the glossary that its dataset judges (`aifactory ingest --home HOME ...`). The turns
of conversations take part as a person would complete them. docs/evaluation.md names the datasets.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.calibration import NEUTRAL, Calibration, Labelled, calibrate
from eval.dataset import Dataset
from eval.dataset_reading import read_dataset
from eval.documents import document_ids
from rag.chat import Chat
from rag.errors import QuestionInvalid
from rag.opening import open_chat
from rag.settings import load_settings


def labelled_questions(chat: Chat, dataset: Dataset) -> Iterator[Labelled]:
    """Yield every question of which it is known whether it is answerable."""
    for question in dataset.all_questions():
        text = question.rewrite or question.text
        leans = bool(question.history) and not question.rewrite
        if question.answerable is None or leans:
            continue
        try:
            signs = chat.signs(text)
        except QuestionInvalid:
            continue
        if signs is not None:
            yield Labelled(signs, question.answerable, question.kind)


def read_place(place: str) -> tuple[Dataset, list[Labelled]]:
    """Return a dataset given as FOLDER=HOME:SPLIT and its labelled questions."""
    folder, _, rest = place.partition("=")
    home, _, split = rest.rpartition(":")
    dataset = read_dataset(Path(folder), split)
    chat = open_chat(load_settings(home=Path(home)), answerable=NEUTRAL)
    document_ids(dataset, chat.index)  # refuses a glossary that is not the dataset's
    return dataset, list(labelled_questions(chat, dataset))


def counts(questions: Sequence[Labelled]) -> str:
    """Say how many questions there are of both kinds."""
    answerable = sum(one.answerable for one in questions)
    return f"{answerable} answerable, {len(questions) - answerable} unanswerable"


def write_model(calibration: Calibration, file: Path) -> None:
    """Write the coefficients as a small JSON file."""
    text = json.dumps(calibration.model.to_json(), ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")


def calibration_lines(calibration: Calibration) -> list[str]:
    """Say what cross-validation found."""
    return [
        f"AUROC {calibration.auroc:.3f} (cross-validated)",
        f"threshold {calibration.model.threshold:.3f}",
        f"answerable questions answered {calibration.answered(answerable=True):.1%}",
        f"unanswerable questions answered {calibration.answered(answerable=False):.1%}",
    ]


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("places", nargs="+", metavar="FOLDER=HOME:SPLIT")
    parser.add_argument("--out", type=Path, help="write the coefficients here")
    arguments = parser.parse_args()
    questions: list[Labelled] = []
    trained_on = {}
    for place in arguments.places:
        dataset, found = read_place(place)
        trained_on[f"{dataset.name} {dataset.split}"] = counts(found)
        questions.extend(found)
    calibration = calibrate(questions, trained_on)
    print(*calibration_lines(calibration), sep="\n")
    if arguments.out:
        write_model(calibration, arguments.out)


if __name__ == "__main__":
    main()
