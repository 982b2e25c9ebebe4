"""Read what stands in front of a question: "back to the codec: ...", "the second one, ..."."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.follow_up.ordinals import find_ordinal

_BACK = (
    r"(?:(?:let['’]?s\s|can\swe\s|i\swant\sto\s)?(?:go(?:ing)?|get(?:ting)?|com(?:e|ing)|"
    r"turn(?:ing)?|circl(?:e|ing)|jump(?:ing)?)\s)?back\sto|return(?:ing)?\sto|"
    r"(?:once\smore|again)\sabout"
)
_FRONT = re.compile(
    rf"""(?ix)^(?:(?P<back>{_BACK})\s|(?P<about>about|regarding|concerning|as\sfor|what\sabout|
    how\sabout|now)\s|(?P<place>in|on|with|for|from|at|by|under)\s)?\s*
    (?P<phrase>[^,:;.?!]{{2,70}}?)(?:\s*[,:;.]|\s+[–-])\s+(?P<rest>\S.*\s\S.*)$"""
)
_BACK_ONLY = re.compile(rf"(?i)^(?:{_BACK})\s(?P<phrase>[^,:;.?!]+)[\s?.!]*$")
_CLAUSE = re.compile(
    r"(?i)\b(?:is|are|was|were|do|does|did|have|has|had|can|could|will|would|should|may|might|must|"
    r"what|what['’]?s|which|who|whose|when|where|why|how|if|while|because|since|i|you|please|vs|"
    r"e\.g|or)\b"
)


@dataclass(frozen=True, slots=True)
class Fronted:
    """A phrase in front of a question, and the rest, "" when there is none.

    Attributes:
        is_back: whether it returns to something ("back to ...").
        is_place: whether a preposition ties it to the sentence ("in the surgery, ...").
    """

    phrase: str
    rest: str
    is_back: bool
    is_place: bool


def read_fronted(text: str) -> Fronted | None:
    """Return the phrase in front of a question, or None."""
    text = " ".join(text.split())
    if only := _BACK_ONLY.match(text):
        return Fronted(only["phrase"], "", is_back=True, is_place=False)
    front = _FRONT.match(text)
    if not front or has_clause(_without_talk(front["phrase"])):
        return None
    return Fronted(front["phrase"], front["rest"], bool(front["back"]), bool(front["place"]))


def has_clause(text: str) -> bool:
    """Tell whether a text has a word that only whole clauses have: a verb form or "how"."""
    return bool(_CLAUSE.search(text))


def _without_talk(phrase: str) -> str:
    """Return a phrase without "we talked about", whose words are no clause of the question."""
    ordinal = find_ordinal(phrase)
    return phrase[: ordinal.start] + phrase[ordinal.end :] if ordinal else phrase
