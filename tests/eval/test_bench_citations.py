from __future__ import annotations

from eval.bench_citations import check, figures_of
from rag.chat import Chat


def test_answers_are_asked_for_until_there_are_enough(chat: Chat) -> None:
    tally = check(chat, ["What is a table lamp?", "zebra stripes", "Desk Fan", "TL"], answers=2)
    assert (tally.asked, tally.answered, tally.declined_as_fixed) == (3, 2, 1)
    assert tally.faults == []


def test_every_figure_of_sound_answers_reaches_its_target(chat: Chat) -> None:
    figures = figures_of(check(chat, ["Table Lamp", "zebra stripes"], answers=9))
    assert [figure.value for figure in figures if figure.target == "100 %"] == [100.0] * 4
