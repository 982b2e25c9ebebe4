"""Defuse text that others wrote, before a language model reads it between tags.

Nothing in it may close the tags, and what imitates a tag or the marks of a chat is changed besides.
"""

from __future__ import annotations

import re

from rag.characters import visible

_TAG = re.compile(
    r"<(?=[\s/]*(?:source|question|system|assistant|user|human|instruction|im_|start_of|end_of|"
    r"begin_of|bos|eos|pad|unk|s>|s\s|tool|think|function|[|\uff5c]))",
    re.IGNORECASE,
)
_CHAT_TOKENS = re.compile(r"<(?=<+/?SYS>)|\[(?=/?INST\])|(?<=\|)>|<(?=\|)", re.IGNORECASE)
_TURN = re.compile(
    r"(?im)^(?=[ \t]*(?:#{1,6}[ \t]*)?(?:system|assistant|user|human|instruction)\b.{0,20}:)"
)


def defused(text: str, nonce: str) -> str:
    """Return a text that neither closes a tag nor imitates the marks or turns of a chat."""
    text = visible(text).replace(nonce, "\N{REPLACEMENT CHARACTER}")
    text = _CHAT_TOKENS.sub("\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", text)
    text = _TAG.sub("\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", text)
    return _TURN.sub("\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} ", text)


def one_line(text: str) -> str:
    """Return a text with single spaces for all white space."""
    return " ".join(text.split())
