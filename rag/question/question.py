"""What kind of answer a question wants, and which of its words carry meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from rag.errors import QuestionEmpty, QuestionTooLong
from rag.question.cue_spelling import spelt_cues


class Kind(StrEnum):
    """The form of answer that fits."""

    DEFINITION = "definition"
    NAME = "name"  # what is it called?
    COMPARISON = "comparison"
    LIST = "list"
    STEPS = "steps"
    QUANTITY = "quantity"
    ORIGIN = "origin"  # who, or when?
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


_EDGES = " ?!.…,;:\"“”'’"
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
_PLEASE = re.compile(r"(?i)[\s,]+(?:please|thanks|thank you)$")
# "what a lamp is", "I keep reading about lamps, what exactly is that"
_TURNED_ROUND = re.compile(
    r"""(?ix)^(?:
        (?:(?:tell|explain|describe)\ (?:me\ |to\ me\ )?)?
        (?:in\ .{0,30}(?:words|terms|sentences?)\ )?
        what\ (?P<topic>(?:\S+\ ){1,6}?)(?:is|are|means?)
      | (?:i\ .{0,40}?\b(?:about|of|across)\ )?(?P<subject>[^,:;]{2,60})[,:;.\ –-]+
        what(?:['’]s|\ is|\ are)?(?:\ exactly|\ actually)?(?:\ is|\ are|\ does)?
        \ (?:that|it|this|those|they)(?:\ (?:is|are|mean|exactly))?
    )$"""
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
_THING = (
    r"(?:idea|trick|technique|method|approach|concept|term|thing|strategy|effect|phenomenon|"
    r"device|process|model|architecture|structure|measure|property|kind of \w+)"
)
# "What is it called when ...", "the word for ...", "... Name?"
_NAME = re.compile(
    rf"""(?ix)
    \b(?:what|how)\ (?:do|would|does|should|can)\ (?:you|we|one|people|they)\ call\b
  | \bwhat(?:['’]s|\ is|\ are|\ was)?\ (?:(?:it|this|that|these|the|a|an)\ )?(?:\S+\ ){{0,6}}?
    (?:called|named|known\ as)\b
  | ^how\ (?:is|are)\ .+\ (?:called|named)\b
  | \b(?:what(?:['’]s|\ is)?|is\ there|there['’]s|there\ is)\ (?:the|a|an|any)?\ ?
    (?:right\ |proper\ |technical\ |common\ )?(?:name|word|term)\ (?:for|of|when|that)\b
  | \bwhat(?:['’]s|\ is|\ are)\ (?:this|that|these|such\ an?)\ {_THING}s?$
  | ^what(?:['’]s|\ is)\ (?:the|a)\ (?:\w+\ )?{_THING}\ (?:where|that|when|in\ which|by\ which)\b
  | \bwhich\ {_THING}\ (?:is|does)\ (?:this|that|it)$
  | [.,;:]\ (?:its\ |the\ )?(?:name|term|word)$
    """
)
_COMPARISON = re.compile(
    r"""(?ix)
    \b(?:vs\.?|versus|differences?\ (?:between|of)|differ(?:s|ent|ently)?(?:\ from)?|compare[ds]?
      | distinguish(?:es)?|distinction|comparison|contrast|better\ than|similarit(?:y|ies))\b
  | ^why\b.*\b(?:instead\ of|rather\ than)\b
  | ^(?!is|are|can|do|does|should).{3,60}\ or\ .{3,60}[,:]\ (?:which|what|who)\b
  | \bwhich\b.{3,80}[,:]\ .{2,60}\ or\ """
)
_QUANTITY = re.compile(
    r"(?i)\b(?:how (?:many|much|large|big|small|fast|long|high|low|often|far|"
    r"deep(?! (?:learn|model|neural|net))|wide|few|expensive|accurate|old|soon|well)|"
    r"what (?:[\w-]+ ){0,2}(?:percentage|percent|fraction|share|number|size|year|speed|"
    r"rate|ratio|factor|range|value|date|cost|price|distance|memory|"
    r"dimension|temperature)|(?:in )?which year|^number of|when (?:was|were|did|is))\b"
)
_ORIGIN = re.compile(
    r"(?i)^(?:who|whose|whom)\b(?! (?:is|are)\b)|^(?:which|what) (?:[\w-]+ ){0,2}(?:scientists?|"
    r"researchers?|authors?|inventors?|persons?|people|years?)\b|^in (?:which|what) year\b|"
    r"^when (?:was|were|did)\b|\band (?:when|who|in (?:what|which) year)\b"
)
_FORMULA = re.compile(
    r"(?i)\b(?:formulas?|formulae|equations?|in symbols|mathematically|expression for|update rule|"
    r"how (?:is|are|do|does|would|can|to|should)\b.*\b(?:computed?|calculated?))\b"
)
_STEPS = re.compile(
    r"(?i)\b(?:how (?:to|(?:do|does|can|should|would|could) (?:i|we|you|one))|steps?|step by step|"
    r"procedure|pipeline|workflow|process of|stages?|algorithm for|recipe|phases?|"
    r"walk (?:me|us) through|what (?:do|must|should) (?:i|we|you) do|in (?:which|what) order)\b"
)
_STEPS_FIRST = re.compile(
    r"(?i)^(?:which|what)(?: are)?(?: the)? (?:[\w-]+ ){0,2}?(?:steps|stages|phases)\b"
)
_LISTED_THINGS = (
    "types? kinds? methods? approaches techniques? applications? uses benefits? advantages? "
    "disadvantages? challenges? limitations? drawbacks? problems? examples? components? parts "
    "tools? metrics? benchmarks? criteria variants? strategies architectures? models? features? "
    "properties solvers? options? ways reasons requirements? frameworks? forms levels categories "
    "classes schedules? formats? modes? factors elements cases datasets? compilers? flavou?rs? "
    "causes? measures? things sources? strengths weaknesses"
)
_LISTED = f"(?:{'|'.join(_LISTED_THINGS.split())})"
_USED_FOR = re.compile(
    r"(?i)^where (?:is|are|can|do|does)\b.*\b(?:applied|used?|deployed)\W*$|\bused for\W*$"
)
_OF_ALL = "(?:the|some|its|their|all|other|main|key|major|typical|common|possible|different) "
_LIST = re.compile(
    rf"(?i)^(?:(?:give(?: me)?|which|what|what(?: kinds?| sorts?) of)"
    rf"(?! (?:is|are|was|were)\b)(?! (?:[\w-]+ )+uses\b)"  # a verb there
    rf" (?:[\w-]+ ){{0,3}}?{_LISTED}\b"
    rf"|(?:what|which) (?:is|are|were) {_OF_ALL}(?:[\w-]+ ){{0,3}}?{_LISTED}\b"
    rf"|(?:what|which) are {_LISTED} (?:of|for|in|to|that|by)\b"
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
    tidy = spelt_cues(tidy)
    bare = _PLEASANTRY.sub("", tidy, count=1).strip(_EDGES)
    bare = _PLEASE.sub("", bare)
    return Question(tidy, _topic(bare) or tidy, _kind(bare))


# Which quantity is asked for; a text gives it in another word ("bandwidth" for "how fast").
_HOW = re.compile(
    r"(?i)\bhow (?:big|large|small|fast|quick(?:ly)?|slow|long|wide|tall|high|low|deep|thick|far|"
    r"expensive|accurate|often|old|heavy)\b(?! (?:learning|neural))"
)


def content_words(text: str) -> str:
    """Return the words of a question that say what it is about; "" if none does.

    A word in capitals is a name, whatever it spells: "What is ONE?".
    """
    shouted = text.isupper()
    if _USED_FOR.search(text):
        text = f"{text} applications"
    text = _HOW.sub(" ", text)
    words = [
        word
        for word in _WORD.findall(text)
        if word.casefold() not in _ASKING_WORDS
        or (len(word) > 1 and word.isupper() and not shouted)
    ]
    return " ".join(words)


def _topic(bare: str) -> str:
    turned = _TURNED_ROUND.match(bare)
    match = _DEFINITION.match(bare)
    topic = match["topic"] if match else bare
    if turned:
        topic = turned["topic"] or turned["subject"]
    elif match:
        topic = _DEFINITION_TAIL.sub("", topic)
    return _ARTICLE.sub("", topic).strip(_EDGES)


def _kind(bare: str) -> Kind:
    if _NAME.search(bare):
        return Kind.NAME
    if _COMPARISON.search(bare):
        return Kind.COMPARISON
    if _FORMULA.search(bare):
        return Kind.FORMULA
    if _ORIGIN.search(bare):
        return Kind.ORIGIN
    if _QUANTITY.search(bare):
        return Kind.QUANTITY
    if _STEPS_FIRST.match(bare):
        return Kind.STEPS
    if _IMPERATIVE_LIST.match(bare) or _LIST.match(bare) or _USED_FOR.search(bare):
        return Kind.LIST
    if _STEPS.search(bare):
        return Kind.STEPS
    if (
        _DEFINITION.match(bare)
        or _TURNED_ROUND.match(bare)
        or (len(bare.split()) <= 4 and not _INTERROGATIVE.match(bare))
    ):
        return Kind.DEFINITION
    return Kind.FACT
