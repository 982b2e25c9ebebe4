"""Tell two questions in one apart: "What is a lamp and why does it glow?"."""

from __future__ import annotations

import re

_ASKS = (
    r"(?:what(?:['’]s)?|why|how|who(?:['’]s|m|se)?|when|where|which|explain|define|describe|list|"
    r"name|compare)\b(?!\s*,)"
)
_IS_IT = r"(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have)\b"
_AND = r"(?:and|but)\s+(?:also\s+|then\s+|please\s+)?"
_CUT = re.compile(rf"(?i),?\s+{_AND}(?={_ASKS})|\s*[?;]\s+(?:{_AND})?(?=(?:{_ASKS}|{_IS_IT}))")
_LEAST_WORDS = 2  # of the first half, which leans on nothing
_MOST = 3  # questions that are answered one by one


def halves(text: str) -> tuple[str, ...]:
    """Return the questions that a question joins, in order; () when it is one question.

    A later one may lean on the one before it, as a follow-up does ("why does it glow?").
    """
    parts = tuple(part.strip(" ,;?") for part in _CUT.split(text))
    if not 1 < len(parts) <= _MOST or not all(parts):
        return ()
    return parts if len(parts[0].split()) >= _LEAST_WORDS else ()
