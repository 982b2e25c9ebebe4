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
from eval.errors import ResultUnwritable
from eval.place import Place, add_places
from eval.whole_file import write_whole
from rag.answerable import AnswerableModel
from rag.chat import Chat
from rag.errors import QuestionInvalid
from rag.opening import open_chat
from rag.settings import load_settings

# A bare name is answered by its entry. The datasets hold few bare names, so the fit starts there.
START = AnswerableModel(0.0, {"is_name": 5.0})


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


def read_place(place: Place) -> tuple[Dataset, list[Labelled]]:
    """Return the dataset of a place and its labelled questions."""
    dataset = read_dataset(place.folder, place.split)
    chat = open_chat(load_settings(home=place.home), answerable=NEUTRAL)
    document_ids(dataset, chat.index)  # refuses a glossary that is not the dataset's
    return dataset, list(labelled_questions(chat, dataset))


def counts(questions: Sequence[Labelled]) -> str:
    """Say how many questions there are of both kinds."""
    answerable = sum(one.answerable for one in questions)
    return f"{answerable} answerable, {len(questions) - answerable} unanswerable"


def write_model(calibration: Calibration, file: Path) -> None:
    """Write the coefficients as a small JSON file, whole or not at all.

    Raises:
        ResultUnwritable: the file cannot be written.
    """
    text = json.dumps(calibration.model.to_json(), ensure_ascii=False, indent=1)
    try:
        write_whole(file, text + "\n")
    except OSError as error:
        raise ResultUnwritable(f"the fit cannot be written to {file}: {error.strerror}") from None


def calibration_lines(calibration: Calibration) -> list[str]:
    """Say what cross-validation found."""
    return [
        f"AUROC {calibration.auroc:.3f} (cross-validated)",
        f"threshold {calibration.model.threshold:.4f}",
        f"answerable questions answered {calibration.answered(answerable=True):.1%}",
        f"unanswerable questions answered {calibration.answered(answerable=False):.1%}; "
        f"the mean over their kinds, which the limit holds, {calibration.answered_per_kind:.1%}",
    ]


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    add_places(parser)
    parser.add_argument("--out", type=Path, help="write the coefficients here")
    arguments = parser.parse_args()
    questions: list[Labelled] = []
    trained_on = {}
    for place in arguments.places:
        dataset, found = read_place(place)
        trained_on[f"{dataset.name} {dataset.split}"] = counts(found)
        questions.extend(found)
    calibration = calibrate(questions, trained_on, START)
    print(*calibration_lines(calibration), sep="\n")
    if arguments.out:
        write_model(calibration, arguments.out)


if __name__ == "__main__":
    main()
