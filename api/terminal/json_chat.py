"""A conversation for scripts: a question a line on stdin, a JSON object a line on stdout."""

from __future__ import annotations

import sys
from typing import Any

from api.errors import EXPECTED, one_line
from api.terminal.asker import Asker
from api.terminal.terminal import print_json_line
from rag.follow_up.focus import REMEMBERED
from rag.turn import Turn


def answer_lines(asker: Asker) -> None:
    """Answer every line of stdin that is not blank, each as a follow-up of those before it.

    A question that cannot be asked gives `{"error": {"type", "message"}}` and is forgotten.
    """
    turns: list[Turn] = []
    history: list[tuple[str, str]] = []
    for line in sys.stdin.buffer:
        question = line.decode("utf-8", "replace").removeprefix("\ufeff").strip()
        if question:
            print_json_line(_answer(asker, question, turns, history))
            del turns[:-REMEMBERED], history[:-REMEMBERED]


def _answer(
    asker: Asker, question: str, turns: list[Turn], history: list[tuple[str, str]]
) -> dict[str, Any]:
    """Return the answer as JSON data, and remember its turn."""
    try:
        answer = asker.ask(question, turns, history)
    except EXPECTED as error:
        return {"error": {"type": type(error).__name__, "message": one_line(error)}}
    turns.append(Turn.of(answer))
    history.append((question, answer.text))
    return answer.to_json()
