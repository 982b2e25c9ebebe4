"""True words about another thing than they are true of do not reach the reader."""

from __future__ import annotations

import asyncio

import pytest

from eval.adversarial import answered
from eval.adversarial_case import Case
from rag.chat import Chat

HBM = "What is high-bandwidth memory?"
STACKS = "High-bandwidth memory is a type of DRAM that stacks several memory dies"


def shown(chat: Chat, question: str, text: str) -> list[str]:
    """Return the pieces of a text that reach the reader."""
    case = Case("", "high-bandwidth-memory", question, text)
    judged = asyncio.run(answered(chat, case)).trace.judged
    return [one["text"] for one in judged if one["shown"]]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is the bandwidth of HBM4?", "It is 819 GB/s [1]."),
        ("What is the bandwidth of HBM4?", "The bandwidth per stack is 819 GB/s [1]."),
        (HBM, "#### HBM2\n\n- Rate per pin: 8.0 Gb/s\n- Bus width: 2048 bits"),
        (HBM, "### HBM4\n\nBandwidth per stack: 819 GB/s"),
        (HBM, "- **HBM4**\n  - Bandwidth per stack: 819 GB/s"),
        (HBM, "- 819\n- DRAM"),
        (HBM, "The silicon passes through vertical copper connections [1]."),
        (HBM, "The dies are joined by vias, which are vertical gold connections [1]."),
        (HBM, "The capacity is fixed **before** the package is assembled [1]."),
        ("What is a FinFET?", "At the most advanced nodes, **FinFETs** are taking over [1]."),
        ("What is a FinFET?", "Foundries made the first processors with FinFETs in 2012 [1]."),
        ("What is a neural ODE?", "The neural ODE of a hidden state changes continuously [1]."),
        ("How do HBM and a FinFET compare?", "It has several memory dies on top of each other."),
    ],
)
def test_a_fact_of_another_thing_is_withheld(bundled_chat: Chat, question: str, text: str) -> None:
    assert shown(bundled_chat, question, text) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("HBM4 has a bus width of 2048 bits [1].", "Its bandwidth per stack is 819 GB/s [1]."),
        (f"{STACKS} [1].", "It was proposed by H. T. Kung and Charles Leiserson [2]."),
    ],
)
def test_a_pronoun_stands_for_what_was_named_last(
    bundled_chat: Chat, first: str, second: str
) -> None:
    question = "How do high-bandwidth memory and a systolic array compare?"
    assert shown(bundled_chat, question, f"{first} {second}") == [first]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is the bandwidth per stack of HBM3?", "819 GB/s [1]"),
        ("What is the bandwidth of HBM4?", "It is 2048 GB/s [1]."),
        (HBM, "#### HBM4\n\n- Rate per pin: 8.0 Gb/s\n- Bus width: 2048 bits"),
        (HBM, "- **HBM4**\n- Bandwidth per stack: 2048 GB/s\n- **HBM3**\n- Rate per pin: 6.4 Gb/s"),
        (HBM, f"{STACKS} [1]. It gives AI accelerators the data rate they need [1]."),
        (HBM, "Its capacity cannot be changed after the package is assembled [1]."),
        (HBM, "A base die at the bottom communicates with the processor [1]."),
    ],
)
def test_a_fact_of_what_is_spoken_of_is_shown(bundled_chat: Chat, question: str, text: str) -> None:
    case = Case("", "high-bandwidth-memory", question, text)
    judged = asyncio.run(answered(bundled_chat, case)).trace.judged
    assert judged
    assert all(one["shown"] for one in judged)
