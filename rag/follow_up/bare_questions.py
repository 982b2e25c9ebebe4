"""Complete bare reasons and comparisons: "why?", "compared with a kettle?", "which is faster?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.follow_up.focus import ConversationFocus
from rag.follow_up.rewriting import appended, how, why
from rag.follow_up.topic import Topic
from rag.follow_up.topic_reader import TopicReader

_ASK_WHY = re.compile(r"(?i)^(?:why(?: is (?:that|it|this)(?: so)?| so| not)?|how come|how so)$")
_ASK_HOW = re.compile(r"(?i)^(?P<word>how|when|where|who|by whom)(?: exactly| so| then)?$")
_MORE = re.compile(
    r"(?i)^(?:(?:can you |please )?(?:tell me |say |give me |any )?(?:a bit |some )?more"
    r"(?: details?| information| info)?|go on|continue|elaborate|details?|what else|anything else)"
    r"(?:,? please)?$"
)
_AGAINST = re.compile(
    r"(?i)^(?:how (?:is it |does (?:it|that) )?)?(?:(?:(?:when )?compared?|in comparison|relative|"
    r"in contrast|as opposed) (?:to|with)|versus|vs\.?)\s+(?P<other>.+)$"
)
_DIFFERENCE = re.compile(
    r"(?i)^(?:what(?:['’]?s|\s+is|\s+are)\s+)?(?:the\s+)?differences?\s+(?:to|from|with)\s+"
    r"(?P<other>.+)$"
)
_BETWEEN = re.compile(
    r"(?i)^(?:what(?:['’]?s|\s+is|\s+are)\s+)?the\s+(?P<asked>(?:main\s+|key\s+)?"
    r"(?:differences?|similarit(?:y|ies)))(?:\s+then)?$"
)
_OPEN_END = re.compile(
    r"(?i)\b(?:(?P<compare>compare)|(?P<differ>differ|different)|"
    r"(?P<than>better|worse|faster|slower|quicker|cheaper|smaller|larger|bigger|easier|harder|"
    r"safer|simpler|stronger|lighter|heavier|louder|hotter|newer|older|higher|lower|"
    r"(?:more|less) \w+))$"
)
_WHICH = re.compile(
    r"(?i)^which(?: one)?(?: of (?:the two|the three|them|these|those|both))?\s+(?=is|are|has|have|"
    r"does|do|can|would|should|gives?|needs?|uses?|works?|runs?)"
)
_OF_THEM = re.compile(r"(?i)\s+(?:of|from|among|between) (?:the (?:two|three)|them|these|those)\b")
_ONE_OR_OTHER = re.compile(
    r"(?i)\bone (?P<joint>over|or|from|and|than|instead of|rather than|against|to|with|vs) "
    r"the other"
)
_SETS_TWO = re.compile(r"(?i)\b(?:and|or|vs\.?|versus|than|between)\b")


def one_or_other(text: str) -> re.Match[str] | None:
    """Return the match of "one over the other" in a text, or None."""
    return _ONE_OR_OTHER.search(text)


class BareQuestions:
    """Completes reasons and comparisons. Safe to use from several threads."""

    def __init__(self, reader: TopicReader) -> None:
        self._reader = reader

    def reason(self, bare: str, focus: ConversationFocus) -> str | None:
        """Complete "why?", "how?" and "tell me more"; None for any other question."""
        previous = focus.last.standalone_question
        if _ASK_WHY.match(bare):
            return why(previous, focus.current)
        if match := _ASK_HOW.match(bare):
            return how(previous, focus.current, match["word"].lower())
        return f"tell me more about {focus.current.phrase}" if _MORE.match(bare) else None

    def compared(self, bare: str, focus: ConversationFocus) -> str | None:
        """Complete a comparison that lacks one side, or both; None for any other question."""
        return (
            self._between_two(bare, focus)
            or self._against(bare, focus)
            or self._which(bare, focus)
            or self._open_ended(bare, focus)
        )

    def _between_two(self, bare: str, focus: ConversationFocus) -> str | None:
        """Complete "when would you choose one over the other"."""
        match, two = one_or_other(bare), focus.last_two()
        if not match or not two:
            return self._between(bare, two)
        both = f"{two[0].phrase} {match['joint']} {two[1].phrase}"
        return f"{bare[: match.start()]}{both}{bare[match.end() :]}?"

    def _between(self, bare: str, two: Sequence[Topic]) -> str | None:
        """Complete "what is the difference?"."""
        match = _BETWEEN.match(bare)
        if not match or not two:
            return None
        verb = "are" if match["asked"].endswith("s") else "is"
        return f"what {verb} the {match['asked']} between {two[0].phrase} and {two[1].phrase}?"

    def _against(self, bare: str, focus: ConversationFocus) -> str | None:
        """Complete "compared with X?", "vs X?", "the difference to X?"."""
        match = _AGAINST.match(bare) or _DIFFERENCE.match(bare)
        topic = focus.other_than(self._reader.named_in(match["other"])) if match else None
        if match is None or topic is None:
            return None
        return f"what is the difference between {topic.phrase} and {match['other']}?"

    def _which(self, bare: str, focus: ConversationFocus) -> str | None:
        """Complete "which of the two is faster?", "which one is better?"."""
        which = _WHICH.match(bare)
        if not which or " or " in bare:
            return None
        tail = _OF_THEM.sub("", bare[which.end() :])
        two = focus.last_two() if "the two" in which[0] else focus.last_pair()
        if two:
            return f"which {tail}, {two[0].phrase} or {two[1].phrase}?"
        return f"which {focus.current.field} {tail}?"

    def _open_ended(self, bare: str, focus: ConversationFocus) -> str | None:
        """Complete "how does X compare?" and "is X better?" with what was talked about."""
        match = _OPEN_END.search(bare)
        named = self._reader.named_in(bare) if match and not _SETS_TWO.search(bare) else []
        topic = focus.other_than(named) if named else None
        if match is None or topic is None:
            return None
        joint = {"compare": "with", "differ": "from"}.get(match.lastgroup or "", "than")
        return appended(bare, f"{joint} {topic.phrase}")
