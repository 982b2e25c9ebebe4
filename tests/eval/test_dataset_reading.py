from __future__ import annotations

from pathlib import Path

import pytest

from eval.dataset import Document, GoldSpan
from eval.dataset_reading import read_dataset, splits_of
from tests.eval.dataset_files import query, write_dataset

TURNS = [{"text": "What is a lamp?"}, {"text": "And its parts?", "kind": "ellipsis"}]


def test_a_question_carries_what_its_line_says(tmp_path: Path) -> None:
    asked = query(
        "q1",
        "How many watts?",
        kind="number",
        gold_span={"entry_id": "lamp", "start": 3, "end": 9},
        gold_quote="Eight watts.",
        answer_must_include=["8", ["LED", "diode"]],
        history=[["user", "A lamp?"], ["agent", "A light."]],
        rewrite="How many watts has a lamp?",
    )
    folder = write_dataset(tmp_path / "workshop", [asked], {"dev": "q1 lamp 2\nq1 fan 0"})
    dataset = read_dataset(folder, "dev")
    (question,) = dataset.questions
    assert (dataset.name, dataset.split, len(dataset.digest)) == ("workshop", "dev", 16)
    assert (question.text, question.kind, question.answerable) == (
        "How many watts?",
        "number",
        True,
    )
    assert (question.gains, question.relevant) == ({"lamp": 2, "fan": 0}, {"lamp"})
    assert question.spans == (GoldSpan("lamp", 3, 9),)
    assert question.quotes == ("Eight watts.",)
    assert question.must_include == (("8",), ("LED", "diode"))
    assert question.history == (("user", "A lamp?"), ("agent", "A light."))
    assert question.rewrite == "How many watts has a lamp?"
    assert (dataset.alone(), dataset.judged()) == ((), ())


def test_a_plain_beir_folder_needs_none_of_the_extension(tmp_path: Path) -> None:
    queries = [
        {"_id": "1", "text": "Lamps give light.", "metadata": {"4983": [{"label": "SUPPORT"}]}},
        {"_id": "2", "text": "Nobody judged this."},
    ]
    corpus = [{"_id": "4983", "title": " Table\nLamp", "text": "."}, {"_id": "p2", "text": "."}]
    dataset = read_dataset(
        write_dataset(tmp_path / "d", queries, {"test": "1 4983 1"}, corpus=corpus), "test"
    )
    assert [question.question_id for question in dataset.judged()] == ["1"]
    assert dataset.documents == {"4983": Document(1, "Table Lamp"), "p2": Document(2, "p2")}


def test_clapnq_names_are_understood(tmp_path: Path) -> None:
    queries = [
        query("1", answerable=True, selected_sentences=["It gives light .", "It glows ."]),
        query("2", answerable=False, selected_sentences=[]),
    ]
    dataset = read_dataset(write_dataset(tmp_path / "d", queries, {"dev": "1 lamp 1"}), "dev")
    assert [q.quotes for q in dataset.questions] == [("It gives light .", "It glows ."), ()]
    assert [q.answerable for q in dataset.questions] == [True, False]


def test_mtrag_names_are_understood(tmp_path: Path) -> None:
    kinds = ("ANSWERABLE", "UNANSWERABLE", "PARTIAL", "UNDERSPECIFIED")
    history = [["user", "A lamp?"], ["agent", "Yes."]]
    queries = [query(f"c<::>{n}", answerability=a, history=history) for n, a in enumerate(kinds)]
    judged = "c<::>0 lamp 1\nc<::>2 lamp 1\nc<::>3 lamp 1"
    dataset = read_dataset(write_dataset(tmp_path / "d", queries, {"dev": judged}), "dev")
    assert [q.answerable for q in dataset.questions] == [True, False, True, True]


def test_turns_are_judged_by_number_and_asked_even_when_unjudged(tmp_path: Path) -> None:
    folder = write_dataset(
        tmp_path / "d", qrels={"dev": "c1#2 lamp 1"}, conversations=[{"_id": "c1", "turns": TURNS}]
    )
    dataset = read_dataset(folder, "dev")
    (conversation,) = dataset.conversations
    assert [turn.question_id for turn in conversation.turns] == ["c1#1", "c1#2"]
    assert [turn.answerable for turn in conversation.turns] == [None, True]
    assert conversation.turns[1].kind == "ellipsis"
    assert dataset.questions == ()


