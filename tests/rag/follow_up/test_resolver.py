"""Follow-ups over the small glossary whose texts stand in conftest.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answer import Answer
from rag.chat import NOT_HERE, Chat
from rag.errors import QuestionEmpty
from rag.turn import Turn

FAN, KETTLE, LAMP = "What is a desk fan?", "What is a kettle?", "What is a table lamp?"
PARTS = "What are the parts of a table lamp?"
DIFFERENCE = "What is the difference between a desk fan and a kettle?"


def converse(chat: Chat, *questions: str) -> Answer:
    """Ask one question after another and return the last answer."""
    turns: list[Turn] = []
    for question in questions:
        answer = chat.ask(question, turns)
        turns.append(Turn.of(answer))
    return answer


def searched(chat: Chat, *questions: str) -> str:
    return converse(chat, *questions).standalone_question


@pytest.mark.parametrize(
    ("follow_up", "standalone"),
    [
        ("how is it cleaned?", "how is a desk fan cleaned?"),
        ("ok, and what is it good for?", "what is a desk fan good for?"),
        ("what is that good for?", "what is a desk fan good for?"),
        ("Is this method safe?", "Is a desk fan safe?"),
        ("who needs such a device?", "who needs a desk fan?"),
        ("it's loud?", "a desk fan is loud?"),
        ("what are its drawbacks?", "what are the drawbacks of a desk fan?"),
        ("does its blade bend?", "does a desk fan’s blade bend?"),
        ("does the fan cool a room?", "does a desk fan cool a room?"),
        ("how is it different from a kettle?", "how is a desk fan different from a kettle?"),
    ],
)
def test_words_that_point_back_are_replaced(chat: Chat, follow_up: str, standalone: str) -> None:
    answer = converse(chat, FAN, follow_up)
    assert answer.standalone_question == standalone
    assert answer.question == follow_up
    assert answer.hits[0].entry.entry_id == "desk-fan"


@pytest.mark.parametrize(
    ("follow_up", "standalone"),
    [
        ("why?", "why a desk fan?"),
        ("an example?", "an example of a desk fan?"),
        ("any numbers?", "numbers of a desk fan?"),
        ("what are the advantages?", "what are the advantages of a desk fan?"),
        ("by whom?", "by whom, for a desk fan?"),
        ("compare it with a kettle", "compare a desk fan with a kettle"),
        ("what does that say?", "what does a desk fan say?"),
        ("and for paint?", "a desk fan for paint?"),
        ("tell me more", "tell me more about a desk fan"),
        ("how many blades are needed?", "how many blades are needed in desk fan?"),
        ("and the kettle?", "What is a kettle?"),
        ("vs a kettle?", "what is the difference between a desk fan and a kettle?"),
        ("is a kettle louder?", "is a kettle louder than a desk fan?"),
        ("how does a kettle compare?", "how does a kettle compare with a desk fan?"),
    ],
)
def test_what_lacks_its_topic_gets_it(chat: Chat, follow_up: str, standalone: str) -> None:
    assert searched(chat, FAN, follow_up) == standalone


@pytest.mark.parametrize(
    "complete",
    [
        "new topic: ?!",
        "ok thanks!",
        KETTLE,
        "what is steam?",
        "And what is a kettle?",
        "What is a kettle and how does it work?",
        "what does a kettle do when it is full?",
        "when water boils, what does it become?",
        "what do you call it when water is hot?",
        "Is it possible to boil water with a kettle?",
        "who won the world cup in 1998?",
        "which entries say that a lamp is safe?",
        "How does steam from boiling water in a sealed pot lift its lid?",
        "thanks!",
        "word " * 50,
    ],
)
def test_a_complete_question_stays_exactly_as_it_is(chat: Chat, complete: str) -> None:
    assert searched(chat, FAN, complete) == searched(chat, complete)


def test_a_first_question_is_never_changed(chat: Chat) -> None:
    assert searched(chat, "how is it cleaned?") == "how is it cleaned?"
    assert "follow_up" not in chat.ask("how is it cleaned?").timings_ms


@pytest.mark.parametrize(
    ("ordinal", "standalone"),
    [
        ("what does the second one do?", "what does Switch in Table Lamp do?"),
        ("and the last?", "Shade in Table Lamp?"),
        ("tell me about number 3", "tell me about Shade in Table Lamp"),
        ("what is the first of these for?", "what is Bulb in Table Lamp for?"),
        ("the first of these, what is it for?", "what is Bulb in Table Lamp for?"),
    ],
)
def test_a_place_in_the_list_shown_is_looked_up(chat: Chat, ordinal: str, standalone: str) -> None:
    assert searched(chat, PARTS, ordinal) == standalone


def test_the_list_stays_in_focus_while_items_are_picked_from_it(chat: Chat) -> None:
    assert searched(chat, PARTS, "and the first?", "and the second?") == "Switch in Table Lamp?"


def test_a_list_is_found_again_by_what_its_items_were_called(chat: Chat) -> None:
    steps = "What are the steps to care for a table lamp?"
    assert searched(chat, steps, PARTS, "tell me about the second step") == (
        "tell me about Let the bulb cool in Table Lamp"
    )
    assert searched(chat, PARTS, steps, "what does the second part do?") == (
        "what does Switch in Table Lamp do?"
    )


@pytest.mark.parametrize(
    ("follow_up", "standalone"),
    [
        ("is the latter safe?", "is kettle safe?"),
        ("which of the two is louder?", "which is louder, desk fan or kettle?"),
        ("do they need power?", "do desk fan and kettle need power?"),
        ("what is the difference?", "what is the difference between desk fan and kettle?"),
        ("the first one, is it safe?", "is desk fan safe?"),
        ("why choose one over the other?", "why choose desk fan over kettle?"),
    ],
)
def test_two_that_were_compared_are_told_apart(chat: Chat, follow_up: str, standalone: str) -> None:
    assert searched(chat, DIFFERENCE, follow_up) == standalone


def test_two_that_are_related_can_be_picked_from(chat: Chat) -> None:
    related = "How do kettles and steam relate?"
    turns = [Turn.of(chat.ask(PARTS)), Turn(related, related, ("kettle",))]
    asked = "is the second one hot?"
    assert chat.ask(asked, turns).standalone_question == "is steam hot?"
    assert chat.ask("is the first one hot?", turns).standalone_question == "is kettles hot?"


def test_what_was_offered_is_forgotten_once_a_question_was_declined(chat: Chat) -> None:
    turns = [Turn.of(chat.ask(PARTS)), Turn("who won?", "who won?", is_answered=False)]
    asked = "what does the second one do?"
    assert chat.ask(asked, turns[:1]).standalone_question == "what does Switch in Table Lamp do?"
    thanked = [turns[0], Turn("thanks!", "thanks!", is_answered=False)]
    assert chat.ask(asked, thanked).standalone_question == "what does Switch in Table Lamp do?"
    assert "Switch" not in chat.ask(asked, turns).standalone_question


def test_two_stay_in_focus_while_one_is_chosen(chat: Chat) -> None:
    asked = (DIFFERENCE, "which is louder?", "how hot can the other one get?")
    assert searched(chat, *asked) == "how hot can kettle get?"


@pytest.mark.parametrize(
    ("back", "standalone"),
    [
        (
            "back to the lamp: how much power does it need?",
            "how much power does a table lamp need?",
        ),
        ("and in the lamp, is it hot?", "is a table lamp hot?"),
        ("the first thing we talked about, is it safe?", "is a table lamp safe?"),
        ("back to the lamp: ok, thanks", "what is a table lamp?"),
        ("how are they related?", "how are a table lamp and a kettle related?"),
        (
            "what are the main differences?",
            "what are the main differences between a table lamp and a kettle?",
        ),
        ("back to the lamp", "what is a table lamp?"),
        ("Different topic: what is a desk fan?", "what is a desk fan?"),
    ],
)
def test_an_earlier_topic_comes_back_by_a_short_name(
    chat: Chat, back: str, standalone: str
) -> None:
    assert searched(chat, LAMP, KETTLE, back) == standalone


def test_the_focus_follows_the_conversation(chat: Chat) -> None:
    assert searched(chat, LAMP, "how is it cleaned?", KETTLE, "is it hot?") == "is a kettle hot?"


def test_a_question_that_was_declined_leaves_the_topic_in_focus(chat: Chat) -> None:
    asked = "who won the world cup in 1998?"
    turns = [Turn.of(chat.ask(LAMP)), Turn(asked, asked, ("kettle",), is_answered=False)]
    assert chat.ask("is it hot?", turns).standalone_question == "is a table lamp hot?"


def test_without_a_glossary_term_the_words_of_the_question_are_the_topic(
    chat_about: Callable[..., Chat],
) -> None:
    chat = chat_about('{"term": "8f31-2", "definition": "Steam lifts the lid of a kettle."}')
    asked = ("What lifts the kettle lid?", "is it heavy?")
    assert searched(chat, *asked) == "is kettle lid heavy?"


def test_only_texts_are_needed_to_go_on_with_a_conversation(chat: Chat) -> None:
    history = [
        ("user", PARTS),
        ("assistant", "It has:\n\n- **Bulb**: light [1]\n- **Switch**: on and off [2]"),
        ("user", "?!"),
        ("user", "who won the world cup in 1998?"),
        ("assistant", NOT_HERE),
    ]
    turns = chat.turns_of(history)
    assert [turn.question for turn in turns] == [PARTS, "who won the world cup in 1998?"]
    assert turns[0].items == ("Bulb", "Switch")
    assert not turns[1].is_answered
    answer = chat.ask("what does the second one do?", turns[:1])
    assert answer.standalone_question == "what does Switch in Table Lamp do?"


def test_a_replayed_conversation_resolves_its_own_follow_ups(chat: Chat) -> None:
    turns = chat.turns_of([("user", FAN), ("user", "how is it cleaned?")])
    assert turns[1].standalone_question == "how is a desk fan cleaned?"


def test_only_the_last_turns_are_remembered(chat: Chat) -> None:
    assert len(chat.turns_of([("user", FAN)] * 9)) == 6


def test_an_empty_follow_up_is_refused(chat: Chat) -> None:
    with pytest.raises(QuestionEmpty):
        chat.ask("?!", [Turn.of(chat.ask(FAN))])


@pytest.mark.parametrize("hostile", ["", "?!", "a" * 3000, "the the the it its", "(((", "$1 \\1"])
def test_turns_from_anywhere_do_no_harm(chat: Chat, hostile: str) -> None:
    turn = Turn(hostile, hostile, ("gone-entry",), (hostile,))
    for question in ("why?", "how is it made?", "and the second one?", "and for (it)?", "vs. that"):
        assert chat.ask(question, [turn]).question == question


def test_the_same_conversation_is_always_resolved_alike(chat: Chat) -> None:
    asked = (LAMP, "its parts?", "and the last one?", DIFFERENCE, "which is louder?")
    assert searched(chat, *asked) == searched(chat, *asked)
