import pytest

from rag.support.numbers import (
    NUMBER,
    Number,
    read_number,
    with_plain_powers,
    with_units_after,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,000", Number("1000")),
        ("3.50", Number("3.5")),
        ("7 billion", Number("7000000000")),
        ("100K", Number("100000")),
        ("50 percent", Number("50", "%")),
        ("14GB", Number("14", "GB")),
        ("8-bit", Number("8", "bit")),
        ("1.3×", Number("1.3", "×")),
        ("2×10^3", Number("2000")),
        ("10⁻³", Number("0.001")),
        ("$10^{6}$", Number("1000000")),
        ("-5 V", Number("-5", "V")),
        ("200 milliseconds", Number("200", "ms")),
        ("6.4 Gb/s", Number("6.4", "Gb/s")),
        ("6.4 Gbps", Number("6.4", "Gb/s")),
        ("819 GB per second", Number("819", "GB/s")),
        ("819 GB/h", Number("819", "GB/h")),
        ("2 W/cm²", Number("2", "W/cm²")),
        ("4 bits per weight", Number("4", "bit")),
    ],
)
def test_one_quantity_is_read_however_it_is_written(text: str, number: Number) -> None:
    match = NUMBER.search(with_plain_powers(text))
    assert match is not None
    assert read_number(match)[0] == number


def test_a_number_without_end_is_kept_as_written() -> None:
    match = NUMBER.search("1e999")
    assert match is not None
    assert read_number(match)[0].value == "1e999"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Area (cm²): 2", "Area : 2 cm²"),
        ("the weight (millions) is 66.", "the weight  is 66 millions."),
        ("Memory (GB) 14 GB", "Memory (GB) 14 GB"),
        ("Model (student) 6", "Model (student) 6"),
    ],
)
def test_a_unit_in_parentheses_belongs_to_the_number_behind_it(written: str, read: str) -> None:
    assert with_units_after(written) == read
