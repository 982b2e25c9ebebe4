from __future__ import annotations

import pytest

from eval.dataset import Question
from eval.evaluation import Retrieved
from eval.retrieval import judge, ranking, retrieved, searcher
from eval.runs import Run
from rag.chat import Chat
from rag.hit import Mode

FAMILIES = {"lamp": "lamp", "desk-lamp": "lamp", "fan": "fan"}
ENTRY_IDS = {"table-lamp": "d1", "desk-fan": "d2"}


def question(**gains: int) -> Question:
    named = {name.replace("_", "-"): gain for name, gain in gains.items()}
    return Question("q", "What is a lamp?", gains=named)


def test_a_twin_counts_as_found_in_its_family_only() -> None:
    run = Run("r", {"q": [("desk-lamp", 2.0), ("fan", 1.0)]})
    tasks = judge(run, [question(lamp=1)], FAMILIES)
    assert list(tasks) == ["retrieval", "families"]
    assert tasks["retrieval"]["R@10"] == {"q": 0.0}
    assert tasks["families"]["R@10"] == {"q": 1.0}
    assert tasks["families"]["RR@10"] == {"q": 1.0}


def test_a_family_has_the_highest_gain_of_its_members_and_one_place() -> None:
    run = Run("r", {"q": [("fan", 3.0), ("desk-lamp", 2.0), ("lamp", 1.0)]})
    tasks = judge(run, [question(lamp=1, desk_lamp=3, fan=2)], FAMILIES)
    same = Run("r", {"q": [("fan", 3.0), ("lamp", 2.0)]})
    assert tasks["families"] == judge(same, [question(lamp=3, fan=2)])["retrieval"]
    assert tasks["families"]["R@10"] == {"q": 1.0}


def test_a_family_of_two_irrelevant_members_stays_irrelevant() -> None:
    run = Run("r", {"q": [("lamp", 2.0), ("fan", 1.0)]})
    tasks = judge(run, [question(lamp=0, desk_lamp=0, fan=1)], FAMILIES)
    assert tasks["families"]["Success@1"] == {"q": 0.0}
    assert tasks["families"]["Success@5"] == {"q": 1.0}


def test_a_document_without_a_family_stands_for_itself() -> None:
    tasks = judge(Run("r", {"q": [("kettle", 1.0)]}), [question(kettle=1)], FAMILIES)
    assert tasks["families"]["AP"] == {"q": 1.0}


def test_only_questions_with_a_relevant_document_are_judged() -> None:
    tasks = judge(Run("r", {"q": [("lamp", 1.0)]}), [question(lamp=0)])
    assert set(tasks) == {"retrieval"}
    assert tasks["retrieval"]["AP"] == {}


def test_hits_become_documents_with_what_each_channel_made_of_them(chat: Chat) -> None:
    asked = Question("q", "What is a table lamp?", gains={"d1": 1})
    hits = searcher(chat)(asked)
    found = ranking(hits, ENTRY_IDS)
    assert found[0][0] == "d1"
    assert [score for _, score in found] == [hit.score for hit in hits]
    first = retrieved(hits, asked, ENTRY_IDS, shown=1)
    assert first == (Retrieved(1, "d1", "Table Lamp", hits[0].score, True, 1, 1, 1),)


@pytest.mark.parametrize("mode", list(Mode))
def test_a_question_that_cannot_be_searched_for_has_no_hits(chat: Chat, mode: Mode) -> None:
    for text in ("?!…", "lamp " * 1000):
        assert searcher(chat, mode)(Question("q", text)) == ()


def test_the_depth_limits_the_hits(chat: Chat) -> None:
    assert len(searcher(chat, depth=1)(Question("q", "lamp or fan on a desk"))) == 1
