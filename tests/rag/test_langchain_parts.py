"""The parts for LangChain, alone and as docs/langchain.md puts them together."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.language_models import BaseChatModel, FakeListChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from indexes.openvino_embedder import OpenVinoEmbedder
from indexes.store import Store
from rag.chat import Chat
from rag.ingestion import Ingestion, Request
from rag.langchain_parts import GlossaryEmbeddings, GlossaryRetriever
from rag.settings import Settings
from tests.fakes import WordEmbedder

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "langchain.md"
OPENING, CHAIN, AGENT = re.findall(r"(?s)```python\n(.*?)```", PAGE.read_text(encoding="utf-8"))
QUESTION = "what does a table lamp need?"


def test_a_document_is_a_passage_and_says_where_it_is(chat: Chat) -> None:
    (document,) = GlossaryRetriever(chat=chat, k=1).invoke("table lamp")
    entry = chat.index.entry("table-lamp")
    found = document.metadata
    assert entry.body[found["start"] : found["end"]] == document.page_content
    assert set(found) == {
        "entry_id", "heading", "term", "passage_id", "start", "end",
        "score", "rank", "family", "snapshot_id", "permalink",
    }  # fmt: skip
    assert (found["entry_id"], found["term"], found["rank"]) == ("table-lamp", "Table Lamp", 1)
    assert found["family"] == ["table-lamp"]
    assert found["snapshot_id"] == chat.index.snapshot_id
    assert document.id == found["passage_id"]
    span = f"start={found['start']}&end={found['end']}"
    assert found["permalink"] == f"/glossary/table-lamp?{span}#quote"


def test_documents_come_as_search_ranks_them(chat: Chat) -> None:
    documents = GlossaryRetriever(chat=chat, k=3).invoke("air of a desk fan")
    hits = chat.search("air of a desk fan", 3).hits
    assert [d.id for d in documents] == [hit.passage.passage_id for hit in hits]
    assert [d.metadata["rank"] for d in documents] == [1, 2, 3]


def test_k_and_mode_may_be_given_for_one_call(chat: Chat) -> None:
    retriever = GlossaryRetriever(chat=chat, k=3)
    assert len(retriever.invoke("lamp", k=1)) == 1
    assert [d.metadata["entry_id"] for d in retriever.invoke("steam", mode="lexical")] == ["kettle"]


_MAY = "; for one call, k (1 to 1000) and mode (hybrid, dense, lexical) may be given"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"k": -1}, "k=-1 cannot be used: Input should be greater than or equal to 1"),
        ({"k": 0}, "k=0 cannot be used: Input should be greater than or equal to 1"),
        ({"k": 1001}, "k=1001 cannot be used: Input should be less than or equal to 1000"),
        (
            {"k": "many"},
            "k='many' cannot be used: "
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        ({"k": None}, "k=None cannot be used: Input should be a valid integer"),
        (
            {"mode": "fast"},
            "mode='fast' cannot be used: Input should be 'hybrid', 'dense' or 'lexical'",
        ),
        ({"top_k": 3}, "top_k=3 cannot be used: Extra inputs are not permitted"),
    ],
)
def test_what_one_call_gives_is_checked_as_the_fields_are(
    given: dict[str, Any], message: str, chat: Chat
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message + _MAY)}$"):
        GlossaryRetriever(chat=chat).invoke("lamp", **given)


def test_a_number_written_as_text_counts_as_the_field_takes_it(chat: Chat) -> None:
    assert GlossaryRetriever(chat=chat, k="2").k == 2  # type: ignore[arg-type]
    assert len(GlossaryRetriever(chat=chat).invoke("lamp fan kettle", k="2")) == 2


def test_embeddings_refuse_what_is_not_a_list_of_texts_or_one_text() -> None:
    embeddings: Any = GlossaryEmbeddings(WordEmbedder("lamp"))
    way_out = "put one text into a list, or give a question to embed_query"
    for given, named in (("lamp", "str 'lamp'"), (b"x", "bytes b'x'"), (None, "NoneType None")):
        message = f"embed_documents takes a list of strings, not {named}; {way_out}"
        with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
            embeddings.embed_documents(given)
    with pytest.raises(TypeError, match=r"^embed_documents takes strings; item 1 is int 3$"):
        embeddings.embed_documents(["lamp", 3])
    message = (
        "embed_query takes one string, not list ['lamp']; give several texts to embed_documents"
    )
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        embeddings.embed_query(["lamp"])
    assert embeddings.embed_documents(text for text in ("lamp",)) == [[1.0]]


def test_questions_and_passages_are_embedded_each_in_their_own_way() -> None:
    class Prefixed(WordEmbedder):
        def embed_query(self, text: str) -> Any:
            return super().embed_query("question " + text)

    embeddings = GlossaryEmbeddings(Prefixed("question", "lamp"))
    assert embeddings.embed_documents(["lamp", ""]) == [[0.0, 1.0], [0.0, 0.0]]
    assert embeddings.embed_query("question lamp") == pytest.approx([2 / 5**0.5, 1 / 5**0.5])


class CallingModel(BaseChatModel):
    """Calls its first tool with the question, then says what the tool found."""

    tools: tuple[Any, ...] = ()

    @property
    def _llm_type(self) -> str:
        return "calling"

    def bind_tools(self, tools: Sequence[Any], **_: Any) -> CallingModel:
        return CallingModel(tools=tuple(tools))

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        last = messages[-1]
        if isinstance(last, ToolMessage):
            said = AIMessage(f"It says: {last.content}")
        else:
            arguments = {"query": last.content}
            call = {"name": self.tools[0].name, "args": arguments, "id": "1", "type": "tool_call"}
            said = AIMessage("", tool_calls=[call])
        return ChatResult(generations=[ChatGeneration(message=said)])


class EchoingModel(FakeListChatModel):
    """Answers with what it was asked."""

    def _call(self, messages: list[BaseMessage], *_: Any, **__: Any) -> str:
        return str(messages[-1].content)


@pytest.fixture
def home(
    tmp_path: Path, glossary: Path, prepared_home: Path, openvino_embedder: OpenVinoEmbedder
) -> Path:
    """A home with the small glossary, embedded with the real model."""
    home = tmp_path / "real-home"
    shutil.copytree(prepared_home / "models", home / "models")
    Ingestion(Store(home), openvino_embedder).run(Request((glossary,)))
    return home


def test_the_examples_of_the_documentation_work(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIFACTORY_HOME", str(home))
    names: dict[str, Any] = {}
    exec(OPENING, names)
    assert names["documents"][0].metadata["entry_id"] == "table-lamp"
    vector = np.array(names["embeddings"].embed_query("a lamp"))
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)

    exec(CHAIN, {**names, "model": EchoingModel(responses=[""])}, names)
    assert f"\n\nQuestion: {QUESTION}" in names["answer"]
    assert "[1] " in names["answer"]
    assert names["documents"][0].page_content in names["answer"]


def test_the_agent_of_the_documentation_works(home: Path) -> None:
    names = {"retriever": GlossaryRetriever.open(home=home, k=1), "model": CallingModel()}
    exec(AGENT, names)
    question, call, found, answer = names["said"]
    assert question.content == QUESTION
    assert call.tool_calls[0]["args"] == {"query": QUESTION}
    assert "socket" in found.content
    assert answer.content == f"It says: {found.content}"


def test_parts_open_from_settings_of_ones_own(home: Path) -> None:
    settings = Settings(home=home, threads=1)
    retriever = GlossaryRetriever.open(settings=settings, mode="lexical")
    assert retriever.invoke("steam")[0].metadata["entry_id"] == "kettle"
    other = Settings(home=home / "elsewhere")
    vectors = GlossaryEmbeddings.open(home=home, settings=other).embed_documents(["a", "b"])
    assert [len(vector) for vector in vectors] == [384, 384]
