from __future__ import annotations

from eval.generated_questions import generated_questions
from rag.chat import Chat


def test_every_kind_of_question_is_written_from_the_glossary_alone(chat: Chat) -> None:
    assert set(generated_questions(chat.index)) == {
        *("Table Lamp", "TL", "Desk Fan"),
        *("What is Table Lamp?", "What is TL?", "What is Desk Fan?"),
        *("Parts of Table Lamp", "What are the parts in Table Lamp?"),
        *("How does Table Lamp work?", "How does Desk Fan work?"),
        *("How many parts does Table Lamp have?", "How many gives does Table Lamp have?"),
        *("How many turns does Table Lamp have?", "How many moves does Desk Fan have?"),
        "How many blades does Desk Fan have?",
        *("compare Table Lamp and Desk Fan", "compare Desk Fan and Table Lamp"),
        *("A table lamp gives light.", "Is it true that A table lamp gives light.?"),
        *("Bulb: gives light.", "Is it true that Bulb: gives light.?"),
        *("Switch: turns the lamp on.", "Is it true that Switch: turns the lamp on.?"),
        "A desk fan moves air with blades.",
        "Is it true that A desk fan moves air with blades.?",
    }


def test_the_seed_decides_the_order(chat: Chat) -> None:
    assert generated_questions(chat.index, 1) == generated_questions(chat.index, 1)
    assert generated_questions(chat.index, 1) != generated_questions(chat.index, 2)


def test_the_kinds_take_turns(chat: Chat) -> None:
    first = generated_questions(chat.index)[:9]
    assert first[0] in ("Table Lamp", "TL", "Desk Fan")
    assert first[1].startswith("What is ")
    assert first[6].startswith("compare ")
