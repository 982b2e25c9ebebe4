"""Ratings become a dataset that this project reads and judges itself by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from eval.dataset_reading import read_dataset
from eval.errors import DatasetInvalid, ResultUnwritable, TooFewQuestions
from eval.evaluate import Evaluator, Part
from eval.feedback_export import sort_feedback, write_feedback
from rag.chat import Chat
from rag.storing.answer_record import AnswerRecord
from rag.storing.answers import Answers
from rag.storing.conversations import Conversations
from rag.storing.database import Database, open_database
from rag.storing.feedback import Feedback, Rating
from rag.storing.feedbacks import Feedbacks, RatedAnswer
from tests.eval.workshop import open_workshop

UP, DOWN = Rating.UP, Rating.DOWN


def rated(
    number: int,
    text: str,
    rating: Rating,
    cited: tuple[str, ...] = ("lamp",),
    reason: str = "",
    *,
    answerable: bool = True,
) -> RatedAnswer:
    answer: dict[str, Any] = {
        "question": text,
        "standalone_question": text,
        "answerable": answerable,
        "answer": "…",
        "citations": [{"entry_id": entry_id} for entry_id in cited],
        "hits": [{"entry_id": "fan"}],
        "model": "extractive",
        "snapshot_id": "00000000000000aa",
    }
    return RatedAnswer(Feedback(f"{number:032x}", rating, reason), answer)


def sorted_out(*ratings: RatedAnswer) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Return the entries of every question, and why every other is for review."""
    dataset = sort_feedback(ratings, {"lamp", "fan", "kettle"})
    return (
        {question.text: question.entry_ids for question in dataset.questions},
        {line["text"]: line["why"] for line in dataset.review},
    )


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        (rated(1, "q", UP, ("lamp", "fan", "lamp")), ("lamp", "fan")),
        (rated(1, "q", UP, ("lamp", "gone")), ("lamp",)),
        (rated(1, "q", UP, (), answerable=False), ()),
        (rated(1, "q", DOWN, reason="Unanswerable: it says nothing of that"), ()),
        (rated(1, "q", UP, ("gone",)), "cites entries that are gone"),
        (rated(1, "q", UP, ()), "cites nothing"),
        (rated(1, "q", DOWN, reason="too long"), "rated down"),
        (rated(1, "q", DOWN, reason="not unanswerable"), "rated down"),
        (rated(1, "q", DOWN, (), "unanswerable", answerable=False), "rated down"),
    ],
)
def test_a_clear_rating_makes_a_question_and_others_are_for_a_person(
    rating: RatedAnswer, expected: tuple[str, ...] | str
) -> None:
    questions, review = sorted_out(rating)
    if isinstance(expected, str):
        assert (questions, review) == ({}, {"q": expected})
    else:
        assert (questions, review) == ({"q": expected}, {})


def test_equal_questions_are_put_together_unless_people_disagree() -> None:
    assert sorted_out(
        rated(1, "What  is a lamp?", UP), rated(2, "what is a LAMP?", UP, ("fan",))
    ) == ({"What  is a lamp?": ("lamp", "fan")}, {})
    questions, review = sorted_out(rated(1, "q", UP), rated(2, "q", DOWN), rated(3, "r", UP))
    assert questions == {"r": ("lamp",)}
    assert review == {"q": "rated down"}
    both = sort_feedback([rated(1, "q", UP), rated(2, "q", UP, (), answerable=False)])
    assert [line["why"] for line in both.review] == ["rated differently elsewhere"] * 2


def test_without_feedback_there_is_nothing_to_write() -> None:
    with pytest.raises(TooFewQuestions, match="nobody has rated an answer yet"):
        sort_feedback([])


def test_a_dataset_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    dataset = sort_feedback([rated(1, "q", UP)])
    write_feedback(dataset, tmp_path / "out")
    with pytest.raises(ResultUnwritable, match=r"holds queries\.jsonl already; name another"):
        write_feedback(dataset, tmp_path / "out")
    (tmp_path / "file").touch()
    with pytest.raises(ResultUnwritable, match="cannot be written"):
        write_feedback(dataset, tmp_path / "file" / "out")


