from __future__ import annotations

import sys

import pytest

from eval.processes import cost_of, imported


def test_a_process_is_charged_for_its_memory() -> None:
    small = cost_of((sys.executable, "-c", "pass"))
    large = cost_of((sys.executable, "-c", "b'x' * 800_000_000"))
    assert large.peak_mb > small.peak_mb
    assert large.peak_mb > 700


def test_a_failing_process_says_why() -> None:
    with pytest.raises(RuntimeError, match="exit 3: no lamp"):
        cost_of(
            (sys.executable, "-c", "import sys; print('no lamp', file=sys.stderr); sys.exit(3)")
        )


def test_packages_are_noticed_however_they_are_imported() -> None:
    command = (sys.executable, "-c", "def later():\n    import email.message\nlater()")
    assert imported(command, ("email", "http", "zipapp")) == ["email"]
