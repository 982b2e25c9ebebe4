"""The example of docs/conversations.md runs as it stands there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.answer import Answer
from rag.turn import Turn
from tests.rag.storing.records import answer

PAGE = Path(__file__).resolve().parents[3] / "docs" / "conversations.md"


class EchoingChat:
    """Answers everything alike; remembers the turns it was given."""

    def __init__(self) -> None:
        self.turns: list[Sequence[Turn]] = []

    def ask(self, question: str, turns: Sequence[Turn] = ()) -> Answer:
        self.turns.append(turns)
        return answer(question)


def test_the_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert example
    chat = EchoingChat()
    exec(example[1], {"chat": chat})
    assert [len(turns) for turns in chat.turns] == [0, 1]
    assert (tmp_path / "home" / "conversations.sqlite3").is_file()
