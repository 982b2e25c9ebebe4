"""The noun Shortening: how much of an answer a client takes, by `max_tokens` and `stop`.

What is cut off begins where a sentence, a row or an item has ended with its markers: what is left
says nothing by halves and nothing without its source. So a text may also come to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from rag.models.generator import Ending
from rag.writing.draft import Enough

_CODE = re.compile(r"(?ms)^ {0,3}(?P<fence>`{3,}|~{3,}).*?(?:^ {0,3}(?P=fence)|\Z)|`[^`\n]*`?")
_END = re.compile(
    r"\[\d+\](?=\s|$)(?!\s*\[\d+\])(?: \|(?=\n|$))?"  # the last marker of a sentence or a row
    r"|[.!?…](?=\n|$)"  # a line that ends a sentence
)
_NEXT = re.compile(
    r"\s+\S.{5}", re.DOTALL
)  # what has to be seen to know that nothing belongs to it

Reason = Literal["stop", "length"]


@dataclass(frozen=True, slots=True)
class Limit:
    """What ends an answer early; without a bound and without stops nothing does.

    Attributes:
        most_tokens: of the text, counted as `usage` counts them.
        stops: texts before which the answer ends.
    """

    most_tokens: int | None = None
    stops: tuple[str, ...] = ()

    @property
    def limits(self) -> bool:
        """Tell whether there is any."""
        return self.most_tokens is not None or bool(self.stops)


class Shortening:
    """Takes an answer as it grows, and gives back what of it is within the limit.

    However a text is divided, the same part of it comes back.
    """

    def __init__(self, limit: Limit) -> None:
        self.reason: Reason | None = None
        """Why something was cut off; None as long as nothing was."""
        self._limit = limit
        self._text = ""
        self._shown = 0
        self._tokens = 0

    @property
    def shown(self) -> str:
        """Return everything that was given back."""
        return self._text[: self._shown]

    def add(self, text: str, count_tokens: Callable[[str], int]) -> str:
        """Take more of the text; return what of all that came can be shown by now."""
        self._text += text
        return self._released(count_tokens, is_end=False)

    def end(self, count_tokens: Callable[[str], int]) -> str:
        """Return the rest, now that the text is complete."""
        return self._released(count_tokens, is_end=True)

    def _released(self, count_tokens: Callable[[str], int], *, is_end: bool) -> str:
        begun = self._shown
        stop = self._first_stop()
        horizon = stop if stop is not None else len(self._text) - self._lookahead(is_end=is_end)
        for end in self._ends(is_end=is_end):
            if self.reason or end > horizon:
                break
            self._take(end, count_tokens)
        if stop is not None and (is_end or _NEXT.search(self._text, stop)):
            self.reason = self.reason or "stop"
        return self._text[begun : self._shown]

    def _take(self, end: int, count_tokens: Callable[[str], int]) -> None:
        """Show the text up to `end`, or find that this would be too much."""
        if self._limit.most_tokens is not None:
            tokens = self._tokens + count_tokens(self._text[self._shown : end])
            if tokens > self._limit.most_tokens:
                self.reason = "length"
                return
            self._tokens = tokens
        self._shown = end

    def _ends(self, *, is_end: bool) -> Iterator[int]:
        """Yield where the text may be cut behind what is shown; of its end only `is_end` knows."""
        code = [match.span() for match in _CODE.finditer(self._text)]
        for match in _END.finditer(self._text, self._shown):
            inside = any(start < match.end() < stop for start, stop in code)
            known = is_end or _NEXT.match(self._text, match.end())
            if known and not inside:
                yield match.end()
        if is_end and self._shown < len(self._text):
            yield len(self._text)

    def _first_stop(self) -> int | None:
        found = [self._text.find(stop, self._shown) for stop in self._limit.stops]
        return min((place for place in found if place >= 0), default=None)

    def _lookahead(self, *, is_end: bool) -> int:
        """Return how many of the last characters may be the beginning of a stop."""
        longest = max(map(len, self._limit.stops), default=0)
        return 0 if is_end else max(0, longest - 1)


def enough_of(limit: Limit) -> Enough | None:
    """Return what tells that nothing more of a growing text is within a limit; None without one."""
    if not limit.limits:
        return None
    shortening = Shortening(limit)

    def enough(text: str, count_tokens: Callable[[str], int]) -> Ending | None:
        shortening.add(text, count_tokens)
        return Ending(shortening.reason) if shortening.reason else None

    return enough
