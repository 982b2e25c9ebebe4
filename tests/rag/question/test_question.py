import pytest

from rag.errors import QuestionEmpty, QuestionTooLong
from rag.question.question import Kind, content_words, read_question


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
        ("What are lamp models?", "lamp models", Kind.DEFINITION),
        ("What are the main lamp models?", "main lamp models", Kind.LIST),
        ("Which stages does a model lamp pass?", "Which stages does a model lamp pass", Kind.STEPS),
        ("Which lamp part uses a wire?", "Which lamp part uses a wire", Kind.FACT),
        ("Where are lamps used?", "Where are lamps used", Kind.LIST),
        ("Could you explain what a lamp is, please?", "lamp", Kind.DEFINITION),
        ("I keep reading about lamps, what exactly is that?", "lamps", Kind.DEFINITION),
        ("waht is a lamp", "lamp", Kind.DEFINITION),
        ("Walk me through lamp care", "Walk me through lamp care", Kind.STEPS),
        (
            "Lamp or candle: which is brighter?",
            "Lamp or candle: which is brighter",
            Kind.COMPARISON,
        ),
        ("How do lamps and candles differ?", "How do lamps and candles differ", Kind.COMPARISON),
        ("Who made the first lamp?", "Who made the first lamp", Kind.ORIGIN),
        ("In which year was it made?", "In which year was it made", Kind.ORIGIN),
        ("How deep is it?", "How deep is it", Kind.QUANTITY),
        ("How deep networks learn", "How deep networks learn", Kind.FACT),
        ("How is the power computed?", "How is the power computed", Kind.FORMULA),
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


@pytest.mark.parametrize(
    "text",
    [
        "What do you call a light on a desk?",
        "what is it called when a wire glows",
        "how is the part called that glows",
        "What's the word for a wire that glows?",
        "Is there a name for light without heat?",
        "Light from a glowing wire: what is this effect?",
        "A light that stands on a desk. Name?",
        "What is the method where a wire is heated until it glows?",
    ],
)
def test_a_question_for_the_name_of_what_it_describes_is_known(text: str) -> None:
    assert read_question(text, 2000).kind is Kind.NAME


def test_what_something_is_used_for_asks_for_its_applications() -> None:
    assert content_words("Where are desk lamps used?") == "desk lamps applications"
    assert content_words("What is a desk lamp used for?") == "a desk lamp for applications"
    assert content_words("Which lamp is used by day?") == "lamp by day"


def test_how_fast_asks_for_a_quantity_and_names_none() -> None:
    assert content_words("How fast is the desk lamp?") == "the desk lamp"
    assert content_words("How deep learning works") == "deep learning"
