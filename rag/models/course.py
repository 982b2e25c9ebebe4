"""The noun Course: how an answer went, whatever servers and clients call that."""

from __future__ import annotations

from rag.models.generator import CutOff, Ending

_LENGTH = frozenset(
    "length max_tokens max_length max_output_tokens model_length "
    "model_context_window_exceeded".split()
)
_FILTERED = frozenset(
    "content_filter content_filtered refusal safety recitation blocklist prohibited_content spii "
    "guardrail_intervened".split()
)
_TOOLS = frozenset("tool_calls tool_call tool_use function_call".split())


class Declined(Exception):
    """Raised when a model gives no answer and says so; the message says what it did instead.

    Attributes:
        said: its own words, or "".
    """

    def __init__(self, what: str, said: str = "") -> None:
        super().__init__(what)
        self.said = said


def read_ending(reason: object) -> Ending:
    """Return what a reason such as "length", "max_tokens" or "SAFETY" means; STOP if unknown."""
    said = reason.lower() if isinstance(reason, str) else ""
    if said in _LENGTH:
        return Ending.LENGTH
    return Ending.FILTERED if said in _FILTERED else Ending.STOP


def is_tool_call(reason: object) -> bool:
    """Tell whether a reason says that the model wants a tool to be called."""
    return isinstance(reason, str) and reason.lower() in _TOOLS


class Course:
    """What is known of one answer beside its text: refusals, tool calls, how it ended."""

    def __init__(self) -> None:
        self.ending = Ending.STOP
        self._refusal = ""
        self._wants_tool = False

    def note(
        self, reason: object = None, refusal: object = None, tool_calls: object = None
    ) -> None:
        """Take note of what a chunk says; refusals come in parts."""
        if refusal and isinstance(refusal, str):
            self._refusal += refusal
        self._wants_tool = self._wants_tool or bool(tool_calls) or is_tool_call(reason)
        ending = read_ending(reason)
        if ending is not Ending.STOP:
            self.ending = ending

    def end(self, *, has_spoken: bool) -> None:
        """Raise what an answer that ended in this way means; return when it is whole.

        Raises:
            Declined: there is no text, and a reason for that.
            CutOff: there is text, but not all of it.
        """
        if self._refusal:
            raise Declined("refuses to answer", self._refusal)
        if has_spoken:
            if self.ending is not Ending.STOP:
                raise CutOff(self.ending)
        elif self._wants_tool:
            raise Declined("asks for a tool instead of answering")
        elif self.ending is Ending.FILTERED:
            raise Declined("has its answer held back by a content filter")
        elif self.ending is Ending.LENGTH:
            raise Declined(
                "stopped at its limit of length before its first text; raise "
                "AIFACTORY_LLM_MAX_TOKENS"
            )
