"""What a turn leaves behind."""

from dataclasses import replace

from rag.chat import Chat
from rag.turn import Turn, exchanges


def test_a_turn_keeps_what_it_was_about_and_what_was_listed(chat: Chat) -> None:
    turn = Turn.of(chat.ask("What are the parts of a table lamp?"))
    assert turn == Turn(
        question="What are the parts of a table lamp?",
        standalone_question="What are the parts of a table lamp?",
        entry_ids=("table-lamp",),
        items=("Bulb", "Switch", "Shade"),
        is_answered=True,
    )


def test_named_entries_come_before_those_found(chat: Chat) -> None:
    turn = Turn.of(chat.ask("What is the difference between a kettle and a desk fan?"))
    assert sorted(turn.entry_ids) == ["desk-fan", "kettle"]


def test_a_declined_turn_lists_nothing(chat: Chat) -> None:
    answer = chat.ask("What are the parts of a table lamp?")
    turn = Turn.of(replace(answer, answerable=False))
    assert (turn.is_answered, turn.items) == (False, ())


def test_texts_of_a_conversation_are_paired() -> None:
    history = [
        ("system", "be kind"),
        ("user", "a"),
        ("assistant", "b"),
        ("assistant", "c"),
        ("user", "d"),
    ]
    assert exchanges(history) == [("a", "b\n\nc"), ("d", "")]