def test_text_that_no_file_can_hold_is_replaced(tmp_path: Path) -> None:
    dataset = sort_feedback([rated(1, "a \ud800 lamp\n?", UP), rated(2, "b\x00 🪔", DOWN)])
    write_feedback(dataset, tmp_path)
    assert read_dataset(tmp_path, "dev").questions[0].text == "a ? lamp\n?"
    [line] = (tmp_path / "review.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["text"] == "b\x00 🪔"


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return open_workshop(tmp_path)


@pytest.fixture
def database(chat: Chat, tmp_path: Path) -> Iterator[Database]:
    opened = open_database("", tmp_path / "home")
    yield opened
    opened.close()


def rate_three(chat: Chat, database: Database) -> list[str]:
    """Rate a follow-up up, an answer that should not have been given, and a bad one."""
    talks, box = Conversations(database), Feedbacks(database)
    first = AnswerRecord.of(chat.ask("What is a desk fan?"))
    begun = talks.begin("key", first)
    follow_up = chat.ask("What are its parts?", talks.turns(begun.conversation_id, "key"))
    good = AnswerRecord.of(follow_up)
    talks.append(begun.conversation_id, "key", good)
    wrong, bad = (AnswerRecord.of(chat.ask(f"What is a {term}?")) for term in ("kettle", "lamp"))
    for record in (wrong, bad):
        Answers(database).keep(record, "key")
    box.put(Feedback(good.answer_id, Rating.UP), "key")
    box.put(Feedback(wrong.answer_id, Rating.DOWN, "unanswerable"), "key")
    box.put(Feedback(bad.answer_id, Rating.DOWN, "too long", "A lamp gives light."), "key")
    return [good.answer_id, wrong.answer_id, bad.answer_id]


def test_the_exported_folder_is_read_and_judged(
    chat: Chat, database: Database, tmp_path: Path
) -> None:
    good, wrong, bad = rate_three(chat, database)
    result = CliRunner().invoke(
        app, ["eval", "feedback", "--out", f"{tmp_path}/out", "--home", f"{tmp_path}/home"]
    )
    assert result.stdout == (
        "2 questions: 1 answerable and 1 unanswerable\n1 rating to judge in review.jsonl\n"
    )
    dataset = read_dataset(tmp_path / "out", "dev")
    told, untold = dataset.questions
    assert (told.question_id, told.answerable, told.kind) == (good, True, "feedback")
    assert "desk fan" in told.text.lower()
    assert told.relevant == {"desk-fan"}
    assert (untold.question_id, untold.answerable) == (wrong, False)
    [line] = (tmp_path / "out" / "review.jsonl").read_text("utf-8").splitlines()
    review = json.loads(line)
    assert (review["_id"], review["reason"]) == (bad, "too long")
    assert (review["why"], review["correction"]) == ("rated down", "A lamp gives light.")
    judged = Evaluator(chat, dataset).evaluate(tuple(Part), "feedback", {})
    assert judged.tasks["retrieval"]["Success@1"] == {good: 1.0}
    assert judged.tasks["abstention"]["decided rightly"] == {good: 1.0, wrong: 0.0}


def test_as_json_it_tells_the_counts_alone(chat: Chat, database: Database, tmp_path: Path) -> None:
    kept = AnswerRecord.of(chat.ask("What is a kettle?"))
    Answers(database).keep(kept, "")
    Feedbacks(database).put(Feedback(kept.answer_id, Rating.DOWN), "")
    out = f"{tmp_path}/out"
    arguments = ["eval", "feedback", "--out", out, "--home", f"{tmp_path}/home", "--json"]
    result = CliRunner().invoke(app, arguments)
    assert json.loads(result.stdout) == {
        "out": out, "answerable": 0, "unanswerable": 0, "review": 1,
    }  # fmt: skip
    assert "cannot be evaluated before an answer with citations is rated up" in result.stderr
    with pytest.raises(DatasetInvalid, match="has no question"):
        read_dataset(tmp_path / "out", "dev")
