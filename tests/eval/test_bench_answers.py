from dataclasses import replace

from eval.bench_answers import DevelopmentQuestion, read_questions
from rag.answer import Answer

ANSWER = Answer("q", "q", True, 0.9, "**Two** lamps [1]", (), (), (), "extractive", "s", {})


def test_an_answer_meets_a_question_when_it_shows_every_required_word() -> None:
    question = DevelopmentQuestion("q", True, ("lamp",), ("two lamps",))
    assert question.is_met(ANSWER)
    assert not question.is_met(replace(ANSWER, text="lamps, two"))
    assert not question.is_met(replace(ANSWER, answerable=False))


def test_without_hits_nothing_is_found() -> None:
    assert not DevelopmentQuestion("q", True, ("lamp",), ()).is_found(ANSWER)


def test_answerable_questions_name_an_entry_and_others_none() -> None:
    questions = read_questions()
    assert len(questions) == 94
    assert all(bool(question.entries) is question.answerable for question in questions)
    assert len({question.question for question in questions}) == len(questions)
