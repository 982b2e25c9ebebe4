from __future__ import annotations

import pytest

from rag.errors import ModelResting
from rag.models.breaker import Breaker, Visit


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=2, pause_s=10, clock=clock)


def fail(visit: Visit) -> None:
    visit.failed()
    visit.left()


def test_a_model_rests_after_failures_in_a_row(breaker: Breaker) -> None:
    fail(breaker.enter("m"))
    breaker.enter("m").succeeded()
    fail(breaker.enter("m"))
    fail(breaker.enter("m"))
    with pytest.raises(ModelResting, match="m failed 2 times in a row and is left alone for 10 s"):
        breaker.enter("m")


def test_after_the_pause_one_request_tries_and_its_first_text_lets_the_others_in(
    breaker: Breaker, clock: Clock
) -> None:
    fail(breaker.enter("m"))
    fail(breaker.enter("m"))
    clock.now_s += 10
    probe = breaker.enter("m")
    with pytest.raises(ModelResting):
        breaker.enter("m")
    probe.spoke()
    fail(breaker.enter("m"))
    with pytest.raises(ModelResting):
        breaker.enter("m")


def test_a_probe_that_fails_starts_the_next_pause(breaker: Breaker, clock: Clock) -> None:
    fail(breaker.enter("m"))
    fail(breaker.enter("m"))
    clock.now_s += 10
    fail(breaker.enter("m"))
    clock.now_s += 9
    with pytest.raises(ModelResting, match="failed 3 times in a row and is left alone for 1 s"):
        breaker.enter("m")
    clock.now_s += 1
    breaker.enter("m").succeeded()
    breaker.enter("m")
    breaker.enter("m")


def test_a_probe_that_is_given_up_leaves_its_place_to_the_next(
    breaker: Breaker, clock: Clock
) -> None:
    fail(breaker.enter("m"))
    fail(breaker.enter("m"))
    clock.now_s += 10
    breaker.enter("m").left()
    breaker.enter("m").spoke()
    breaker.enter("m")
