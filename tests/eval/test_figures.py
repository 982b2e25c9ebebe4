from __future__ import annotations

import json

import pytest

from eval.figures import Figure, percent, print_figures

FIGURES = [Figure("names", 1234), Figure("at rank 1", 99.5, "%", "100 %"), Figure("nDCG", 0.5)]


def test_a_table_aligns_the_values_and_states_the_targets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_figures("Names", FIGURES, ["one failed"])
    assert capsys.readouterr().out.splitlines() == [
        "Names",
        "  names           1,234 ",
        "  at rank 1       99.50 %  (target: 100 %)",
        "  nDCG           0.5000 ",
        "  - one failed",
    ]


def test_json_keeps_every_digit(capsys: pytest.CaptureFixture[str]) -> None:
    print_figures("Names", [Figure("share", 1 / 3, "%")], ["one failed"], as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "title": "Names",
        "figures": [{"name": "share", "value": 1 / 3, "unit": "%", "target": ""}],
        "details": ["one failed"],
    }


def test_a_share_of_nothing_is_whole() -> None:
    assert (percent(1, 4), percent(0, 0)) == (25.0, 100.0)