def test_a_conversation_is_in_the_split_that_judges_it(tmp_path: Path) -> None:
    conversations = [{"_id": c, "turns": TURNS} for c in ("a", "b")]
    folder = write_dataset(
        tmp_path / "d",
        qrels={"dev": "a#2 lamp 1", "test": "b#1 lamp 1"},
        conversations=conversations,
    )
    assert [c.conversation_id for c in read_dataset(folder, "dev").conversations] == ["a"]
    assert [c.conversation_id for c in read_dataset(folder, "test").conversations] == ["b"]


def test_unanswerable_questions_and_turns_go_to_the_split_they_name(tmp_path: Path) -> None:
    turns = [{"text": "A lamp?"}, {"text": "Who sells it?", "answerable": False}]
    folder = write_dataset(
        tmp_path / "d",
        [query("q1"), query("q2"), query("no", answerable=False, split="test")],
        {"dev": "q1 lamp 1", "test": "q2 lamp 1"},
        [{"_id": "c", "split": "test", "turns": turns}],
    )
    assert [q.question_id for q in read_dataset(folder, "dev").all_questions()] == ["q1"]
    test = read_dataset(folder, "test")
    assert [q.question_id for q in test.all_questions()] == ["q2", "no", "c#1", "c#2"]


def test_an_only_split_needs_no_naming(tmp_path: Path) -> None:
    queries = [query("q1"), query("no", answerable=False)]
    dataset = read_dataset(write_dataset(tmp_path / "d", queries, {"dev": "q1 lamp 1"}), "dev")
    assert [q.answerable for q in dataset.questions] == [True, False]


def test_splits_of_other_names_may_overlap(tmp_path: Path) -> None:
    qrels = {"dev": "q1 lamp 1", "all_contexts": "q1 lamp 1\nq2 lamp 1"}
    folder = write_dataset(tmp_path / "d", [query("q1"), query("q2")], qrels)
    assert len(read_dataset(folder, "all_contexts").questions) == 2
    assert read_dataset(folder, "dev").warnings == ()


def test_hidden_files_are_no_splits(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "d", [query("q1")], {"dev": "q1 lamp 1"})
    (folder / "qrels" / "._dev.tsv").write_bytes(b"\x00\x05\x16\xff")
    assert splits_of(folder) == ("dev",)


def test_the_same_words_in_two_splits_are_a_warning(tmp_path: Path) -> None:
    queries = [
        query("q1", "What is a lamp?"),
        query("q2", "what is  a LAMP?"),
        query("q3", "And a fan?", history=[["user", "A lamp?"]]),
        query("q4", "And a fan?", history=[["user", "A kettle?"]]),
        query("n1", "Who won?", answerable=False, split="dev"),
        query("n2", "Who won?", answerable=False, split="test"),
    ]
    qrels = {"dev": "q1 lamp 1\nq3 fan 1", "test": "q2 lamp 1\nq4 fan 1"}
    folder = write_dataset(tmp_path / "d", queries, qrels)
    file = folder / "queries.jsonl"
    assert read_dataset(folder, "test").warnings == (
        f"{file}:2: the question 'what is  a LAMP?' stands word for word in {file}:1 (dev) too",
        f"{file}:6: the question 'Who won?' stands word for word in {file}:5 (dev) too",
    )


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "d", [query("q1")], {"dev": ""})
    for file, text in (
        (folder / "queries.jsonl", '\ufeff{"_id": "q1", "text": "A lamp?"}\r\n\r\n'),
        (folder / "qrels" / "dev.tsv", "\ufeffq1\tlamp\t1\r\n"),
    ):
        file.write_bytes(text.encode())
    assert read_dataset(folder, "dev").questions[0].gains == {"lamp": 1}


def test_a_huge_line_is_read(tmp_path: Path) -> None:
    text = "lamp " * 400_000
    folder = write_dataset(tmp_path / "d", [query("q1", text)], {"dev": "q1 lamp 1"})
    assert len(read_dataset(folder, "dev").questions[0].text) == 2_000_000


@pytest.mark.parametrize("name", ["queries.jsonl", "qrels/dev.tsv", "corpus.jsonl"])
def test_the_digest_tells_every_change(tmp_path: Path, name: str) -> None:
    corpus = [{"_id": "lamp", "text": "."}]
    folder = write_dataset(tmp_path / "d", [query("q1")], {"dev": "q1 lamp 1"}, corpus=corpus)
    before = read_dataset(folder, "dev").digest
    assert read_dataset(folder, "dev").digest == before
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert read_dataset(folder, "dev").digest != before
