"""The real clients: OpenAI's for Python, and LangChain's."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

from indexes.openvino_embedder import OpenVinoEmbedder
from tests.api.contract.serving import QUESTION, Served, application_of, faithful, ingest, served
from tests.services.scripted_model import ScriptedModel, dies, says, stalls

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

ASKED: Any = [{"role": "user", "content": QUESTION}]
MODEL = "ai-factory-chat"
ANSWER = (
    "A table lamp is a small light for a desk. [1] It needs a socket. [2]\n\n"
    "- The **bulb** gives light. [3]\n- The **shade** softens the light. [4]"
)
DELTAS = [
    "A table lamp is a small light for a desk. [1]",
    " It needs a socket. [2]",
    "\n\n- The **bulb** gives light. [3]",
    "\n- The **shade** softens the light. [4]",
]


@pytest.fixture
def client(server: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as client:
        yield client


def test_text_usage_and_citations_arrive(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model=MODEL, messages=ASKED)
    (choice,) = completion.choices
    assert choice.message.content == ANSWER
    assert choice.finish_reason == "stop"
    assert completion.usage is not None
    assert completion.usage.total_tokens > 0
    assert choice.message.annotations is not None
    places = [one.url_citation for one in choice.message.annotations]
    assert [ANSWER[p.start_index : p.end_index] for p in places] == ["[1]", "[2]", "[3]", "[4]"]
    context = choice.message.context  # type: ignore[attr-defined]
    assert context["citations"][1]["quote"] == "It needs a socket."
    assert context["answerable"] is True


def test_a_stream_gives_the_same_text_and_citations(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model=MODEL, messages=ASKED).choices[0].message
    told: list[str] = []
    cited: list[Any] = []
    usage = None
    options: Any = {"include_usage": True}
    with client.chat.completions.create(
        model=MODEL, messages=ASKED, stream=True, stream_options=options
    ) as chunks:
        for chunk in chunks:
            usage = chunk.usage or usage
            for choice in chunk.choices:
                told.append(choice.delta.content or "")
                if extra := choice.delta.model_extra:
                    cited.append(extra)
    assert [text for text in told if text] == DELTAS
    (extra,) = cited
    assert whole.annotations is not None
    assert extra["annotations"] == [one.model_dump() for one in whole.annotations]
    assert usage is not None
    assert usage.completion_tokens > 0


def test_the_helper_for_streams_puts_the_answer_together(client: openai.OpenAI) -> None:
    with client.chat.completions.stream(model=MODEL, messages=ASKED) as stream:
        kinds = [event.type for event in stream]
        completion = stream.get_final_completion()
    assert completion.choices[0].message.content == ANSWER
    assert completion.choices[0].finish_reason == "stop"
    assert kinds.count("content.delta") >= len(DELTAS)
    assert kinds[-1] == "content.done"


def test_the_asynchronous_client_streams_too(server: Served) -> None:
    async def told() -> str:
        url = f"{server.url}/v1"
        async with openai.AsyncOpenAI(base_url=url, api_key="none") as client:
            chunks = await client.chat.completions.create(model=MODEL, messages=ASKED, stream=True)
            return "".join([chunk.choices[0].delta.content or "" async for chunk in chunks])

    assert asyncio.run(told()) == ANSWER


def test_errors_become_the_clients_exceptions(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as unknown:
        client.chat.completions.create(model="gpt-9", messages=ASKED)
    assert (unknown.value.code, unknown.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.BadRequestError) as twice:
        client.chat.completions.create(model=MODEL, messages=ASKED, n=2)
    assert (twice.value.type, twice.value.param) == ("RequestInvalid", "n")
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model=MODEL, messages=[], stream=True)
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-9")


def test_a_client_that_asks_too_often_is_told_in_its_own_words(
    small_home: Path, openvino_embedder: OpenVinoEmbedder
) -> None:
    application = application_of(small_home, openvino_embedder, rate_per_minute=1)
    with (
        served(application) as server,
        openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as client,
    ):
        client.models.list()
        with pytest.raises(openai.RateLimitError) as refused:
            client.models.list()
    assert refused.value.code == "rate_limit_exceeded"
    assert 1 <= int(refused.value.response.headers["retry-after"]) <= 60


def test_a_failure_in_the_middle_of_a_stream_is_raised(
    tmp_path: Path, openvino_embedder: OpenVinoEmbedder, scripted: ScriptedModel
) -> None:
    scripted.script = faithful(pace_s=0.01)
    home = ingest(tmp_path, openvino_embedder)
    with (
        served(application_of(home, openvino_embedder, llm=scripted.llm)) as server,
        openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as client,
    ):
        client.chat.completions.create(model=MODEL, messages=ASKED)
        chunks = client.chat.completions.create(model=MODEL, messages=ASKED, stream=True)
        next(chunk for chunk in chunks if chunk.choices[0].delta.content)
        with closing(sqlite3.connect(home / "conversations.sqlite3")) as database:
            database.execute("DROP TABLE aifactory_answers")
        with pytest.raises(openai.APIError) as failed:
            list(chunks)
        with pytest.raises(openai.InternalServerError) as refused:
            client.chat.completions.create(model=MODEL, messages=ASKED)
    assert failed.value.type == refused.value.type == "DatabaseUnusable"
    assert refused.value.status_code == 503


def test_closing_a_stream_stops_the_model(server: Served, client: openai.OpenAI) -> None:
    server.script(stalls("A table lamp is a small light for a desk [1]. ", "It "))
    with client.chat.completions.create(model=MODEL, messages=ASKED, stream=True) as chunks:
        text = next(c.choices[0].delta.content for c in chunks if c.choices[0].delta.content)
    assert text == DELTAS[0]
    assert server.model is not None
    assert server.model.requests[0].has_hung_up(1.5)


def test_signs_of_life_do_not_disturb_the_client(server: Served, client: openai.OpenAI) -> None:
    server.script(faithful(first_s=0.4))
    chunks = client.chat.completions.create(model=MODEL, messages=ASKED, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == ANSWER


def test_models_and_embeddings_work(client: openai.OpenAI) -> None:
    assert MODEL in [model.id for model in client.models.list()]
    made = client.embeddings.create(model="all-MiniLM-L6-v2", input=["lamp", "fan"])
    assert [len(one.embedding) for one in made.data] == [384, 384]


def langchain(server: Served, **more: Any) -> ChatOpenAI:
    return ChatOpenAI(
        model=MODEL, base_url=f"{server.url}/v1", api_key="none", max_retries=0, **more
    )


def test_langchain_gets_text_and_usage_and_finds_the_citations(server: Served) -> None:
    answer = langchain(server).invoke(QUESTION)
    assert answer.text == ANSWER
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["total_tokens"] > 0
    assert answer.response_metadata["finish_reason"] == "stop"
    assert answer.response_metadata["model_name"] == MODEL
    answer_id = answer.response_metadata["id"].removeprefix("chatcmpl-")
    record = server.get(f"/answers/{answer_id}").json()
    assert [citation["number"] for citation in record["citations"]] == [1, 2, 3, 4]


def test_langchain_streams_the_same_text_and_continues_a_conversation(server: Served) -> None:
    model = langchain(server, stream_usage=True)
    chunks = list(model.stream(QUESTION))
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    assert whole.text == ANSWER
    assert whole.usage_metadata is not None
    assert whole.usage_metadata["output_tokens"] > 0
    said = [HumanMessage(QUESTION), AIMessage(whole.text), HumanMessage("What are its parts?")]
    assert model.invoke(said).text
    assert server.model is not None
    heard = server.model.requests[-1].messages
    said_before = [message["content"] for message in heard if message["role"] == "assistant"]
    assert said_before[0].startswith("A table lamp is a small light for a desk.")


def test_langchain_streams_asynchronously(server: Served) -> None:
    async def told() -> str:
        model = langchain(server)
        text = "".join([chunk.text async for chunk in model.astream(QUESTION)])
        await model.root_async_client.close()
        return text

    assert asyncio.run(told()) == ANSWER


def test_langchain_raises_the_clients_exceptions(server: Served) -> None:
    with pytest.raises(openai.NotFoundError, match="is 'gpt-9'"):
        langchain(server).bind(model="gpt-9").invoke(QUESTION)


def test_langchain_reads_an_answer_whose_model_died(server: Served) -> None:
    server.script(dies("A table lamp is a small light for a desk [1]. It needs a soc"))
    text = "".join(chunk.text for chunk in langchain(server).stream(QUESTION))
    assert text.startswith(DELTAS[0])
    assert len(text) > len(DELTAS[0])


DECLINED = "The glossary does not answer this question. The nearest terms are "
ABOUT_NOTHING = "Who won the football world cup in 1954?"


def test_every_client_shows_that_nothing_is_answered(server: Served, client: openai.OpenAI) -> None:
    asked: Any = [{"role": "user", "content": ABOUT_NOTHING}]
    choice = client.chat.completions.create(model=MODEL, messages=asked).choices[0]
    text = choice.message.content or ""
    assert text.startswith(DECLINED)
    assert (choice.message.refusal, choice.finish_reason) == (None, "stop")
    assert choice.message.context["answerable"] is False  # type: ignore[attr-defined]
    with client.chat.completions.stream(model=MODEL, messages=asked) as stream:
        streamed = stream.get_final_completion().choices[0].message
    assert (streamed.content, streamed.refusal) == (text, None)
    assert "".join(chunk.text for chunk in langchain(server).stream(ABOUT_NOTHING)) == text


def test_every_client_shows_quotes_when_all_that_a_model_wrote_is_withheld(
    server: Served, client: openai.OpenAI
) -> None:
    server.script(says("It was invented in 1850 in Toronto [1]. "))
    message = client.chat.completions.create(model=MODEL, messages=ASKED).choices[0].message
    text = message.content or ""
    assert text.startswith(DELTAS[0])
    assert message.context["notice"].startswith("nothing of what")  # type: ignore[attr-defined]
    chunks = client.chat.completions.create(model=MODEL, messages=ASKED, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == text
    assert "".join(chunk.text for chunk in langchain(server).stream(QUESTION)) == text


def test_langchain_embeds_texts(server: Served) -> None:
    embeddings = OpenAIEmbeddings(
        model="all-MiniLM-L6-v2",
        base_url=f"{server.url}/v1",
        api_key="none",
        check_embedding_ctx_length=False,
    )
    assert [len(vector) for vector in embeddings.embed_documents(["lamp", "fan"])] == [384, 384]
