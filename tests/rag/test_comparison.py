import pytest

from rag.comparison import operands, with_head


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("difference between a lamp and the fan", ("lamp", "fan")),
        ("lamp vs fan", ("lamp", "fan")),
        ("lamp vs. fan", ("lamp", "fan")),
        ("compare lamp with fan", ("lamp", "fan")),
        ("How does a lamp differ from a fan", ("lamp", "fan")),
        ("How are lamps different from fans", ("lamps", "fans")),
        ("memory of INT8 compared with FP32", ("memory of INT8", "FP32")),
        ("why is a lamp better than a fan", ("lamp", "fan")),
        ("lamp", None),
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
    ],
)
def test_a_lone_adjective_takes_the_other_sides_head(
    operand: str, other: str, complete: str
) -> None:
    assert with_head(operand, other) == complete
