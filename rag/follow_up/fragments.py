"""Complete fragments: "and the kettle?", "for images?", "the formula?"."""

from __future__ import annotations

import re

from rag.follow_up.focus import ConversationFocus
from rag.follow_up.fronted import has_clause
from rag.follow_up.leaning import Leaning
from rag.follow_up.references import without_lead
from rag.follow_up.rewriting import (
    is_about,
    parallel,
    stripped,
    swapped,
    without_about,
    without_article,
)
from rag.follow_up.topic_reader import TopicReader

MAX_WORDS = 7
_TYING = re.compile(r"(?i)\b(?:and|or|but|then|also)\b")
_TAIL = re.compile(r"(?i)(?:for|in|on|with|at|by|to|as|without|during)\b")
_IMPERATIVE = re.compile(r"(?i)^(?:list|name|give|show|explain|describe|define|compare|tell)\b")
_TRAILING = re.compile(r"(?i)\s+(?:then|too|as well|though|instead|again)$")
_ANY = re.compile(r"(?i)^(?:any|some)\s+")


def is_tied(text: str) -> bool:
    """Tell whether a question begins by tying itself to what was said ("and ...")."""
    body = without_lead(text)
    lead = text[: len(text) - len(body)]
    return bool(_TYING.search(lead)) or is_about(body)


class Fragments:
    """Completes questions that are no sentences. Safe to use from several threads."""

    def __init__(self, reader: TopicReader, leaning: Leaning) -> None:
        self._reader = reader
        self._leaning = leaning

    def completed(self, text: str, focus: ConversationFocus) -> str | None:
        """Return a fragment as a whole question; None for a sentence or a name of its own."""
        body = without_lead(text)
        bare = _TRAILING.sub("", stripped(without_about(body)))
        if has_clause(bare) or _IMPERATIVE.match(bare) or len(bare.split()) > MAX_WORDS:
            return None
        if not self._reader.says_more(bare):
            return f"{_ANY.sub('', bare)} of {focus.current.phrase}?"
        if self._reader.named_in(bare):
            return self._about_another(bare, focus) if is_tied(text) else None
        if not is_tied(text) and not self._leaning.leans(bare, focus.current.entry_ids):
            return None
        return self._about_part(bare, focus, is_part=is_about(body))

    def _about_another(self, bare: str, focus: ConversationFocus) -> str:
        """Return the previous question about the thing that is named now."""
        previous = focus.last.standalone_question
        again = swapped(previous, focus.current.name, without_article(bare))
        return again or f"what about {bare}?"

    def _about_part(self, bare: str, focus: ConversationFocus, *, is_part: bool) -> str:
        """Return the previous question about another part, or the part within its topic."""
        previous, topic = focus.last.standalone_question, focus.current
        if again := parallel(previous, bare, topic):
            return again
        if _TAIL.match(bare):
            return f"{topic.phrase} {bare}?"
        asks = "what about " if is_part or is_about(previous) else ""
        return f"{asks}{bare} in {topic.field}?"
