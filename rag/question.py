"""What kind of answer a question wants, and which of its words carry meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from rag.errors import QuestionEmpty, QuestionTooLong


class Kind(StrEnum):
    """The form of answer that fits."""

    DEFINITION = "definition"
    COMPARISON = "comparison"
    LIST = "list"
    STEPS = "steps"
    QUANTITY = "quantity"
    FORMULA = "formula"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready to be searched.

    Attributes:
        text: white space and control characters tidied.
        topic: the text without question scaffolding ("what is a", "explain", "?").
        kind: the form of answer that fits.
    """

    text: str
    topic: str
    kind: Kind


# Words that ask and say nothing about what is asked.
_ASKING_WORDS = frozenset(
    "what what's which who whom whose when where why how do does did can could should would shall "
    "will may might must is are was were be been am has have had tell me us explain describe "
    "define please give show list name i you we they it its my your our one any some there than "
    "from about between versus vs compare compared comparison difference differences differ "
    "differs different exactly mean means meaning called work works used uses use using happen "
    "happens make makes get gets so such very also just only other each these those them step "
    "steps stand stands short abbreviation acronym formula equation".split()
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NOISE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\s]+")
_PLEASANTRY = re.compile(
    r"""(?ix)^
    (?:(?:hi|hello|hey|please|so|ok|okay|well|now|and|but)\b[\s,!.]*)*
    (?:
        (?:can|could|would|will)\ you\ (?:please\ )?
        (?:tell|explain|describe|show|give|list|say|help)
        (?:\ me|\ us)?(?:\ understand)?(?:\ about)?\s+
      | i\ (?:want|would\ like|need)\ to\ know\s+(?:about\s+)?
      | do\ you\ know\s+
      | i['’]?m\ (?:looking\ for|interested\ in)\s+
    )?"""
)
_DEFINITION = re.compile(
    r"""(?ix)^
    (?:what(?:['’]s|\ is|\ are|\ was|\ were|\ exactly\ is|\ exactly\ are)(?:\ meant\ by)?
      | who\ (?:is|are) | define | explain | describe
      | (?:(?:give|show)(?:\ me)?\ (?:a|the)\ )?definition\ of | (?:the\ )?meaning\ of
      | tell\ me\ (?:more\ )?about | what\ do\ you\ know\ about | what\ about
      | how\ (?:would|do)\ you\ define | what\ do(?:es)?(?=.*\b(?:mean|stand|refer)s?\b)
      | overview\ of | introduction\ to
      | summari[sz]e
    )\s+(?P<topic>.+)$"""
)
_DEFINITION_TAIL = re.compile(
    r"(?i)\s+(?:mean(?:s|ing)?|stand(?:s)? for|refer(?:s)? to|all about|about|exactly|"
    r"in (?:simple|plain) (?:words|terms|english)|briefly|do)$"
)
_ARTICLE = re.compile(r"(?i)^(?:a|an|the|this|that)\s+")
_COMPARISON = re.compile(
    r"(?i)\b(?:vs\.?|versus|differences? (?:between|of)|differ(?:s|ent)?(?: from)?|distinguish|"
    r"distinction|compare[ds]?|comparison|contrast|better than|similarit(?:y|ies)|instead of|"
    r"rather than)\b"
)
_QUANTITY = re.compile(
    r"(?i)\b(?:how (?:many|much|large|big|small|fast|long|high|low|often|far|deep|wide|few|"
    r"expensive|accurate|old|soon)|what (?:percentage|percent|fraction|share|number|size|year|"
    r"speed|rate|ratio|factor|range|value|date)|(?:in )?which year|when (?:was|were|did|is))\b"
)
_FORMULA = re.compile(r"(?i)\b(?:formulas?|formulae|equations?)\b")
_STEPS = re.compile(
    r"(?i)\b(?:how (?:to|do i|do we|do you|can i|can we|should i)|steps?|step by step|procedure|"
    r"pipeline|workflow|process of|stages?|algorithm for|recipe|phases?)\b"
)
_LISTED_THINGS = (
    "types? kinds? methods? approaches techniques? applications? uses benefits? advantages? "
    "disadvantages? challenges? limitations? drawbacks? problems? examples? components? parts "
    "tools? metrics? benchmarks? criteria variants? strategies architectures? models? features? "
    "properties solvers? options? ways reasons requirements? frameworks? forms levels categories "
    "classes schedules? formats? modes? factors elements cases datasets? compilers?"
)
_LISTED = f"(?:{'|'.join(_LISTED_THINGS.split())})"
_LIST = re.compile(
    rf"(?i)^(?:(?:give(?: me)? (?:some |the )?|which|what)\b.*\b{_LISTED}\b"
    rf"|(?:the |main |key |major )*{_LISTED} (?:of|for|in)\b)"
)
_INTERROGATIVE = re.compile(r"(?i)^(?:what|which|who|whom|whose|when|where|why|how|is|are|can)\b")
_IMPERATIVE_LIST = re.compile(r"(?i)^(?:list|name|enumerate)\b")


def read_question(text: str, max_chars: int) -> Question:
    """Tidy a question and tell what it wants.

    Raises:
        QuestionEmpty: it holds no letter and no digit.
        QuestionTooLong: it has more than `max_chars` characters.
    """
    if len(text) > max_chars:
        raise QuestionTooLong(
            f"the question has {len(text)} characters, the limit is {max_chars}; "
            "shorten it or raise AIFACTORY_MAX_QUESTION_CHARS"
        )
    tidy = _NOISE.sub(" ", text).strip()
    if not any(character.isalnum() for character in tidy):
        raise QuestionEmpty("the question is empty: write at least one word")
    bare = _PLEASANTRY.sub("", tidy, count=1).strip(" ?!.…,;:\"“”'’")
    return Question(tidy, _topic(bare) or tidy, _kind(bare))


def content_words(text: str) -> str:
    """Return the words of a question that say what it is about; "" if none does.

    A word in capitals is a name, whatever it spells: "What is ONE?".
    """
    shouted = text.isupper()
    words = [
        word
        for word in _WORD.findall(text)
        if word.casefold() not in _ASKING_WORDS
        or (len(word) > 1 and word.isupper() and not shouted)
    ]
    return " ".join(words)


def _topic(bare: str) -> str:
    match = _DEFINITION.match(bare)
    topic = match["topic"] if match else bare
    if match:
        topic = _DEFINITION_TAIL.sub("", topic)
    return _ARTICLE.sub("", topic).strip(" ?!.…,;:\"“”'’")


def _kind(bare: str) -> Kind:
    if _COMPARISON.search(bare):
        return Kind.COMPARISON
    if _FORMULA.search(bare):
        return Kind.FORMULA
    if _QUANTITY.search(bare):
        return Kind.QUANTITY
    if _IMPERATIVE_LIST.match(bare) or _LIST.match(bare):
        return Kind.LIST
    if _STEPS.search(bare):
        return Kind.STEPS
    if _DEFINITION.match(bare) or (len(bare.split()) <= 4 and not _INTERROGATIVE.match(bare)):
        return Kind.DEFINITION
    return Kind.FACT
