"""Find in a question what points back into the conversation: "it", "this method", "the second one".

Everything here is about the English language and knows nothing of any glossary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.follow_up.general_words import ANY_THING, FUNCTION, SIDES
from rag.question.question import content_words
from rag.terms.terms import singular


class Form(StrEnum):
    """How a word points back."""

    PRONOUN = "pronoun"  # it, them, that, this method
    POSSESSIVE = "possessive"  # its, their
    PLACE = "place"  # there
    NOUN = "noun"  # that loss, such surfaces, the codec
    SEVERAL = "several"  # both, the two, of them


@dataclass(frozen=True, slots=True)
class Reference:
    """A span of a question that points back; `noun` is what it says of the thing, if anything."""

    form: Form
    start: int
    end: int
    noun: str = ""
    has_verb: bool = False  # "it's"
    is_definite: bool = False  # "the codec", rather than "that codec"


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int
    ends_phrase: bool  # punctuation or the end of the question follows


_TAKES_COMPLEMENT = frozenset(
    "of for to in that which used with behind called where when from by".split()
)
_VERBS = frozenset(
    "is are was were be do does did have has had can could will would shall should may might must "
    "need needs use uses".split()
)
_SUBORDINATORS = frozenset(
    "if when while since because as after before once although though until unless".split()
)
_ASKING = frozenset("what which who why how where".split())
_JOINTS = _SUBORDINATORS | _ASKING | frozenset("and but so or then that".split())
_TOKEN = re.compile(r"[^\W_]+(?:['’:.-][^\W_]+)*")
_PLEASANTRY = (
    "ok|okay|so|and|but|now|then|well|right|alright|great|nice|cool|fine|thanks|thank you|thx|hmm|"
    "hm|ah|oh|or|yes|no|also|please|sorry|interesting|i see|got it|good to know"
)
_FINE = (
    r"that(?:['’]s|\s+is)\s+(?:all\s+right|alright|ok|okay|fine|good|great|nice|cool|interesting|"
    r"right|true|clear)(?=\s*(?:[,.!;]|$))"
)
_LEAD = re.compile(rf"(?i)^(?:(?:{_FINE}|(?:{_PLEASANTRY})\b(?!-))[\s,.!:;]*)+")
_CALLED = re.compile(
    r"(?i)\b(?:call|name|term|label)\s+it\b|\bit(?:\s+(?:is|was)|['’]s)?\s+called\b"
)
_MAKES_IT = re.compile(
    r"(?i)\b(?:makes?|made|finds?|found)\s+it\s+[\w-]+\s+(?:to|for|that|when|if)\b"
)
_EMPTY_IT = re.compile(
    r"(?i)^it(?:['’]s|\s+is|\s+was)?\s+(?:possible|true|necessary|important|better|best|hard|easy|"
    r"worth|safe|common|likely|clear|known|said|makes? sense|matters?)\b(?!\s*[?.,]|$)"
    r"(?!\s+(?:than|at|for|with|in|on)\b)"
)
_ARTICLES = frozenset("a an the this that these those".split())
_NO_VERB = frozenset(
    "which this that the other another any each every no some only last first second third next "
    "same new old better best good bad big small right wrong main as than".split()
)
_RESPECTS = frozenset("context case respect regard sense field area setting".split())
_SUBJECTS = frozenset("a an the it they i you we he she its their your our my".split())
_COUNTS = frozenset("two three four five six".split())


def without_lead(text: str) -> str:
    """Return a question without the words that only tie it to what was said ("ok, and ...")."""
    return _LEAD.sub("", text, count=1)


def is_courtesy(text: str) -> bool:
    """Tell whether a text only thanks or agrees."""
    return not any(map(str.isalnum, without_lead(text)))


def references(text: str) -> Iterator[Reference]:
    """Yield the spans that point back, from the left.

    What points to something in the question itself does not count: "What is a codec and how is it
    trained?" is complete.
    """
    tokens = _tokens(text)
    for position in range(len(tokens)):
        found = _read(text, tokens, position)
        if found and (found.is_definite or not _is_explained(tokens[:position], found.form)):
            yield found


def _tokens(text: str) -> list[_Token]:
    found = list(_TOKEN.finditer(text))
    if not found:
        return []
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [
        _Token(
            match.group().casefold().replace("’", "'"),
            match.start(),
            match.end(),
            bool(re.search(r"[,.;:?!–()]", text[match.end() : end])) or end == len(text),
        )
        for match, end in zip(found, ends, strict=True)
    ]


def _read(text: str, tokens: Sequence[_Token], position: int) -> Reference | None:
    token = tokens[position]
    word, _, short_verb = token.word.partition("'")
    if word in ("it", "they", "them"):
        if word == "it" and _is_empty(text, token):
            return None
        return Reference(Form.PRONOUN, token.start, token.end, has_verb=bool(short_verb))
    if token.word in ("its", "their") and not token.ends_phrase:
        return Reference(Form.POSSESSIVE, token.start, token.end)
    before = tokens[position - 1].word if position else ""
    if token.word == "there" and token.ends_phrase and before not in _VERBS:
        return Reference(Form.PLACE, token.start, token.end)
    if token.word == "one" and token.ends_phrase and position and _takes_one(tokens[:position]):
        return Reference(Form.PRONOUN, token.start, token.end)
    if token.word == "both" and (
        token.ends_phrase or before in _VERBS or tokens[position + 1].word in FUNCTION
    ):
        return Reference(Form.SEVERAL, token.start, token.end)
    if word in ("this", "that", "these", "those", "such", "the"):
        return _demonstrative(text, tokens, position)
    return None


def _takes_one(before: Sequence[_Token]) -> bool:
    """Tell whether "one" stands for a thing after these words: "to train one", not "which one"."""
    return before[-1].word not in _NO_VERB and not any(t.word in _ARTICLES for t in before[-4:])


def _is_empty(text: str, it: _Token) -> bool:
    """Tell whether "it" stands for nothing: "what do you call it when", "is it possible to"."""
    around = text[max(0, it.start - 12) : it.end + 30]
    if _CALLED.search(around) or _MAKES_IT.search(around):
        return True
    return bool(_EMPTY_IT.match(text[it.start :]))


def _demonstrative(text: str, tokens: Sequence[_Token], position: int) -> Reference | None:
    token = tokens[position]
    word, _, short_verb = token.word.partition("'")
    after = tokens[position + 1 :]
    before = tokens[position - 1] if position else None
    follows_noun = before is not None and not before.ends_phrase and before.word not in FUNCTION
    if short_verb and word != "such":
        return Reference(Form.PRONOUN, token.start, token.end, has_verb=True)
    if word in ("that", "those") and after and after[0].word in ("that", "which", "who"):
        return None
    if word == "that" and before and before.word in ("those", "all", "ones", "one"):
        return None
    if token.ends_phrase or not after or (word not in ("the", "such") and _is_bare(after[0])):
        bare = word not in ("the", "such") and (
            token.ends_phrase or not follows_noun or word != "that"
        )
        return Reference(Form.PRONOUN, token.start, token.end) if bare else None
    if after[0].word in _COUNTS:
        counts_others = len(after) > 1 and after[1].word.endswith("s") and not _is_bare(after[1])
        is_all = word != "such" and (after[0].ends_phrase or not counts_others)
        return Reference(Form.SEVERAL, token.start, after[0].end) if is_all else None
    if follows_noun and word == "that":
        return None
    if before and before.word == "in" and word in ("this", "that") and after[0].word in _RESPECTS:
        return Reference(Form.PLACE, before.start, after[0].end)
    if word in ("this", "that") and _has_predicate(tokens[:position], after):
        return Reference(Form.PRONOUN, token.start, token.end)
    return _noun_phrase(text, token, word, after)


def _has_predicate(before: Sequence[_Token], after: Sequence[_Token]) -> bool:
    """Tell whether "that" is a subject: "was that trained on", "why is that different from"."""
    if before and before[-1].word in ("does", "did") and len(after) == 1:  # "what does that say?"
        return True
    if not before or before[-1].word not in ("is", "are", "was", "were"):
        return False
    if after[0].word.endswith(("ed", "en", "ing")) or after[0].word == "good":
        return True
    asks = len(before) == 1 or before[-2].word in ("how", "why", "when", "where")
    return asks and (after[0].ends_phrase or after[1].word in FUNCTION)


def _is_bare(following: _Token) -> bool:
    return following.word in FUNCTION and following.word not in _SUBJECTS


def _noun_phrase(text: str, token: _Token, word: str, after: Sequence[_Token]) -> Reference | None:
    """Read "this method", "that kind of model", "the codec", "such surfaces"."""
    if word == "such" and after[0].word in ("a", "an"):
        after = after[1:]
    nouns: list[_Token] = []
    for following in after[:3]:
        if following.word in FUNCTION:
            break
        nouns.append(following)
        if following.ends_phrase:
            break
    if not nouns:
        return None
    rest = after[len(nouns) :]
    if singular(nouns[0].word) in ANY_THING and (len(nouns) == 1 or word != "the"):
        has_complement = (
            not nouns[0].ends_phrase and bool(rest) and rest[0].word in _TAKES_COMPLEMENT
        )
        if word == "the" and (has_complement or not (nouns[0].ends_phrase or rest)):
            return None
        return Reference(Form.PRONOUN, token.start, nouns[0].end)
    if len(nouns) > 1 and nouns[-1].word.endswith("ed"):
        nouns = nouns[:-1]
    return Reference(
        Form.NOUN,
        token.start,
        nouns[-1].end,
        text[nouns[0].start : nouns[-1].end],
        is_definite=word == "the",
    )


def _is_explained(before: Sequence[_Token], form: Form) -> bool:
    """Tell whether an earlier part of the same question says what a pronoun stands for."""
    if form is Form.POSSESSIVE and len(_telling(before)) > 1:
        return True
    joints = [i for i, token in enumerate(before) if token.ends_phrase or token.word in _JOINTS]
    if not joints:
        return False
    joint, clause = before[joints[-1]], before[: joints[-1] + 1]
    telling = _telling(clause)
    if not telling:
        return False
    if joint.ends_phrase or joint.word in _SUBORDINATORS | _ASKING:
        return True
    words = [token.word for token in clause]
    opens_plain = words[0] not in _ASKING and words[0] not in _VERBS
    return any(word in _VERBS for word in words) or (opens_plain and len(telling) > 1)


def _telling(tokens: Sequence[_Token]) -> list[str]:
    """Return the words that name something."""
    words = " ".join(t.word for t in tokens if t.word not in FUNCTION and t.word not in SIDES)
    return content_words(words).split()
