import pytest

from rag.errors import QuestionEmpty, QuestionTooLong
from rag.question import Kind, read_question


@pytest.mark.parametrize(
    ("text", "topic", "kind"),
    [
        ("What is a neural ODE?", "neural ODE", Kind.DEFINITION),
        ("neural ode", "neural ode", Kind.DEFINITION),
        ("NNGP", "NNGP", Kind.DEFINITION),
        ("Please explain the systolic array.", "systolic array", Kind.DEFINITION),
        ("What does HBM stand for?", "HBM", Kind.DEFINITION),
        ("can you tell me about wafer yield", "wafer yield", Kind.DEFINITION),
        (
            "What is the difference between SGD and Adam?",
            "difference between SGD and Adam",
            Kind.COMPARISON,
        ),
        ("EUV vs DUV", "EUV vs DUV", Kind.COMPARISON),
        ("How many neurons drive a car?", "How many neurons drive a car", Kind.QUANTITY),
        ("Which applications does it have?", "Which applications does it have", Kind.LIST),
        ("What are the advantages of pruning?", "advantages of pruning", Kind.LIST),
        ("List the tools", "List the tools", Kind.LIST),
        ("How do I prune a network?", "How do I prune a network", Kind.STEPS),
        (
            "Why does the network stay small when trained?",
            "Why does the network stay small when trained",
            Kind.FACT,
        ),
    ],
)
def test_the_form_of_answer_and_the_topic_are_read(text: str, topic: str, kind: Kind) -> None:
    question = read_question(text, 2000)
    assert (question.topic, question.kind) == (topic, kind)


def test_control_characters_become_spaces() -> None:
    assert read_question("what\x00is\u202e it\n\n now", 2000).text == "what is it now"


@pytest.mark.parametrize("text", ["", "   ", "?!…", "\x00\x01", "—— **"])
def test_a_question_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(QuestionEmpty, match="write at least one word"):
        read_question(text, 2000)


def test_a_question_over_the_limit_is_refused_with_both_lengths() -> None:
    with pytest.raises(QuestionTooLong, match="100000 characters, the limit is 2000"):
        read_question("x" * 100_000, 2000)


def test_another_script_is_a_question() -> None:
    assert read_question("什么是神经网络？", 2000).text == "什么是神经网络？"
