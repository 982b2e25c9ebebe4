"""A language model of fixed pace: the scripted server of the tests, in a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.load.serving import free_port

_SCRIPT = Path(__file__).resolve().parents[2] / "tests" / "services" / "scripted_model.py"


@dataclass(frozen=True, slots=True)
class Pace:
    """How a scripted model speaks: one word a chunk.

    Attributes:
        first_s: seconds before the first word.
        word_s: seconds between words.
        words: how many are said; the text begins anew when it ends.
    """

    first_s: float
    word_s: float
    words: int


@contextmanager
def paced_model(text: Path, pace: Pace) -> Iterator[str]:
    """Run the model; yield its base URL, which ends in `/v1`."""
    port = free_port()
    options = ["--port", str(port), "--first", str(pace.first_s), "--pace", str(pace.word_s)]
    options += ["--chunks", str(pace.words), "--text", str(text)]
    process = subprocess.Popen([sys.executable, str(_SCRIPT), *options], stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the scripted model did not start")
