from __future__ import annotations

import pytest

from api.uploads.form_words import in_form_words


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("name it with --format: csv, json", "name it with the field format: csv, json"),
        (
            "nothing there; try another --format",
            "nothing there; try another value of the field format",
        ),
        (
            "a.csv:3: no term (stopped by --strict)",
            "a.csv:3: no term (stopped by the field strict)",
        ),
        ("--map 'x' is not field=column", "the field map 'x' is not field=column"),
        ("a table -- mapped --formatted", "a table -- mapped --formatted"),
    ],
)
def test_options_of_the_command_become_fields(message: str, expected: str) -> None:
    assert in_form_words(message) == expected
