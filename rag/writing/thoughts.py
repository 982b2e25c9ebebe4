"""The noun Thoughts: what a reasoning model thinks aloud before it answers, left out.

Some servers leave it in the text, between `<think>` and `</think>`; some of those open the block in
the prompt, so that only its end is in the text.
"""

from __future__ import annotations

import re

from rag.models.generator import THOUGHTS

LONGEST_THOUGHT_CHARS = 200_000  # a model that thinks on after it is not listened to
_TAGS = tuple(f"<{name}>" for name in THOUGHTS)
_ANY_TAG = re.compile(rf"(?<!`)<(?P<ends>/?)(?:{'|'.join(THOUGHTS)})>", re.IGNORECASE)
_UNDECIDED = re.compile(r"(?:`|`?</?[a-z]{0,9})\Z", re.IGNORECASE)
_BLANK = "\ufeff\u200b \t\r\n"
_LONGEST_TAG = max(map(len, _TAGS)) + 1


class Thoughts:
    """Takes a text as it comes and gives what is none.

    A block counts at the start, and so does its end where nothing opened it: `starts_over` tells
    that it was in the last text, and that everything given before is to be forgotten.
    """

    def __init__(self) -> None:
        self.starts_over = False
        self._waiting = ""  # what may still become a tag
        self._closing: re.Pattern[str] | None = None
        self._has_begun = False
        self._chars = 0
        self._tail = ""  # what may still become a tag, in the answer
        self._is_settled = False  # no end of a block is looked for

    @property
    def is_thinking(self) -> bool:
        """Tell whether a block is open."""
        return self._closing is not None

    @property
    def is_endless(self) -> bool:
        """Tell whether a block is too long to wait for its end."""
        return self.is_thinking and self._chars > LONGEST_THOUGHT_CHARS

    def feed(self, text: str) -> str:
        """Return what of the text so far belongs to the answer."""
        self.starts_over = False
        if not self._has_begun:
            self._waiting += text
            if not self._is_past():
                return ""
            self._has_begun = True
            text, self._waiting = self._waiting, ""
        return text if self._is_settled else self._after_lone_end(text)

    def finish(self) -> str:
        """Return what was held back and has become no block."""
        rest = "" if self.is_thinking else self._waiting + self._tail
        self._waiting = self._tail = ""
        return rest

    def _after_lone_end(self, text: str) -> str:
        """Return a text, or what of it follows the end of a block that nothing opened."""
        text = self._tail + text
        self._tail = ""
        if tag := _ANY_TAG.search(text):
            self._is_settled = True
            self.starts_over = bool(tag["ends"])
            return text[tag.end() :] if self.starts_over else text
        if undecided := _UNDECIDED.search(text):
            self._tail = undecided.group()
        return text[: len(text) - len(self._tail)]

    def _is_past(self) -> bool:
        """Go past the blocks; tell whether what waits is known to be none."""
        while self._closing is None or self._closed(self._closing):
            start = self._waiting.lstrip(_BLANK)
            head = start[:_LONGEST_TAG].lower()
            tag = next((tag for tag in _TAGS if head.startswith(tag)), "")
            if not tag:
                self._waiting = start
                return not any(known.startswith(head) for known in _TAGS)
            self._is_settled = True
            self._closing = re.compile(rf"</{tag[1:]}", re.IGNORECASE)
            self._waiting = start[len(tag) :]
        return False

    def _closed(self, closing: re.Pattern[str]) -> bool:
        found = closing.search(self._waiting)
        kept_from = found.end() if found else max(0, len(self._waiting) - _LONGEST_TAG)
        self._chars += kept_from
        self._waiting = self._waiting[kept_from:]
        if found:
            self._closing = None
        return found is not None
