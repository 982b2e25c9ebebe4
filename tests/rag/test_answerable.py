import math

from rag.answerable import AnswerableModel, Signs


def test_the_probability_is_the_logistic_of_the_weighted_signs() -> None:
    model = AnswerableModel(intercept=-2.0, cosine=2.0, coverage=3.0, unknown=-1.0)
    # -2 + 2 * 0.5 + 3 * 0.5 - 1 * 0.25 = 0.25
    expected = 1 / (1 + math.exp(-0.25))
    assert model.probability(Signs(0.5, 0.5, 0.25)) == expected


def test_more_similarity_and_coverage_speak_for_an_answer_and_unknown_words_against() -> None:
    model = AnswerableModel()
    base = model.probability(Signs(0.5, 0.5, 0.2))
    assert model.probability(Signs(0.6, 0.5, 0.2)) > base
    assert model.probability(Signs(0.5, 0.6, 0.2)) > base
    assert model.probability(Signs(0.5, 0.5, 0.3)) < base
