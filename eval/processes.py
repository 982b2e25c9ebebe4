"""Run the command line as a fresh process: what it costs, what it imports, what it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AIFACTORY = (sys.executable, "-c", "from api.cli import main; main()")
_IMPORTED = re.compile(r"(?m)^import time:[^|]*\|[^|]*\|\s*(\w+)")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process cost: seconds on the clock, and its peak of resident memory in MiB."""

    wall_s: float
    peak_mb: float


def cost_of(command: Sequence[str]) -> Cost:
    """Run a command to its end and measure it.

    A child counts the peak memory of its parent as its own (Linux hands it over at `exec`), so a
    module that measures memory loads neither an index nor a model itself.

    Raises:
        RuntimeError: it failed; the message holds the last line of its stderr.
    """
    with tempfile.TemporaryFile() as stderr:
        begin = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=stderr)
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            stderr.seek(0)
            lines = stderr.read().decode("utf-8", "replace").strip().splitlines()
            raise RuntimeError(f"exit {process.returncode}: {(lines or ['no message'])[-1]}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(wall_s, usage.ru_maxrss * unit / 2**20)


def imported(command: Sequence[str], packages: Collection[str]) -> list[str]:
    """Run a Python command and return which of some packages it imported, in order of name.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    python, *arguments = command
    done = subprocess.run(
        [python, "-X", "importtime", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(set(packages).intersection(_IMPORTED.findall(done.stderr)))


def aifactory(*arguments: str) -> str:
    """Run `aifactory` and return its stdout; where it fails, leave with its exit code.

    It has told why on stderr by then.
    """
    command = [*AIFACTORY, *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout
