"""Characters that a reader does not see, or takes for others: taken out, or made what they look as.

Control characters, terminal escapes, bidirectional marks and characters without width hide what a
text says from whoever checks it, or reorder it on the screen.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape

_ESCAPE_SEQUENCE = re.compile(
    r"\x1b\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\|$)|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[@-_]?"
)
_INVISIBLE = (
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\ufffb\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_HIDDEN = re.compile(
    rf"[{_INVISIBLE}]|[\u200c\u200d](?![^\x00-\x7f])|(?<![^\x00-\x7f])[\u200c\u200d]"
)
_HIDDEN_ALONE = re.compile(rf"[{_INVISIBLE}]")
_LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_SPACES = re.compile(r"[\x0b\x0c\x1c-\x1f]")
_DIGIT = re.compile(r"[^\D0-9]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_KEPT_ENTITIES = frozenset("<>&")


def visible(text: str) -> str:
    """Return a text without escape sequences and characters that nobody sees; lines end in \\n."""
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", _ESCAPE_SEQUENCE.sub("", text)))
    return _HIDDEN.sub("", text)


def visible_chunk(text: str) -> str:
    """Return a part of a longer text without what is certainly invisible, wherever it was cut."""
    return _HIDDEN_ALONE.sub("", _SPACES.sub(" ", text))


def as_read(text: str) -> str:
    """Return a text as it is read: no hidden characters, plain digits, entities written out.

    The entities of `<`, `>` and `&` stay: they keep markup from being markup.
    """
    text = _ENTITY.sub(_character, visible(text))
    return _DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), visible(text))


def _character(match: re.Match[str]) -> str:
    character = unescape(match[0])
    return match[0] if character in _KEPT_ENTITIES else character
