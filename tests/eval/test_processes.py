from __future__ import annotations

import subprocess
import sys

import pytest

from eval.processes import cost_of, imported
from tests.conftest import ROOT


def test_a_process_is_charged_for_its_memory() -> None:
    # Measured from a fresh process: Linux counts what the parent held when it forked.
    code = (
        "import sys; from eval.processes import cost_of\n"
        "for made in ('pass', 'b\"x\" * 800_000_000'):\n"
        "    print(cost_of((sys.executable, '-c', made)).peak_mb)"
    )
    done = subprocess.run(
        (sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True, check=True
    )
    small, large = map(float, done.stdout.split())
    assert small < 300
    assert large > 700


def test_a_failing_process_says_why() -> None:
    with pytest.raises(RuntimeError, match="exit 3: no lamp"):
        cost_of(
            (sys.executable, "-c", "import sys; print('no lamp', file=sys.stderr); sys.exit(3)")
        )


def test_packages_are_noticed_however_they_are_imported() -> None:
    command = (sys.executable, "-c", "def later():\n    import email.message\nlater()")
    assert imported(command, ("email", "http", "zipapp")) == ["email"]
