"""Tell two questions in one apart: "What is a lamp and why does it glow?"."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPENS = (  # what only begins a question or a request
    r"(?:what(?:['’]s)?|why|how|who(?:['’]s|m|se)?|when|where|which)\b(?!\s*,)"
    r"|(?:explain|define|describe|compare)\s+(?!and\b|or\b)"
    r"|(?:tell\s+me|give\s+me)\s|(?:list|name)\s+(?:its|their|the|some|all)\b"
    r"|(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have)\s+"
    r"(?:it|its|they|this|that|these|those|there|a|an|the)\b"
)
_ASKS = (  # the same after a comma, where "which ..." may say more of what went before
    r"(?:what(?:['’]s|\s+(?:is|are|was|were|does|do|did))|how\s+(?:is|are|do|does|did|can)|"
    r"why\s+(?:is|are|do|does|did)|who\s+(?:is|are|was|made|invented))\b"
)
_AND = r"(?:and|but|or|&|/)\s*(?:(?:also|then|please|can\s+you|could\s+you)\s+)*"
_CUT = re.compile(rf"(?i),?\s+{_AND}(?={_OPENS})|\s*;\s*(?:{_AND})?(?={_OPENS})")
_COMMA = re.compile(rf"(?i)\s*,\s*(?={_ASKS})")
_SENTENCE = re.compile(r"(?<=[?!])\s*(?=\S)|(?<=[a-z]{3}\.)\s+(?=[A-Z])")
_LEAD = re.compile(
    r"(?i)^(?:[\s(\d).:;,!-]*)(?:(?:and|but|so|also|then|first(?:ly)?|second(?:ly)?|third(?:ly)?|"
    r"finally|hi|hello|hey|thanks|thank you|please|(?:\w+['’]?\w*\s+){0,6}questions?|"
    r"(?:\w+['’]?\w*\s+){0,6}things)\b[\s,:.!]+)*"
)
_BEGINS = re.compile(rf"(?i)^(?:{_OPENS}|list\s|name\s)")
_LEAST_WORDS = 2  # of the first half, which leans on nothing
_MOST = 6  # questions that are answered one by one


def halves(text: str) -> tuple[str, ...]:
    """Return the questions that a question joins, in order; () when it is one question.

    A later one may lean on the one before it, as a follow-up does ("why does it glow?").
    """
    parts: dict[str, str] = {}
    for sentence in _SENTENCE.split(text):
        asked = _LEAD.sub("", sentence).strip()
        if _BEGINS.match(asked) or asked.endswith("?"):
            for part in _told_apart(asked):
                parts.setdefault(part.casefold(), part)
    first = next(iter(parts.values()), "")
    is_one = len(parts) < 2 or len(first.split()) < _LEAST_WORDS
    if is_one or len(parts) > _MOST or "why not" in parts:
        return ()
    return tuple(parts.values())


def _told_apart(sentence: str) -> Iterator[str]:
    for several in _CUT.split(sentence):
        # "the lamp, what is it for?" has its topic in front.
        for part in _COMMA.split(several) if _BEGINS.match(several) else [several]:
            if bare := part.strip(" ,;?!()"):
                yield bare
