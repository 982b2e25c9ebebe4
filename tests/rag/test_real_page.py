"""The real glossary page with the real embedder: what a user gets, by entry and number.

The page's sentences stay out of the repository: expectations are names, numbers and ids.
"""

from __future__ import annotations

import pytest

from indexes.openvino_embedder import OpenVinoEmbedder
from indexes.store import Store
from rag.answer import Answer
from rag.chat import Chat
from rag.ingestion import Ingestion, Request
from tests.conftest import SHARED_DATA

pytestmark = [pytest.mark.shared, pytest.mark.slow]


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory, openvino_embedder: OpenVinoEmbedder) -> Chat:
    page = SHARED_DATA / "ai-factory-glossary" / "page-2.txt"
    if not page.is_file():
        pytest.skip(f"needs the real data at {page}")
    store = Store(tmp_path_factory.mktemp("page-home"))
    assert Ingestion(store, openvino_embedder).run(Request((page,))).entries == 50
    return Chat(store.open(), openvino_embedder)


def assert_exact(chat: Chat, answer: Answer) -> None:
    for citation in answer.citations:
        assert chat.entry(citation.entry_id).body[citation.start : citation.end] == citation.quote
        assert f"[{citation.number}]" in answer.text


def test_the_car_question_is_answered_with_its_number_and_exact_citations(chat: Chat) -> None:
    answer = chat.ask("how many neurons does a neural circuit policy need to drive a car?")
    assert answer.answerable
    assert "19" in answer.citations[0].quote
    assert answer.citations[0].entry_id.startswith("neural-circuit-policies--")
    assert_exact(chat, answer)


def test_every_term_and_alias_finds_its_entry_or_family_first(chat: Chat) -> None:
    names = list(chat.index.names())
    missed = [n for n in names if n.entry_id not in chat.search(n.text, k=1).hits[0].family]
    assert len(names) > 100
    assert missed == []


def test_families_hold_what_defines_one_concept_and_nothing_else(chat: Chat) -> None:
    families = {chat.index.family(entry_id) for entry_id in chat.index.entry_ids()}
    sizes = {family[0].split("--")[0]: len(family) for family in families if len(family) > 1}
    assert sizes == {
        "neural-circuit-policies": 2,
        "neural-network-optimization": 2,
        "neural-network-pruning": 7,
        "neural-ode": 6,
    }
    about_synthesis = [e for e in chat.index.entry_ids() if "synthesis" in e.split("--")[0]]
    assert len(about_synthesis) == 2
    assert all(chat.index.family(e) == (e,) for e in about_synthesis)


def test_homonyms_are_both_defined_each_under_its_own_term(chat: Chat) -> None:
    answer = chat.ask("What is neural network synthesis?")
    cited = [citation.entry_id.split("--")[0] for citation in answer.citations]
    assert sorted(cited) == [
        "neural-network-chip-synthesis",
        "neural-network-synthesis-optimization",
    ]
    assert all(citation.start == 0 for citation in answer.citations)
    assert_exact(chat, answer)


@pytest.mark.parametrize(
    "question", ["What is pruning?", "What is a neural ODE?", "what is an ncp"]
)
def test_a_definition_opens_with_the_first_sentence_of_its_entry(chat: Chat, question: str) -> None:
    answer = chat.ask(question)
    first = answer.citations[0]
    assert (first.entry_id, first.start) == (answer.hits[0].entry.entry_id, 0)


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("What are the applications of neural mesh?", "neural-mesh"),
        ("types of neural fabrics", "neural-fabrics"),
        ("disadvantages of neural ODEs", "neural-o"),
        ("What are the applications of NCPs?", "neural-circuit-policies"),
    ],
)
def test_what_is_asked_of_one_term_is_not_answered_from_another(
    chat: Chat, question: str, entry: str
) -> None:
    answer = chat.ask(question)
    assert {c.entry_id.startswith(entry) for c in answer.citations} <= {True}


@pytest.mark.parametrize(
    ("question", "entry", "contains"),
    [
        ("TOPS of the M4", "neural-engine--", "38"),
        ("How many cores does the Neural Engine of the A12 Bionic have?", "neural-engine--", "8"),
        ("how many languages does NLLB support", "neural-machine-translation--", "200"),
        ("nueral hawkes proces", "neural-hawkes-process--", ""),
        ("nngp", "neural-network-gaussian-process--", ""),
        ("two networks that teach each other while training", "neural-network-distillation", ""),
        ("Which compiler comes from NVIDIA?", "neural-network-compiler--", "TensorRT"),
    ],
)
def test_questions_of_every_kind_reach_their_entry(
    chat: Chat, question: str, entry: str, contains: str
) -> None:
    answer = chat.ask(question)
    assert answer.answerable
    assert answer.hits[0].entry.entry_id.startswith(entry)
    assert contains in answer.text
    assert_exact(chat, answer)


@pytest.mark.parametrize(
    "question",
    [
        "Who won the world cup in 2018?",
        "How do I bake bread?",
        "What is the TOPS of the M5?",
        "How much does an H100 cost?",
        "What is the boiling point of ethanol?",
    ],
)
def test_what_the_page_does_not_say_is_not_answered(chat: Chat, question: str) -> None:
    answer = chat.ask(question)
    assert not answer.answerable
    assert answer.citations == ()


def test_two_kinds_of_one_concept_stand_side_by_side(chat: Chat) -> None:
    answer = chat.ask("structured vs unstructured pruning")
    header = answer.text.split("\n")[0]
    assert header == "| structured pruning | unstructured pruning |"
    assert_exact(chat, answer)


def test_a_pipeline_is_shown_as_its_numbered_steps(chat: Chat) -> None:
    answer = chat.ask("What are the steps of the reconstruction pipeline of implicit surfaces?")
    lines = answer.text.split("\n")
    assert [line.split(".")[0] for line in lines] == ["1", "2", "3", "4", "5", "6"]
    assert_exact(chat, answer)
