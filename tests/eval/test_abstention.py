from __future__ import annotations

import pytest

from eval.abstention import (
    Bin,
    Point,
    auroc,
    auroc_interval,
    judge_decision,
    operating_point,
    points_of,
    reliability,
    risk_coverage,
)
from eval.evaluation import Evaluation, QueryRecord


def point(
    probability: float, answerable: bool = True, *, answered: bool = True, correct: bool = False
) -> Point:
    return Point(probability, answerable, answered, correct)


def test_a_decision_is_right_when_it_agrees_and_the_probability_is_squared() -> None:
    assert judge_decision(True, True, 0.75) == {"decided rightly": 1.0, "squared error": 0.0625}
    assert judge_decision(False, True, 0.75) == {"decided rightly": 0.0, "squared error": 0.5625}
    assert judge_decision(False, False, 0.0) == {"decided rightly": 1.0, "squared error": 0.0}
    assert judge_decision(True, False, 0.0) == {"decided rightly": 0.0, "squared error": 1.0}


def test_the_auroc_counts_pairs_and_ties_half() -> None:
    good = [point(0.9), point(0.6), point(0.4)]
    bad = [point(0.6, False), point(0.1, False)]
    # 0.9 beats both; 0.6 ties with one and beats the other; 0.4 beats one
    assert auroc([*good, *bad]) == pytest.approx((2 + 1.5 + 1) / 6)
    assert auroc([point(0.5), point(0.5, False)]) == 0.5


@pytest.mark.parametrize("points", [[], [point(0.5)], [point(0.5, False)]])
def test_one_kind_alone_has_no_auroc(points: list[Point]) -> None:
    assert auroc(points) is None
    assert auroc_interval(points) is None


def test_the_interval_of_the_auroc_holds_it_and_is_the_same_every_time() -> None:
    points = [point(p / 10, p % 3 > 0) for p in range(10)]
    interval = auroc_interval(points, resamples=200)
    area = auroc(points)
    assert interval is not None
    assert area is not None
    assert 0 <= interval.low <= area <= interval.high <= 1
    assert interval == auroc_interval(points, resamples=200)
    parted = auroc_interval([point(0.9), point(0.8), point(0.1, False)], resamples=50)
    assert parted is not None
    assert (parted.low, parted.high) == (1.0, 1.0)


def test_risk_is_the_share_of_wrong_ones_and_ties_are_answered_together() -> None:
    points = [
        point(0.5, correct=True),
        point(0.9, correct=True),
        point(0.5, False),
        point(0.2, correct=False),
        point(0.2, correct=True),
    ]
    assert risk_coverage(points) == ((0.2, 0.0), (0.6, 1 / 3), (1.0, 2 / 5))
    assert risk_coverage(points[::-1]) == risk_coverage(points)
    assert risk_coverage([]) == ()


def test_the_operating_point_is_what_was_decided() -> None:
    points = [
        point(0.9, correct=True),
        point(0.8, False),
        point(0.7, answered=False),
        point(0.1, False, answered=False),
    ]
    assert operating_point(points) == (0.5, 0.5)
    assert operating_point(points[2:]) is None
    assert operating_point([]) is None


def test_bins_hold_their_lower_edge_and_the_last_one_both() -> None:
    points = [point(0.0, False), point(0.1), point(0.19, False), point(0.9), point(1.0)]
    assert reliability(points) == (
        Bin(0.0, 0.1, 0.0, 0.0, 1),
        Bin(0.1, 0.2, pytest.approx(0.145), 0.5, 2),
        Bin(0.9, 1.0, pytest.approx(0.95), 1.0, 2),
    )
    assert reliability([]) == ()


def test_a_point_is_right_when_the_answer_is_complete_or_else_cites_a_relevant_entry() -> None:
    asked = {
        "complete": (True, True, 0.9, True),
        "incomplete": (True, True, 0.8, False),  # cites the right entry, lacks a word
        "cites": (True, True, 0.7, True),  # nothing is required
        "unknown": (False, True, 0.6, False),
        "declined": (False, False, 0.1, False),
    }
    evaluation = Evaluation(
        "e",
        "2026-03-01",
        {},
        {},
        {
            "answers": {
                "must include": {"complete": 1.0, "incomplete": 0.0},
                "cites a judged one": {"complete": 1.0, "incomplete": 1.0, "cites": 1.0},
            },
            "abstention": {"squared error": dict.fromkeys(asked, 0.0)},
        },
        {
            query: QueryRecord("?", answerable=answerable, answered=answered, probability=chance)
            for query, (answerable, answered, chance, _) in asked.items()
        },
    )
    expected = [
        Point(chance, answerable, answered, correct)
        for answerable, answered, chance, correct in asked.values()
    ]
    assert points_of(evaluation) == expected
