from __future__ import annotations

import pytest

from eval.quote_coverage import uncovered
from rag.answer import Answer, Citation, Support, Verdict

NAMES = frozenset({"table lamp", "desk fan"})
LABELS = frozenset({"Table Lamp"})


def cited(number: int, quote: str) -> Citation:
    support = Support(Verdict.QUOTED, 1.0)
    return Citation(number, "lamp", "lamp", "lamp#0", quote, 0, len(quote), support)


def answer(text: str, *quotes: str, question: str = "q", answerable: bool = True) -> Answer:
    return Answer(
        question=question,
        standalone_question=question,
        answerable=answerable,
        answerable_probability=0.5,
        text=text,
        citations=tuple(cited(number, quote) for number, quote in enumerate(quotes, start=1)),
        hits=(),
        nearest_terms=("Table Lamp", "Desk Fan"),
        model="extractive",
        snapshot_id="0" * 16,
        timings_ms={},
    )


ROW, HEADER = "| LED | 8 |", "| Bulb | Watts |"


@pytest.mark.parametrize(
    "sound",
    [
        answer("It gives light. [1] It is small. [2]", "It gives light.", "It is small."),
        answer("**Table Lamp**\n\nIt gives light. [1]", "It gives light."),
        answer("Parts: [1]\n\n- a bulb [2]\n- a switch [3]", "Parts:", "a bulb", "a switch"),
        answer("- **Care** [1] – Wipe it. [2]", "**Care**", "Wipe it."),
        answer("1. Unplug it. [1]\n\n*(3 more in the source)*", "Unplug it."),
        answer("| Bulb | Watts [1] |\n| --- | --- |\n| LED | 8 [2] |", HEADER, ROW),
        answer(
            "| red light | Desk Fan |\n| --- | --- |\n| a \\| b [1] | air [2] |\n|  | c d [3] |",
            "a | b",
            "air",
            "c\nd",
            question="red light or desk fan?",
        ),
        answer(
            "The glossary does not answer this question. "
            "The nearest terms are **Table Lamp** and **Desk Fan**.",
            answerable=False,
        ),
    ],
)
def test_quotes_and_the_frame_around_them_are_covered(sound: Answer) -> None:
    assert uncovered(sound, NAMES, LABELS) == []


@pytest.mark.parametrize(
    ("unsound", "invented"),
    [
        (answer("It really gives light. [1]", "It gives light."), ["It really gives light."]),
        (answer("It gives light. [1] Nice.", "It gives light."), ["Nice."]),
        (answer("It gives light brightly. [1]", "It gives light"), ["It gives light brightly."]),
        (answer("Unlight [1]", "light"), ["Unlight"]),
        (answer("It gives light.", "It gives light"), ["It gives light."]),
        (answer("**Desk Fan**\n\nair [1]", "air"), ["**Desk Fan**"]),
        (answer("| blue light | Desk Fan |", question="red light"), ["blue light"]),
        (answer("- **Parts** – a bulb [1]", "a bulb"), ["**Parts** –"]),
        (answer("red light", question="red light"), ["red light"]),
        (answer("*(three more in the source)*"), ["*(three more in the source)*"]),
        (
            answer(
                "The glossary does not answer this question. The nearest terms are **Kettle**.",
                answerable=False,
            ),
            ["unlisted terms"],
        ),
    ],
)
def test_an_invented_word_is_told(unsound: Answer, invented: list[str]) -> None:
    assert uncovered(unsound, NAMES, LABELS) == invented
