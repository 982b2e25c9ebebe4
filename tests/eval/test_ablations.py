from __future__ import annotations

from pathlib import Path

import pytest

from eval.ablations import RETRIEVERS, variants
from eval.dataset_reading import read_dataset
from eval.tune_fusion import trial_on
from indexes.embedder import Vectors
from rag.retriever import Retriever
from tests.eval.workshop import WORDS, embedder, ingest_workshop, workshop_dataset
from tests.fakes import WordEmbedder


class NotingEmbedder(WordEmbedder):
    """Notes every question that it embeds, and has "kettel" as one token."""

    def __init__(self, *vocabulary: str) -> None:
        super().__init__(*vocabulary)
        self.asked: list[str] = []

    def embed_query(self, text: str) -> Vectors:
        self.asked.append(text)
        return super().embed_query(text)

    def count_tokens(self, text: str) -> int:
        return 1 if text == "kettel" else super().count_tokens(text)


@pytest.mark.parametrize(
    ("name", "embedded"),
    [
        ("embedding the question without its scaffolding", "desk fan"),
        ("embedding the content words alone", "a desk fan"),
        ("without writing abbreviations out", "What is a desk fan?"),
    ],
)
def test_a_variant_embeds_what_it_says(tmp_path: Path, name: str, embedded: str) -> None:
    noting = NotingEmbedder(*WORDS.split())
    retriever = RETRIEVERS[name](ingest_workshop(tmp_path).open(), noting)
    retriever.retrieve("What is a desk fan?", "desk fan", 3)
    assert noting.asked == [embedded]


def test_only_the_variant_corrects_a_common_english_word(tmp_path: Path) -> None:
    index = ingest_workshop(tmp_path).open()
    knowing = NotingEmbedder(*WORDS.split())  # "kettel" is one token: a word of its language
    corrects = RETRIEVERS["correcting common English words too"]
    found = [
        kind(index, knowing).retrieve("a kettel", "kettel", 1) for kind in (Retriever, corrects)
    ]
    assert [one.text for one in found] == ["a kettel", "a kettle"]


def test_every_variant_ranks_and_a_question_of_marks_finds_nothing(tmp_path: Path) -> None:
    index = ingest_workshop(tmp_path).open()
    dataset = read_dataset(workshop_dataset(tmp_path, index), "dev")
    trial = trial_on(dataset, index, embedder())
    questions = {question.question_id: question for question in trial.questions}
    ranked = dict(variants(trial))
    assert next(iter(ranked)) == "shipped"
    assert all(rank(questions["marks"]) == [] for rank in ranked.values())
    assert {rank(questions["twin"])[0][0] for rank in ranked.values()} == {"table-lamp"}
