from __future__ import annotations

from pathlib import Path

import pytest

from eval.dataset import Dataset
from eval.dataset_reading import read_dataset
from eval.documents import document_ids, family_of
from eval.errors import DatasetInvalid, DatasetMismatch
from indexes.index import Index
from indexes.store import Store
from rag.ingestion import Ingestion, Request
from tests.eval.dataset_files import Record, query, write_dataset, write_lines
from tests.eval.workshop import embedder, ingest_workshop

REMEDY = "into a home of its own (--home)"
CORPUS: list[Record] = [
    {"_id": f"P{n}<::>x", "title": title, "text": f"A {title.lower()} gives light number {n}."}
    for n, title in enumerate(["Lamp", "Fan  blade", "Kettle", "Oven", "Stool"], start=1)
]


@pytest.fixture
def workshop(tmp_path: Path) -> Index:
    return ingest_workshop(tmp_path).open()


def dataset_of(folder: Path, asked: Record, judged: str) -> Dataset:
    return read_dataset(write_dataset(folder, [asked], {"dev": judged}), "dev")


def ingested(folder: Path, corpus: list[Record]) -> Index:
    folder.mkdir()
    store = Store(folder / "home")
    source = write_lines(folder / "corpus.jsonl", corpus)
    Ingestion(store, embedder()).run(Request((source,)))
    return store.open()


def refusal(dataset: Dataset, index: Index) -> str:
    with pytest.raises(DatasetMismatch) as refused:
        document_ids(dataset, index)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_entries_of_the_live_glossary_are_documents_by_their_id(
    tmp_path: Path, workshop: Index
) -> None:
    ids = document_ids(dataset_of(tmp_path / "d", query("q"), "q kettle 1"), workshop)
    assert ids == {name: name for name in ("desk-fan", "kettle", "table-lamp", "table-lamps")}
    assert family_of(workshop, ids) == {**ids, "table-lamps": "table-lamp"}


def test_unknown_entries_are_named_with_the_remedy(tmp_path: Path, workshop: Index) -> None:
    judged = "q oven 1\nq kettle 1\nq stool 1\nq shelf 0\nq rug 1\nq sofa 1"
    assert refusal(dataset_of(tmp_path / "d", query("q"), judged), workshop) == (
        "dataset 'd' judges entries that the live glossary lacks: 'oven', 'stool', 'shelf' and 2 "
        f"more; ingest the glossary it was written for {REMEDY}"
    )


def test_a_span_of_an_unknown_entry_is_named(tmp_path: Path, workshop: Index) -> None:
    asked = query("q", gold_span={"entry_id": "oven", "start": 0, "end": 3})
    assert refusal(dataset_of(tmp_path / "d", asked, "q kettle 1"), workshop) == (
        "dataset 'd' points into entries that the live glossary lacks: 'oven'; ingest the glossary "
        f"it was written for {REMEDY}"
    )


def test_a_span_may_reach_the_end_of_a_body_and_not_beyond(tmp_path: Path, workshop: Index) -> None:
    length = len(workshop.entry("kettle").body)
    for end in (length, length + 1):
        asked = query("q", gold_span={"entry_id": "kettle", "start": 2, "end": end})
        dataset = dataset_of(tmp_path / str(end), asked, "q kettle 1")
        if end == length:
            assert len(document_ids(dataset, workshop)) == 4
        else:
            assert refusal(dataset, workshop) == (
                f"question 'q' points at characters 2 to {end} of entry 'kettle', whose body has "
                f"{length}; the glossary has changed since the question was written"
            )


@pytest.mark.parametrize(
    ("gold", "problem"),
    [
        (
            {"gold_span": {"entry_id": "desk-fan", "start": 0, "end": 3}},
            "the gold span of 'q' lies in 'desk-fan', which is not judged relevant for it",
        ),
        (
            {"gold_quote": "A desk fan moves air"},
            "the gold quote 'A desk fan moves air' of 'q' stands in none of the documents judged "
            "relevant for it",
        ),
    ],
    ids=["span", "quote"],
)
def test_gold_outside_of_what_is_judged_relevant_is_named_with_its_line(
    tmp_path: Path, workshop: Index, gold: Record, problem: str
) -> None:
    dataset = dataset_of(tmp_path / "d", query("q", **gold), "q kettle 1")
    with pytest.raises(DatasetInvalid) as refused:
        document_ids(dataset, workshop)
    assert str(refused.value) == f"{tmp_path}/d/queries.jsonl:1: {problem}"


@pytest.mark.parametrize(
    "gold",
    [
        {"gold_quote": "two parts:\n- Bulb: gives  light."},
        {"selected_sentences": ["A lamp , cut into tokens ."]},
    ],
    ids=["marks", "tokens"],
)
def test_marks_and_white_space_of_a_gold_quote_do_not_count(
    tmp_path: Path, workshop: Index, gold: Record
) -> None:
    dataset = dataset_of(tmp_path / "d", query("q", **gold), "q table-lamp 1")
    assert len(document_ids(dataset, workshop)) == 4


def test_lines_of_a_corpus_are_documents_by_their_own_id(tmp_path: Path) -> None:
    index = ingested(tmp_path / "in", CORPUS)
    folder = write_dataset(tmp_path / "d", [query("q")], {"dev": "q P1<::>x 1"}, corpus=CORPUS)
    ids = document_ids(read_dataset(folder, "dev"), index)
    assert sorted(ids.values()) == [f"P{n}<::>x" for n in range(1, 6)]
    assert {index.entry(e).term: d for e, d in ids.items()}["Fan blade"] == "P2<::>x"


def test_some_documents_may_be_missing_from_the_glossary(tmp_path: Path) -> None:
    index = ingested(tmp_path / "in", CORPUS[:3])
    folder = write_dataset(tmp_path / "d", [query("q")], {"dev": "q P1<::>x 1"}, corpus=CORPUS)
    assert len(document_ids(read_dataset(folder, "dev"), index)) == 3


def test_a_glossary_that_is_no_corpus_is_refused(tmp_path: Path, workshop: Index) -> None:
    folder = write_dataset(tmp_path / "d", [query("q")], {"dev": "q P1<::>x 1"}, corpus=CORPUS)
    message = refusal(read_dataset(folder, "dev"), workshop)
    assert message.startswith("entry 'desk-fan' of the live glossary comes from ")
    assert message.endswith(
        f"which is no document of the dataset 'd'; ingest that dataset's corpus.jsonl {REMEDY}"
    )


@pytest.mark.parametrize("other", [CORPUS[:2], [{**r, "title": "Rug"} for r in CORPUS]])
def test_the_corpus_of_another_dataset_is_refused(tmp_path: Path, other: list[Record]) -> None:
    index = ingested(tmp_path / "in", other)
    folder = write_dataset(tmp_path / "d", [query("q")], {"dev": "q P1<::>x 1"}, corpus=CORPUS)
    found = 2 if len(other) == 2 else 0
    assert refusal(read_dataset(folder, "dev"), index) == (
        f"the live glossary has {found} of the 5 documents in d/corpus.jsonl; ingest that file "
        f"{REMEDY}"
    )


def test_a_span_in_a_dataset_with_a_corpus_is_checked_too(tmp_path: Path) -> None:
    index = ingested(tmp_path / "in", CORPUS)
    asked = query("q", gold_span={"entry_id": "oven", "start": 0, "end": 3})
    folder = write_dataset(tmp_path / "d", [asked], {"dev": "q P1<::>x 1"}, corpus=CORPUS)
    assert "points into entries that" in refusal(read_dataset(folder, "dev"), index)
