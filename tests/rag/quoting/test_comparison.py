from collections.abc import Callable

import pytest

from rag.chat import Chat
from rag.quoting.comparison import operands, with_head


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("difference between a lamp and the fan", ("lamp", "fan")),
        ("lamp vs fan", ("lamp", "fan")),
        ("lamp vs. fan", ("lamp", "fan")),
        ("compare lamp with fan", ("lamp", "fan")),
        ("How does a lamp differ from a fan", ("lamp", "fan")),
        ("How are lamps different from fans", ("lamps", "fans")),
        ("How do lamps and fans differ", ("lamps", "fans")),
        ("memory of INT8 compared with FP32", ("memory of INT8", "FP32")),
        ("why is a lamp better than a fan", ("lamp", "fan")),
        ("lamp", None),
        (f"difference between {'lamp ' * 60}and a fan", None),
    ],
)
def test_the_two_things_compared_are_read(topic: str, expected: tuple[str, str] | None) -> None:
    assert operands(topic) == expected


@pytest.mark.parametrize(
    ("operand", "other", "complete"),
    [
        ("structured", "unstructured pruning", "structured pruning"),
        ("TPU", "Graphcore dataflow", "TPU"),
        ("pruning", "pruning", "pruning"),
        ("edge pruning", "chip pruning", "edge pruning"),
        ("containers", "virtual machines", "containers"),
    ],
)
def test_a_lone_adjective_takes_the_other_sides_head(
    operand: str, other: str, complete: str
) -> None:
    assert with_head(operand, other) == complete


def test_two_things_with_rows_in_one_table_are_compared_by_their_rows(
    chat_about: Callable[..., Chat],
) -> None:
    table = "| Kind | Watts |\\n|---|---|\\n| Halogen | 42 |\\n| Neon | 9 |\\n| Diode | 8 |"
    chat = chat_about(
        f'{{"term": "Lamp", "definition": "A lamp gives light.\\n\\n{table}"}}',
        '{"term": "Kettle", "definition": "Heats water."}',
    )
    answer = chat.ask("lamp: halogen vs diode")
    assert answer.text.startswith(
        "| Kind | Watts [1] |\n| --- | --- |\n| Halogen | 42 [2] |\n| Diode | 8 [3] |"
    )
    assert "Neon" not in answer.text


def test_a_plural_is_compared_under_its_own_name(chat_about: Callable[..., Chat]) -> None:
    chat = chat_about(
        '{"term": "Fan", "definition": "Containers share a kernel. Virtual machines do not."}',
        '{"term": "Kettle", "definition": "Heats water."}',
    )
    answer = chat.ask("what is the difference between containers and virtual machines?")
    assert "containers machines" not in answer.text
