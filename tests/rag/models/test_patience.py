"""Patience around a model whose behaviour is written down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext

import pytest

from rag.errors import (
    GenerationFailed,
    ModelBroken,
    ModelRejected,
    ModelResting,
    ModelTimedOut,
    ModelUnavailable,
    ModelUnreachable,
)
from rag.models.breaker import Breaker
from rag.models.generator import CutOff, Ending, Message, Role
from rag.models.patience import Limits, Patience

PROMPT = [Message(Role.USER, "hello")]
STALL = "<stall>"


class Refusal(Exception):
    """What a provider's client raises: a status, a body, a response with headers."""

    def __init__(self, status: int, said: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__("secret details")
        self.status_code = status
        self.body = {"error": {"message": said}}
        self.headers = headers or {}

    @property
    def response(self) -> Refusal:
        return self


class WrittenModel:
    """Each time it is asked it does the next list: says texts, raises exceptions, stalls."""

    name = "written"

    def __init__(self, *answers: Sequence[str | Exception]) -> None:
        self._answers = list(answers)
        self.asked = 0
        self.closed = 0
        self.prepared: Exception | None = None

    async def prepare(self) -> None:
        if self.prepared:
            raise self.prepared

    async def aclose(self) -> None:
        pass

    def turn(self) -> AbstractAsyncContextManager[None]:
        return nullcontext()

    async def stream(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        answer = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        try:
            for step in answer:
                if isinstance(step, Exception):
                    raise step
                if step == STALL:
                    await asyncio.Event().wait()
                yield step
        finally:
            self.closed += 1


class Pauses(list[float]):
    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


def patient(
    model: WrittenModel,
    *,
    first_s: float = 60,
    total_s: float = 60,
    retries: int = 2,
    breaker: Breaker | None = None,
    pauses: Pauses | None = None,
    jitter: Callable[[], float] = lambda: 1,
) -> Patience:
    limits = Limits(first_s, total_s, retries)
    return Patience(model, limits, breaker, pauses if pauses is not None else Pauses(), jitter)


def ask(patience: Patience) -> tuple[str, GenerationFailed | None]:
    """Return the text and what ended it."""

    async def collect() -> tuple[str, GenerationFailed | None]:
        said = ""
        try:
            async for text in patience.stream(PROMPT):
                said += text
        except GenerationFailed as failure:
            return said, failure
        return said, None

    return asyncio.run(collect())


def test_an_answer_passes_through_without_its_empty_pieces() -> None:
    assert ask(patient(WrittenModel(["", "a ", "", "b"]))) == ("a b", None)


def test_failures_before_the_first_text_are_tried_again_after_growing_pauses() -> None:
    pauses = Pauses()
    model = WrittenModel([Refusal(500)], [ConnectionResetError()], [], ["a"])
    assert ask(patient(model, retries=3, pauses=pauses)) == ("a", None)
    assert pauses == [0.25, 0.5, 1.0]


def test_pauses_are_shortened_at_random_but_not_below_what_the_server_asks() -> None:
    pauses = Pauses()
    model = WrittenModel([Refusal(503)], [Refusal(429, headers={"retry-after": "7"})], ["a"])
    assert ask(patient(model, pauses=pauses, jitter=lambda: 0.5)) == ("a", None)
    assert pauses == [0.125, 7]


def test_a_pause_that_does_not_fit_the_time_is_not_begun() -> None:
    pauses = Pauses()
    model = WrittenModel([Refusal(429, headers={"retry-after": "61"})])
    _, failure = ask(patient(model, pauses=pauses))
    assert isinstance(failure, ModelUnreachable)
    assert (model.asked, pauses) == (1, [])


def test_nothing_is_tried_again_after_the_first_text() -> None:
    model = WrittenModel(["a ", ConnectionResetError()])
    text, failure = ask(patient(model))
    assert (text, type(failure), model.asked) == ("a ", ModelBroken, 1)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422, 302])
def test_a_refusal_is_not_tried_again(status: int) -> None:
    model = WrittenModel([Refusal(status, "no\n such  thing")])
    _, failure = ask(patient(model))
    assert (type(failure), model.asked) == (ModelRejected, 1)
    assert f"written refuses the request: status {status} (no such thing); " in str(failure)


