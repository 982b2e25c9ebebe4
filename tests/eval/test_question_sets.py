"""The question sets that come with the project, and public ones in the shape they are published."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.answers import includes
from eval.dataset import Dataset
from eval.dataset_reading import read_dataset, splits_of
from eval.datasets import BUNDLED, PAGE_2
from eval.documents import document_ids
from indexes.index import Index
from indexes.store import Store
from rag.ingestion import Ingestion, Request
from rag.settings import bundled_glossary
from tests.fakes import WordEmbedder

CNCF = BUNDLED.parent / "cncf"
SETS = [(folder, split) for folder in (BUNDLED, PAGE_2, CNCF) for split in splits_of(folder)]
KINDS = {
    "answerable": "definition fact number table list comparison steps formula description why "
    "misspelt acronym keywords",
    "unanswerable": "near-domain missing-detail off-domain injection",
    "turns": "first pronoun ellipsis ordinal switch return comparison unanswerable",
}

LONG_NAMES = (
    "neural networks for process optimization",
    "instantaneous change of variables formula",
)
"""Names of things that a question has to use."""

UNTOLD = frozenset((PAGE_2, name) for name in ("dev-135", "dev-366", "test-080", "test-c04#3"))
"""Questions whose gold spans do not hold every required word as it is written."""


def counts(dataset: Dataset) -> tuple[int, int, int, int]:
    unanswerable = sum(question.answerable is False for question in dataset.alone())
    turns = sum(len(conversation.turns) for conversation in dataset.conversations)
    return len(dataset.judged()), unanswerable, len(dataset.conversations), turns


def index_of(source: Path, home: Path) -> Index:
    store = Store(home)
    Ingestion(store, WordEmbedder("network")).run(Request((source,)))
    return store.open()


@pytest.mark.parametrize(
    ("folder", "split", "expected"),
    [
        (BUNDLED, "dev", (70, 40, 10, 46)),
        (BUNDLED, "test", (60, 36, 8, 39)),
        (PAGE_2, "dev", (324, 177, 30, 116)),
        (PAGE_2, "test", (120, 50, 20, 69)),
        (CNCF, "dev", (110, 90, 0, 0)),
    ],
    ids=str,
)
def test_counts_are_as_documented(
    folder: Path, split: str, expected: tuple[int, int, int, int]
) -> None:
    assert counts(read_dataset(folder, split)) == expected


@pytest.mark.parametrize(("folder", "split"), SETS, ids=str)
def test_kinds_are_as_documented(folder: Path, split: str) -> None:
    dataset = read_dataset(folder, split)
    assert {q.kind for q in dataset.judged()} <= set(KINDS["answerable"].split())
    declined = {q.kind for q in dataset.alone() if not q.relevant}
    assert declined == set(KINDS["unanswerable"].split())
    turns = [turn for conversation in dataset.conversations for turn in conversation.turns]
    assert {turn.kind for turn in turns} <= set(KINDS["turns"].split())
    assert all(c.turns[0].kind == "first" for c in dataset.conversations)
    assert all(turn.rewrite for turn in turns if turn.answerable)


@pytest.mark.parametrize(("folder", "split"), SETS, ids=str)
def test_no_question_stands_in_two_splits(folder: Path, split: str) -> None:
    assert read_dataset(folder, split).warnings == ()


@pytest.mark.parametrize(("folder", "split"), SETS, ids=str)
def test_every_answerable_question_points_at_what_answers_it(folder: Path, split: str) -> None:
    for question in read_dataset(folder, split).all_questions():
        if question.answerable:
            assert question.spans, question.question_id
            assert {span.entry_id for span in question.spans} <= question.relevant
        else:
            assert not question.relevant


def check(folder: Path, index: Index) -> None:
    """Check ids and spans, and that required words stand in what answers the question."""
    for split in splits_of(folder):
        dataset = read_dataset(folder, split)
        document_ids(dataset, index)
        for question in dataset.all_questions():
            spans = [index.entry(s.entry_id).body[s.start : s.end] for s in question.spans]
            gold = "\n".join(spans)
            is_told = all(
                any(includes(gold, spelling) for spelling in spellings)
                for spellings in question.must_include
            )
            is_known = (folder, question.question_id) in UNTOLD
            assert is_told != is_known, question.question_id


def test_the_bundled_questions_fit_the_bundled_glossary(tmp_path: Path) -> None:
    check(BUNDLED, index_of(bundled_glossary(), tmp_path / "home"))


def quotes_nothing(folder: Path, index: Index, run: int = 40) -> None:
    """Check that no `run` characters of a body stand in the files of a question set."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    text = " ".join("\n".join(file.read_text("utf-8") for file in files).casefold().split())
    for name in LONG_NAMES:
        text = text.replace(name, "")
    runs = {text[start : start + run] for start in range(len(text))}
    for entry_id in index.entry_ids():
        body = " ".join(index.entry(entry_id).body.casefold().split())
        found = [start for start in range(len(body) - run) if body[start : start + run] in runs]
        assert found == [], entry_id


@pytest.mark.shared
def test_the_page_questions_fit_the_page_and_quote_nothing_of_it(
    glossary_page: Path, tmp_path: Path
) -> None:
    index = index_of(glossary_page, tmp_path / "home")
    check(PAGE_2, index)
    quotes_nothing(PAGE_2, index)


@pytest.mark.shared
def test_the_cloud_native_questions_fit_their_glossary_and_quote_nothing_of_it(
    shared_data: Path, tmp_path: Path
) -> None:
    index = index_of(shared_data / "glossaries" / "cncf", tmp_path / "home")
    check(CNCF, index)
    quotes_nothing(CNCF, index)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "split", "judged", "unanswerable", "told", "documents"),
    [
        ("scifact", "test", 300, 0, 0, 5183),
        ("scifact", "train", 809, 0, 0, 5183),
        ("clapnq", "dev", 152, 150, 0, 597),
        ("mtrag-un", "dev", 12, 1, 193, 1152),
        ("mtrag-un", "all_contexts", 18, 1, 204, 1152),
    ],
)
def test_public_collections_load_as_published(
    shared_data: Path,
    name: str,
    split: str,
    judged: int,
    unanswerable: int,
    told: int,
    documents: int,
) -> None:
    dataset = read_dataset(shared_data / name, split)
    assert counts(dataset) == (judged, unanswerable, 0, 0)
    assert sum(bool(question.history) for question in dataset.questions) == told
    assert len(dataset.documents) == documents
    assert len(dataset.warnings) == (2 if name == "scifact" else 0)
