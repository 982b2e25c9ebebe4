"""A workshop of four entries, two of them twins, and a dataset about it."""

from __future__ import annotations

from pathlib import Path

from indexes.index import Index
from indexes.store import Store
from rag.answerable import AnswerableModel
from rag.chat import Chat
from rag.ingestion import Ingestion, Request
from tests.eval.dataset_files import query, write_dataset
from tests.fakes import WordEmbedder

WORDS = "lamp light bulb watt fan air blade kettle water steam switch heat cool part"
ENTRIES = {
    "Table Lamp": (
        "A table lamp is a small light for a desk.\n\n"
        "## Parts\n\nEvery lamp has two parts:\n\n"
        "- **Bulb**: gives light.\n- **Switch**: turns the lamp on.\n"
    ),
    "Table Lamps": "Table lamps are small lights. A lamp of this sort draws 8 watts.\n",
    "Desk Fan": (
        "A desk fan moves air with a blade.\n\n## Parts\n\nIt has two parts: a blade and a cage.\n"
    ),
    "Kettle": "A kettle heats water until it is steam. It switches itself off.\n",
}
ANSWERS_KNOWN_WORDS = AnswerableModel(2.0, {"unknown": -8.0})
"""Answers what has evidence, unless the question is full of words that the glossary lacks."""


def ingest_workshop(folder: Path) -> Store:
    source = folder / "workshop"
    source.mkdir(parents=True)
    for term, body in ENTRIES.items():
        (source / f"{term}.md").write_text(f"---\ntitle: {term}\n---\n\n{body}", encoding="utf-8")
    store = Store(folder / "home")
    Ingestion(store, embedder()).run(Request((source,)))
    return store


def embedder() -> WordEmbedder:
    return WordEmbedder(*WORDS.split())


def open_workshop(folder: Path) -> Chat:
    return Chat(ingest_workshop(folder).open(), embedder(), answerable=ANSWERS_KNOWN_WORDS)


def span(index: Index, entry_id: str, words: str) -> dict[str, str | int]:
    start = index.entry(entry_id).body.index(words)
    return {"entry_id": entry_id, "start": start, "end": start + len(words)}


def workshop_dataset(folder: Path, index: Index) -> Path:
    """Three questions that have an answer, three that have none or cannot be asked, two talks."""
    steam = span(index, "kettle", "A kettle heats water until it is steam.")
    off = query("silly", "Who won the football championship?", kind="off-domain", answerable=False)
    queries = [
        query("twin", "What is a table lamp?", kind="definition"),
        query("steam", "What is a kettle?", gold_span=steam, answer_must_include=["steam"]),
        query("watts", "How much heat has a fan?", kind="number", answer_must_include=["8"]),
        off,
        query("marks", "?!", kind="marks"),
        query("unjudged", "What is a blade?"),
    ]
    told = [["user", "What is a table lamp?"], ["agent", "It is a light."]]
    queries.append(query("told", "What are its parts?", history=told, kind="pronoun"))
    turns = [
        {"text": "What is a desk fan?", "kind": "first"},
        {"text": "What are its parts?", "kind": "pronoun", "rewrite": "The parts of a desk fan?"},
        {"text": "...", "kind": "marks", "rewrite": "What is a kettle?"},
    ]
    judged = (
        "twin table-lamp 1\nsteam kettle 1\nwatts table-lamp 1\nmarks kettle 1\n"
        "told table-lamps 1\ntalk#1 desk-fan 1\ntalk#2 desk-fan 1\ntalk#3 kettle 1"
    )
    talks = [{"_id": "talk", "turns": turns}]
    return write_dataset(folder / "questions", queries, {"dev": judged}, talks)
