"""What happens while a question is answered, in order: the nouns of a stream.

Status*, Found, then Delta and Cited in the order of the text, then Finished. Whoever does not
stream waits for Finished: its answer is the text of all deltas with the same citations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rag.answer import Answer, Citation
from rag.hit import Hit
from rag.models.generator import Ending, Message


@dataclass(frozen=True, slots=True)
class Status:
    """A stage begins: "searching", "writing" (with the model's name) or "quoting"."""

    stage: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Retrieval is done."""

    standalone_question: str
    answerable: bool
    answerable_probability: float
    hits: tuple[Hit, ...]
    nearest_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """More text of the answer; never empty, and never taken back."""

    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation whose marker stood in the last delta for the first time."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Trace:
    """How an answer came to be, beyond what the answer tells.

    Attributes:
        prompt: what the model was asked; empty when none was.
        raw: what it wrote.
        judged: each piece of that with its verdict and what became of it, as JSON data.
        failure: why the model did not deliver, or "".
        failure_kind: the class of that error; "" without one.
    """

    prompt: tuple[Message, ...] = ()
    raw: str = ""
    judged: tuple[dict[str, Any], ...] = ()
    failure: str = ""
    failure_kind: str = ""
    timings_ms: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the trace as plain JSON data."""
        return {
            "prompt": [{"role": m.role.value, "content": m.content} for m in self.prompt],
            "raw": self.raw,
            "sentences": list(self.judged),
            "failure": self.failure,
            "timings_ms": self.timings_ms,
        }


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is written.

    Attributes:
        ending: whether its model stopped by itself; if not, the answer's notice says more.
    """

    answer: Answer
    trace: Trace
    ending: Ending = Ending.STOP


AnswerEvent = Status | Found | Delta | Cited | Finished
