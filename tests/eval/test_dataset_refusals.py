"""Datasets that contradict themselves: one line with the file, the line and the problem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.dataset_reading import read_dataset
from eval.errors import DatasetInvalid
from tests.eval.dataset_files import Record, query, write_dataset

Q1 = query("q1")
CORPUS = [{"_id": "lamp", "text": "."}, {"_id": "fan", "text": "."}]
LAMP = {"dev": "q1 lamp 1"}
TWO = {"dev": "q1 lamp 1", "test": "q2 lamp 1"}
TURN = {"text": "What is a lamp?"}
CONVERSATION: Record = {"_id": "c", "turns": [TURN, TURN]}


def refusal(folder: Path, split: str = "dev") -> str:
    """Return the message without the folder."""
    with pytest.raises(DatasetInvalid) as refused:
        read_dataset(folder, split)
    message = str(refused.value)
    assert "\n" not in message
    return message.replace(f"{folder}/", "").replace(str(folder), "D")


@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        (
            {"qrels": {"dev": "q1 lamp 1\nq9 lamp 1"}},
            "qrels/dev.tsv:3: no question has the id 'q9'",
        ),
        (
            {"qrels": {"dev": "q1 lamp 1\nq1 kettle 1"}, "corpus": CORPUS},
            "qrels/dev.tsv:3: corpus.jsonl has no document 'kettle'",
        ),
        (
            {"qrels": {"dev": "q1 lamp 1\nq1 lamp 2"}},
            "qrels/dev.tsv:3: 'q1' and 'lamp' are judged twice: 1 and 2",
        ),
        (
            {"queries": [Q1, Q1], "qrels": LAMP},
            "queries.jsonl:2: question id 'q1' stands at queries.jsonl:1 already",
        ),
        (
            {"queries": [query("c#2")], "qrels": LAMP, "conversations": [CONVERSATION]},
            "conversations.jsonl:1: question id 'c#2' stands at queries.jsonl:1 already",
        ),
        (
            {"qrels": LAMP, "conversations": [CONVERSATION, CONVERSATION]},
            "conversations.jsonl:2: question id 'c#1' stands at conversations.jsonl:1 already",
        ),
        (
            {"qrels": LAMP, "corpus": [*CORPUS, CORPUS[0]]},
            "corpus.jsonl:3: document id 'lamp' stands on line 1 already",
        ),
        ({"qrels": {"dev": ""}}, "qrels/dev.tsv holds no judgment"),
        (
            {"qrels": {"dev": "q1 lamp 0"}, "queries": [query("q1", answerable=True)]},
            "queries.jsonl:1: 'q1' is answerable, but qrels/dev.tsv names no relevant document "
            "for it",
        ),
        (
            {"qrels": LAMP, "queries": [query("q1", answerable=False)]},
            "queries.jsonl:1: 'q1' is unanswerable, but qrels/dev.tsv names the relevant document "
            "'lamp' for it",
        ),
        (
            {"qrels": {"dev": "q1 lamp 0\nq1 fan -1"}},
            "queries.jsonl:1: 'q1' has no judgment above 0 in qrels/dev.tsv; judge a document "
            'relevant, or say "answerable": false',
        ),
        (
            {"qrels": TWO, "queries": [Q1, query("q2"), query("q3", answerable=False)]},
            "queries.jsonl:3: 'q3' is unanswerable and names no split; add \"split\" with one of "
            "dev, test",
        ),
        (
            {"qrels": LAMP, "queries": [Q1, query("q3", answerable=False, split="tst")]},
            "queries.jsonl:2: 'q3' names the split 'tst', the splits are dev",
        ),
        (
            {"qrels": {"dev": "q1 lamp 1", "test": "q1 fan 1"}},
            "qrels/test.tsv:2: question 'q1' is in the split 'dev' too (qrels/dev.tsv:2); it may "
            "be in one split only",
        ),
        (
            {
                "qrels": {"dev": "c#1 lamp 1", "test": "c#2 lamp 1"},
                "conversations": [CONVERSATION],
            },
            "qrels/test.tsv:2: the conversation of 'c#2' is in the split 'dev' too "
            "(qrels/dev.tsv:2); it may be in one split only",
        ),
        (
            {"qrels": TWO, "queries": [query("q1", split="test"), query("q2")]},
            "qrels/dev.tsv:2: question 'q1' is judged in the split 'dev', but names 'test' itself "
            "(queries.jsonl:1)",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_contradiction_is_named_with_its_place(
    tmp_path: Path, dataset: dict[str, Any], message: str
) -> None:
    folder = write_dataset(tmp_path / "d", **{"queries": [Q1], **dataset})
    assert refusal(folder) == message


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"_id": "q1"}, "text: Field required"),
        ({"text": "A lamp?"}, "_id: Field required"),
        ({"_id": "q1", "text": ""}, "text: String should have at least 1 character"),
        ({"_id": "q1", "text": 5}, "text: Input should be a valid string"),
        ({"_id": 1, "text": "A lamp?"}, "_id: Input should be a valid string"),
        (["q1", "A lamp?"], "not a JSON object"),
        (query("q1", answerable=1), "answerable: Input should be a valid boolean"),
        (
            query("q1", gold_span={"entry_id": "lamp", "start": 9, "end": 9}),
            "gold_span.0: the gold span ends at 9, not after its start 9",
        ),
        (
            query("q1", gold_span={"entry_id": "lamp", "start": -1, "end": 9}),
            "gold_span.0.start: Input should be greater than or equal to 0",
        ),
        (
            query("q1", gold_span=[{"entry_id": "lamp", "start": 1, "end": 9, "quote": "."}]),
            "gold_span.0.quote: Extra inputs are not permitted",
        ),
        (query("q1", answer_must_include="8"), "answer_must_include: Input should be a valid list"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_line_of_another_shape_is_named(tmp_path: Path, record: Record, message: str) -> None:
    folder = write_dataset(tmp_path / "d", [query("q0"), record], LAMP)
    assert refusal(folder) == f"queries.jsonl:2: {message}"


@pytest.mark.parametrize("query_id", ["q 1", "q\t1", "q\u00a01", "q\x001", ""])
def test_ids_that_no_run_file_can_hold_are_refused(tmp_path: Path, query_id: str) -> None:
    folder = write_dataset(tmp_path / "d", [query(query_id)], LAMP)
    assert refusal(folder).startswith("queries.jsonl:1: _id: String should match pattern")


@pytest.mark.parametrize("words", [[""], ["**"], [[]]])
def test_required_words_without_a_letter_are_refused(tmp_path: Path, words: list[str]) -> None:
    folder = write_dataset(tmp_path / "d", [query("q1", answer_must_include=words)], LAMP)
    assert refusal(folder).startswith("queries.jsonl:1: answer_must_include.0")


def test_an_empty_gold_quote_is_refused(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "d", [query("q1", gold_quote=" ")], LAMP)
    assert refusal(folder).startswith("queries.jsonl:1: gold_quote.0: String should match pattern")


def test_whole_gains_may_be_written_as_floats(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "d", [Q1], {"dev": "q1 lamp 2.0\nq1 fan 0.00"})
    assert read_dataset(folder, "dev").questions[0].gains == {"lamp": 2, "fan": 0}


def test_a_conversation_without_turns_is_refused(tmp_path: Path) -> None:
    folder = write_dataset(
        tmp_path / "d", [Q1], LAMP, conversations=[CONVERSATION, {"_id": "d", "turns": []}]
    )
    assert refusal(folder) == (
        "conversations.jsonl:2: turns: List should have at least 1 item after validation, not 0"
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "queries.jsonl:2: not JSON: Expecting property name enclosed in double quotes at "),
        (b'{"_id": "q\x001"}', "queries.jsonl:2: not JSON: Invalid control character at column 11"),
        (b"\x00", "queries.jsonl:2: not JSON: Expecting value at column 1"),
        (b"[" * 100_000, "queries.jsonl:2: not JSON: "),
        (b"9" * 5000, "queries.jsonl:2: not JSON: "),
        (b'{"_id": "q2", "text": "\\ud800"}', "queries.jsonl:2: text: Input should be a valid str"),
        (b'{"_id": "q\xff"}', "queries.jsonl is not UTF-8: invalid start byte at byte "),
        ('{"_id": "q2"}'.encode("utf-16"), "queries.jsonl is not UTF-8: invalid start byte at "),
    ],
    ids=["cut", "nul", "binary", "nested", "number", "surrogate", "bytes", "utf-16"],
)
def test_a_damaged_line_is_named(tmp_path: Path, line: bytes, message: str) -> None:
    folder = write_dataset(tmp_path / "d", [Q1], LAMP)
    with (folder / "queries.jsonl").open("ab") as file:
        file.write(line + b"\n")
    assert refusal(folder).startswith(message)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("q1 0 lamp 1", "1 columns instead of 3 (query id, document id and score, with tabs"),
        ("q1\t0\tlamp\t1", "4 columns instead of 3"),
        ("q1\tlamp\t0.5", "score '0.5' is not a whole number"),
        ("q1\tlamp\t", "score '' is not a whole number"),
        ("q1\tlamp\t1_0", "score '1_0' is not a whole number"),
        ("q1\tlamp\t" + "9" * 5000, "score '99999999999999999999' is not a whole number"),
        ("q1\tlamp\t1001", "score 1001 is above 1000"),
        ("q1\tlamp\x00\t1", "corpus.jsonl has no document 'lamp\\x00'"),
    ],
    ids=["trec", "four", "fraction", "empty", "underscore", "endless", "high", "nul"],
)
def test_a_judgment_that_cannot_be_read_is_named(tmp_path: Path, line: str, message: str) -> None:
    folder = write_dataset(tmp_path / "d", [Q1], LAMP, corpus=CORPUS)
    with (folder / "qrels" / "dev.tsv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    assert refusal(folder).startswith(f"qrels/dev.tsv:3: {message}")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("queries.jsonl", "dataset D has no question in queries.jsonl"),
        ("qrels/dev.tsv", "qrels/dev.tsv holds no judgment"),
        ("corpus.jsonl", "corpus.jsonl has no document; remove it to judge the live glossary"),
    ],
)
def test_an_empty_file_is_named(tmp_path: Path, name: str, message: str) -> None:
    folder = write_dataset(tmp_path / "d", [Q1], LAMP, corpus=CORPUS)
    (folder / name).write_bytes(b"")
    assert refusal(folder) == message


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "d", [Q1], LAMP)
    assert refusal(folder, "test") == "dataset D has no split 'test'; it has dev"
    assert refusal(folder, "../qrels/dev").endswith("'../qrels/dev'; it has dev")
    (folder / "queries.jsonl").unlink()
    assert refusal(folder) == "queries.jsonl cannot be read: No such file or directory"
    (folder / "qrels" / "dev.tsv").unlink()
    assert refusal(folder) == "dataset D has no split 'dev'; there is no qrels/*.tsv"
    assert refusal(tmp_path / "none") == "there is no dataset folder D"
