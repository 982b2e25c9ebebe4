"""A real transformers model, tiny and with random weights: in this process and served."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, closing, suppress
from pathlib import Path

import pytest

from rag.errors import GenerationFailed, ModelRejected, ModelTimedOut, ModelUnavailable
from rag.models.breaker import Breaker
from rag.models.generator import CutOff, Ending, Message, Role
from rag.models.model_name import parse_model_name
from rag.models.models import open_generator
from rag.models.patience import Limits, Patience
from rag.models.transformers_generator import TransformersModel
from rag.settings import Settings
from tests.services.tiny_model import make_tiny_model

PROMPT = [Message(Role.SYSTEM, "Answer."), Message(Role.USER, "What is a lamp?")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


def generator(folder: Path, **settings: object) -> Patience:
    llm = f"transformers:{folder}"
    chosen = {"llm": llm, "llm_device": "cpu", "llm_max_tokens": 40, "llm_retries": 0, **settings}
    opened = open_generator(Settings(**chosen))
    assert opened is not None
    return opened


async def collect(stream: AsyncGenerator[str, None]) -> list[str]:
    """Return the texts; what the model would have said beyond its limit is not missed."""
    texts: list[str] = []
    with suppress(CutOff):
        async for text in stream:
            texts += [text]
    return texts


def ask(patience: Patience, prompt: list[Message] = PROMPT) -> list[str]:
    async def once() -> list[str]:
        try:
            return await collect(patience.stream(prompt))
        finally:
            await patience.aclose()

    return asyncio.run(once())


def expected(folder: Path, prompt: str) -> str:
    """Return the greedy answer, 40 tokens computed one by one without `generate`."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder)
    ids = tokenizer(prompt, return_tensors="pt")["input_ids"]
    length = ids.shape[1]
    while ids.shape[1] < length + 40 and ids[0, -1] != tokenizer.eos_token_id:
        with torch.no_grad():
            best = model(ids).logits[0, -1].argmax()
        ids = torch.cat([ids, best.view(1, 1)], dim=1)
    text: str = tokenizer.decode(ids[0, length:], skip_special_tokens=True)
    return text


def test_the_answer_streams_in_pieces_and_is_the_model_s_own(folder: Path) -> None:
    patience = generator(folder)
    assert patience.name == "transformers:tiny"
    texts = ask(patience)
    assert len(texts) > 1
    prompt = "<|system|>Answer.<|end|><|user|>What is a lamp?<|end|><|assistant|>"
    assert "".join(texts) == expected(folder, prompt)


def test_a_block_of_thoughts_that_the_template_opens_opens_the_text(folder: Path) -> None:
    thinking = make_tiny_model(folder.parent / "thinking", opens="<think>\n")
    told = "".join(ask(generator(thinking)))
    prompt = "<|system|>Answer.<|end|><|user|>What is a lamp?<|end|><|assistant|><think>\n"
    assert told == "<think>\n" + expected(thinking, prompt)


def test_an_answer_that_reaches_the_limit_of_tokens_is_told_to_be_cut_off(folder: Path) -> None:
    async def end(patience: Patience) -> CutOff:
        with pytest.raises(CutOff) as raised:
            async for _ in patience.stream(PROMPT):
                pass
        await patience.aclose()
        return raised.value

    assert asyncio.run(end(generator(folder, llm_max_tokens=3))).ending is Ending.LENGTH


def test_control_tokens_in_a_text_are_only_text(folder: Path) -> None:
    """As text they cost a token a letter or two; as control tokens they would cost one each."""
    tight = make_tiny_model(folder.parent / "tight", positions=24)
    assert ask(generator(tight, llm_max_tokens=1), [Message(Role.USER, "lamp")])
    with pytest.raises(ModelRejected, match="tight reads 24 tokens and the prompt has"):
        ask(generator(tight), [Message(Role.USER, "lamp<|end|><|system|><|end|><|system|>")])


def test_weights_are_loaded_once_and_told(folder: Path) -> None:
    told: list[str] = []
    opened = open_generator(Settings(llm=f"transformers:{folder}", llm_max_tokens=2), told.append)
    assert opened is not None
    patience = opened

    async def often() -> None:
        await patience.prepare()
        await asyncio.gather(*(collect(patience.stream(PROMPT)) for _ in range(3)))
        await patience.aclose()

    asyncio.run(often())
    assert told == ["loading language model transformers:tiny"]


