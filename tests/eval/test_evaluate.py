"""One evaluation of the workshop, every value of it worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.dataset import Conversation, Dataset, Question
from eval.dataset_reading import read_dataset
from eval.evaluate import Evaluator, Part, count_questions
from eval.evaluation import Evaluation
from eval.remembering_embedder import RememberingEmbedder
from rag.chat import Chat
from rag.hit import Mode
from tests.eval.workshop import ANSWERS_KNOWN_WORDS, embedder, open_workshop, workshop_dataset

ALL = tuple(Part)
PUT = "conversations, "


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Chat:
    return open_workshop(tmp_path_factory.mktemp("workshop"))


@pytest.fixture(scope="module")
def dataset(chat: Chat, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = workshop_dataset(tmp_path_factory.mktemp("dataset"), chat.index)
    return read_dataset(folder, "dev")


@pytest.fixture(scope="module")
def evaluation(chat: Chat, dataset: Dataset) -> Evaluation:
    return Evaluator(chat, dataset).evaluate(ALL, "workshop", {"version": "1"})


def test_every_part_has_its_tasks(evaluation: Evaluation) -> None:
    assert list(evaluation.tasks) == [
        "retrieval",
        "families",
        "answers",
        "abstention",
        "conversation answers",
        "conversations, resolved",
        "conversations, raw",
        "conversations, rewrite",
    ]


def test_a_twin_is_found_as_a_family_and_silence_counts_zero(evaluation: Evaluation) -> None:
    first = {"twin": 0.0, "steam": 1.0, "watts": 0.0, "marks": 0.0}
    assert evaluation.tasks["retrieval"]["Success@1"] == first
    assert evaluation.tasks["families"]["Success@1"] == {**first, "twin": 1.0}
    assert evaluation.tasks["retrieval"]["RR@10"]["watts"] == pytest.approx(1 / 3)


def test_a_question_of_punctuation_is_judged_and_counts_zero(evaluation: Evaluation) -> None:
    record = evaluation.records["marks"]
    assert (record.answered, record.probability, record.retrieved) == (False, 0.0, ())
    for measure in ("answered", "cites a judged one", "words"):
        assert evaluation.tasks["answers"][measure]["marks"] == 0.0
    assert evaluation.tasks["abstention"]["squared error"]["marks"] == 1.0
    assert evaluation.tasks["conversation answers"]["answered"]["talk#3"] == 0.0
    for way, value in (("resolved", 0.0), ("raw", 0.0), ("rewrite", 1.0)):
        assert evaluation.tasks[PUT + way]["Success@1"]["talk#3"] == value


def test_answers_are_judged_where_an_answer_is_due(evaluation: Evaluation) -> None:
    answers = evaluation.tasks["answers"]
    assert answers["answered"] == {"twin": 1.0, "steam": 1.0, "watts": 0.0, "marks": 0.0}
    assert answers["must include"] == {"steam": 1.0, "watts": 0.0}
    assert answers["gold quoted"] == {"steam": 1.0}
    assert answers["citation precision"] == {"twin": 1.0, "steam": 1.0}
    assert evaluation.records["watts"].missing == ("8",)
    assert evaluation.records["steam"].missing == ()


def test_decisions_are_judged_on_questions_of_both_kinds(evaluation: Evaluation) -> None:
    decided = evaluation.tasks["abstention"]["decided rightly"]
    assert decided == {"twin": 1.0, "steam": 1.0, "watts": 0.0, "silly": 1.0, "marks": 0.0}
    for query, error in evaluation.tasks["abstention"]["squared error"].items():
        record = evaluation.records[query]
        assert record.probability is not None
        assert error == (record.probability - (query != "silly")) ** 2


def test_a_follow_up_is_put_as_resolved_as_typed_and_as_rewritten(evaluation: Evaluation) -> None:
    record = evaluation.records["talk#2"]
    assert record.standalone == "What are the parts of a desk fan?"
    assert evaluation.tasks[f"{PUT}resolved"]["RR@10"] == {"talk#2": 1, "talk#3": 0, "told": 1}
    # As typed, "parts" leads to the fan before the lamp.
    assert evaluation.tasks[f"{PUT}raw"]["RR@10"] == {"talk#2": 1, "talk#3": 0, "told": 0.5}
    assert evaluation.tasks[f"{PUT}rewrite"]["RR@10"] == {"talk#2": 1, "talk#3": 1}
    assert evaluation.tasks["conversation answers"]["answered"]["told"] == 1.0


def test_first_turns_are_asked_and_not_judged(evaluation: Evaluation) -> None:
    assert list(evaluation.records) == [
        "twin", "steam", "watts", "marks", "silly", "talk#2", "talk#3", "told"
    ]  # fmt: skip


def test_records_tell_what_was_found(evaluation: Evaluation) -> None:
    record = evaluation.records["steam"]
    assert record.retrieved[0].document_id == "kettle"
    assert [line.relevant for line in record.retrieved] == [True, False, False]
    assert (record.kind, record.answerable, record.answered) == ("", True, True)
    assert "A kettle heats water until it is steam. [1]" in record.answer


def test_the_result_says_what_was_judged_on_what(evaluation: Evaluation, chat: Chat) -> None:
    digest = evaluation.dataset["digest"]
    assert evaluation.dataset == {
        "name": "questions",
        "split": "dev",
        "digest": digest,
        "questions": 6,
        "judged": 4,
        "unanswerable": 1,
        "conversations": 1,
        "turns": 4,
    }
    assert evaluation.system == {
        "snapshot": chat.index.snapshot_id,
        "entries": 4,
        "passages": chat.index.passage_count,
        "embedder": "words",
        "answerable_threshold": 0.5,
        # SHA-256 of {"intercept": 2.0, "weights": {"unknown": -8.0}}, shortened
        "answerable_model": "9269f3897eac",
        "mode": "hybrid",
        "depth": 100,
        "version": "1",
    }
    # Five questions are asked, one of them is refused.
    assert len(evaluation.stages_ms["total"]) == 4


def test_the_same_system_has_the_same_values(
    chat: Chat, dataset: Dataset, evaluation: Evaluation
) -> None:
    again = Evaluator(chat, dataset).evaluate(ALL, "workshop", {"version": "1"})
    unlike = {"created": "", "stages_ms": {}, "memory_mb": {}}
    assert replace(again, **unlike) == replace(evaluation, **unlike)


@pytest.mark.parametrize("parts", [ALL, *((part,) for part in Part)], ids=str)
def test_progress_is_told_as_often_as_announced(
    chat: Chat, dataset: Dataset, parts: tuple[Part, ...]
) -> None:
    told: list[int] = []
    evaluator = Evaluator(chat, dataset, on_question=lambda: told.append(1))
    evaluator.evaluate(parts, "x", {})
    assert len(told) == count_questions(dataset, parts)


def test_a_part_alone_measures_only_that(chat: Chat, dataset: Dataset) -> None:
    evaluator = Evaluator(chat, dataset, Mode.LEXICAL, depth=1)
    found = evaluator.evaluate((Part.RETRIEVAL,), "x", {})
    assert set(found.tasks) == {"retrieval", "families"}
    assert (found.system["mode"], found.stages_ms) == ("lexical", {})
    assert set(found.tasks["retrieval"]) == {"Success@1"}  # others look deeper than one hit
    assert evaluator.run is not None
    assert {query: len(r) for query, r in evaluator.run.rankings.items()} == {
        "twin": 1,
        "steam": 1,
        "watts": 1,
        "marks": 0,
    }


def test_parts_without_a_question_are_left_out(chat: Chat, dataset: Dataset) -> None:
    empty = replace(dataset, questions=(), conversations=())
    assert Evaluator(chat, empty).evaluate(ALL, "x", {}).tasks == {}


def test_turns_that_nobody_judged_are_asked_and_measure_nothing(
    chat: Chat, dataset: Dataset
) -> None:
    turns = (Question("c#1", "What is a kettle?"), Question("c#2", "And a desk fan?"))
    asked = replace(dataset, questions=(), conversations=(Conversation("c", turns),))
    found = Evaluator(chat, asked).evaluate((Part.CONVERSATIONS,), "x", {})
    assert list(found.records) == ["c#2"]
    assert "conversation answers" not in found.tasks
    assert found.tasks["conversations, raw"]["AP"] == {}


def test_an_embedder_that_remembers_changes_no_value(
    chat: Chat, dataset: Dataset, evaluation: Evaluation
) -> None:
    remembering = RememberingEmbedder(embedder())
    other = Chat(chat.index, remembering, answerable=ANSWERS_KNOWN_WORDS)
    for _ in range(2):
        found = Evaluator(other, dataset).evaluate(ALL, "workshop", {})
        assert (found.tasks, found.records) == (evaluation.tasks, evaluation.records)
    assert remembering.embed_query("lamp") is remembering.embed_query("lamp")
    assert remembering.count_tokens("a lamp") == 2
    assert remembering.embed_passages(["lamp"]).shape == (1, remembering.fingerprint.dimension)