@pytest.mark.parametrize(
    ("raised", "failure", "said"),
    [
        (Refusal(500, "sorry"), ModelUnreachable, "written fails: status 500 (sorry)"),
        (Refusal(429), ModelUnreachable, "written is busy: status 429"),
        (ConnectionRefusedError(), ModelUnreachable, "written cannot be reached"),
        (ConnectionResetError(), ModelBroken, "written broke the connection"),
        (TimeoutError(), ModelTimedOut, "written did not answer in time"),
        (ValueError("secret"), ModelBroken, "written sent what cannot be read"),
        (ModelUnavailable("no such model"), ModelRejected, "no such model"),
        (ModelRejected("too long"), ModelRejected, "too long"),
        (KeyError("secret"), ModelBroken, "written failed with KeyError"),
    ],
)
def test_what_a_client_raises_is_told_in_one_line(
    raised: Exception, failure: type[GenerationFailed], said: str
) -> None:
    _, ended = ask(patient(WrittenModel([raised]), retries=0))
    assert type(ended) is failure
    assert said in str(ended)
    assert "secret" not in str(ended)
    assert "\n" not in str(ended)


def test_keys_in_what_a_server_says_are_left_out() -> None:
    said = "Incorrect API key provided: sk-ab**yz. Ask org-Q7_x about keys."
    _, failure = ask(patient(WrittenModel([Refusal(401, said)])))
    assert "(Incorrect API key provided: .... Ask ... about keys.)" in str(failure)


def test_an_empty_answer_is_a_broken_one() -> None:
    model = WrittenModel(["", ""])
    _, failure = ask(patient(model))
    assert (type(failure), model.asked) == (ModelBroken, 3)
    assert "empty answer" in str(failure)


def test_the_first_text_has_to_come_in_time_all_tries_together() -> None:
    model = WrittenModel([Refusal(500)], [STALL])
    _, failure = ask(patient(model, first_s=0.1, jitter=lambda: 0))
    assert isinstance(failure, ModelTimedOut)
    assert "written sent no text within 0.1 s (AIFACTORY_LLM_FIRST_TOKEN_S)" in str(failure)
    assert (model.asked, model.closed) == (2, 2)


def test_the_time_that_the_reader_takes_is_not_the_model_s() -> None:
    async def read_slowly() -> str:
        said = ""
        async for text in patient(WrittenModel(["a", "b"]), total_s=0.05).stream(PROMPT):
            said += text
            await asyncio.sleep(0.1)
        return said

    assert asyncio.run(read_slowly()) == "ab"


def test_a_model_that_stops_early_is_told_and_not_counted_as_failing() -> None:
    model = WrittenModel(["a", CutOff(Ending.LENGTH)])
    patience = patient(model, breaker=Breaker(failures=1))
    for _ in range(2):
        with pytest.raises(CutOff) as raised:
            ask(patience)
        assert raised.value.ending is Ending.LENGTH
    assert model.asked == 2


@pytest.mark.parametrize("first_s", [0.1, 60])
def test_the_end_has_to_come_in_time(first_s: float) -> None:
    model = WrittenModel(["a", STALL])
    text, failure = ask(patient(model, first_s=first_s, total_s=0.1))
    assert (text, type(failure), model.closed) == ("a", ModelTimedOut, 1)
    assert "did not end its answer within 0.1 s (AIFACTORY_LLM_TOTAL_S)" in str(failure)


def test_a_model_that_keeps_failing_is_not_asked_for_a_while() -> None:
    model = WrittenModel([Refusal(500)])
    patience = patient(model, retries=0, breaker=Breaker(failures=2))
    assert [type(ask(patience)[1]) for _ in range(3)] == [
        ModelUnreachable,
        ModelUnreachable,
        ModelResting,
    ]
    assert model.asked == 2


def test_refusals_and_consumers_that_leave_do_not_count_as_failures() -> None:
    model = WrittenModel([Refusal(400)], ["a", "b"], [Refusal(401)], ["c"])
    patience = patient(model, breaker=Breaker(failures=1))

    async def leave() -> None:
        async with aclosing(patience.stream(PROMPT)) as stream:
            assert await anext(stream) == "a"

    assert isinstance(ask(patience)[1], ModelRejected)
    asyncio.run(leave())
    assert model.closed == 2
    assert isinstance(ask(patience)[1], ModelRejected)
    assert ask(patience) == ("c", None)


def test_a_model_that_cannot_be_made_ready_is_rejected() -> None:
    model = WrittenModel(["a"])
    model.prepared = ModelUnavailable("no weights")
    _, failure = ask(patient(model))
    assert (type(failure), str(failure), model.asked) == (ModelRejected, "no weights", 0)


def test_cancelling_the_consumer_closes_the_model() -> None:
    model = WrittenModel(["a", STALL])

    async def cancel() -> None:
        heard = asyncio.Event()

        async def listen() -> None:
            async with aclosing(patient(model).stream(PROMPT)) as stream:
                async for _ in stream:
                    heard.set()

        listening = asyncio.create_task(listen())
        await heard.wait()
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening

    asyncio.run(cancel())
    assert model.closed == 1