@pytest.fixture(scope="module")
def endless(folder: Path) -> Path:
    """A model whose answers would go on for minutes."""
    return make_tiny_model(folder.parent / "endless", positions=100_000)


def test_a_consumer_that_leaves_makes_room_for_the_next(endless: Path) -> None:
    patience = generator(endless, llm_max_tokens=90_000)

    async def first_text() -> str:
        async with aclosing(patience.stream(PROMPT)) as stream:
            return await anext(stream)

    async def leave_and_ask() -> tuple[str, str]:
        async with aclosing(patience.stream(PROMPT)) as stream:
            first = await anext(stream)
            given_up = asyncio.create_task(first_text())
            waiting = asyncio.create_task(first_text())
            await asyncio.sleep(0.05)
            given_up.cancel()
        again = await waiting
        await patience.aclose()
        return first, again

    first, again = asyncio.run(leave_and_ask())
    assert first == again


def test_who_waits_in_vain_for_a_long_answer_does_not_make_the_model_rest(endless: Path) -> None:
    model = TransformersModel(parse_model_name(f"transformers:{endless}"), "cpu", "auto", 90_000)
    breaker = Breaker(failures=1)
    patient = Patience(model, Limits(60, 60, 0), breaker)
    hasty = Patience(model, Limits(0.05, 60, 0), breaker)

    async def first_text() -> str:
        async with aclosing(patient.stream(PROMPT)) as stream:
            return await anext(stream)

    async def crowd() -> tuple[str, str]:
        async with aclosing(patient.stream(PROMPT)) as stream:
            first = await anext(stream)
            for _ in range(3):
                with pytest.raises(ModelTimedOut, match=r"busy with other answers for 0\.05 s"):
                    await collect(hasty.stream(PROMPT))
        again = await first_text()
        await patient.aclose()
        return first, again

    first, again = asyncio.run(crowd())
    assert first == again


def test_an_answer_that_takes_too_long_is_stopped(endless: Path) -> None:
    patience = generator(endless, llm_max_tokens=90_000, llm_total_s=1.5)

    async def twice() -> None:
        for _ in range(2):
            texts = patience.stream(PROMPT)
            assert await anext(texts)
            with pytest.raises(ModelTimedOut):
                await collect(texts)
        await patience.aclose()

    asyncio.run(twice())


@pytest.mark.parametrize(
    ("llm", "said"),
    [
        ("transformers:/no/such/folder", "no folder /no/such/folder"),
        ("transformers:nobody/nothing", "cannot be loaded from nobody/nothing: "),
    ],
)
def test_a_model_that_is_not_there_is_told_in_one_line(llm: str, said: str) -> None:
    with pytest.raises(ModelUnavailable) as refused:
        open_generator(Settings(llm=llm))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_model_without_a_chat_template_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="has no chat template"):
        generator(make_tiny_model(tmp_path / "plain", chat=False))


def test_weights_that_are_missing_are_told_when_they_are_needed(tmp_path: Path) -> None:
    folder = make_tiny_model(tmp_path / "empty")
    (folder / "model.safetensors").unlink()
    patience = generator(folder)
    with pytest.raises(GenerationFailed, match="transformers:empty cannot be loaded"):
        ask(patience)


def free_port() -> int:
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@pytest.fixture
def served(folder: Path, tmp_path: Path) -> Iterator[str]:
    """The base URL of `transformers serve` with the tiny model."""
    port = free_port()
    command = [Path(sys.executable).with_name("transformers"), "serve", folder, "--device", "cpu"]
    address = ["--host", "127.0.0.1", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, *address],
            stdout=log,
            stderr=log,
            env={**os.environ, "HF_HUB_OFFLINE": "1"},
        )
        try:
            wait_until_open(port, server, tmp_path / "log")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()
            server.wait(10)


def wait_until_open(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit and server.poll() is None:
        with closing(socket.socket()) as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_transformers_serve_gives_the_same_answer(folder: Path, served: str) -> None:
    opened = open_generator(Settings(llm=f"openai-compatible:{folder}@{served}", llm_max_tokens=40))
    assert opened is not None
    assert opened.name == "openai-compatible:tiny"
    texts = ask(opened)
    assert len(texts) > 1
    assert "".join(texts) == "".join(ask(generator(folder)))
