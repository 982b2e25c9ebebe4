"""Make a follow-up question complete: "how is it trained?" after a codec names the codec.

The rules are tried in order; the first that applies writes the question anew, and a question to
which none applies stays exactly as it is:

1. a topic put in front ("back to the codec: ...", "the second one, ...")
2. a place in a list ("the second one", "the latter")
3. a bare reason or comparison ("why?", "compared with X?", "which is faster?")
4. words that point back (it, their, this method, there, both)
5. a fragment ("and the kettle?", "for images?", "the formula?")
6. a question that names nothing and whose words fit what is talked about (see `Leaning`)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from indexes.index import Index
from rag.follow_up.bare_questions import BareQuestions, one_or_other
from rag.follow_up.focus import ConversationFocus
from rag.follow_up.fragments import Fragments, is_tied
from rag.follow_up.fronted import Fronted, read_fronted
from rag.follow_up.leaning import Leaning
from rag.follow_up.ordinals import Ordinal, find_ordinal
from rag.follow_up.references import Form, Reference, is_courtesy, references, without_lead
from rag.follow_up.rewriting import appended, put, stripped, without_about, without_article
from rag.follow_up.topic import Topic
from rag.follow_up.topic_reader import TopicReader
from rag.question.question import Kind, content_words, read_question
from rag.quoting.comparison import operands
from rag.terms.terms import TermTable, is_written
from rag.turn import Turn

MAX_WORDS = 40  # longer questions explain themselves
ENOUGH_WORDS = 9  # words that say something: with more, a question leans on nothing

_NEW_TOPIC = re.compile(
    r"(?i)^(?:(?:a |on to a |let['’]?s change )?(?:different|new|another|unrelated|next|other) "
    r"(?:topic|question|subject|thing)|something (?:else|different)|change of (?:topic|subject)|"
    r"changing (?:the )?(?:topic|subject)|switching (?:topics?|gears))\s*[:,.;–-]\s*"
)
_FLUFF = re.compile(
    r"(?i)\b(?:from (?:before|earlier|above)|in general|again|earlier|before|you mentioned|"
    r"we (?:talked|spoke) about|ones?|things?|topic|part|question)\b"
)
_COURTESY = re.compile(
    r"(?i)^(?:(?:ok|okay|oh|ah|yes|no)\b[\s,.!]*)*(?:thanks|thank you|thx|great|nice|cool|fine|"
    r"interesting|i see|got it|good to know|right|alright)\b"
)
_PLURALS = ("them", "they", "these", "those")
_NEEDS_TWO = re.compile(
    r"(?i)\b(?:related?|connected|linked|alike|similar|different|differ|compare|interact|"
    r"work together|fit together|difference between)\b"
)
_WHAT_IS = re.compile(
    r"(?i)^(?:(?:what|who)(?:['’]?s| is| are| was| were)|define|explain|describe)\s+"
    r"(?!(?:the|wrong|so|needed|required|next|different|special|new|left)\b)"
)
_DEFINITE = re.compile(r"(?i)^(?:the|that|this|those|these)\b")
_BESIDE = re.compile(r"(?i)\b(?:than|from|with|to|against|like|of|vs\.?|versus|or|and)\s*$")


class FollowUpResolver:
    """Makes standalone questions. Safe to use from several threads."""

    def __init__(self, index: Index, terms: TermTable, leaning: Leaning) -> None:
        self._index = index
        self._terms = terms
        self._leaning = leaning
        self._reader = TopicReader(index, terms)
        self._bare = BareQuestions(self._reader)
        self._fragments = Fragments(self._reader, leaning)

    def resolve(self, question: str, turns: Sequence[Turn]) -> str:
        """Return the question made complete, or exactly the question when it is."""
        asked = read_question(question, len(question)).text
        if not turns or is_courtesy(asked) or len(asked.split()) > MAX_WORDS:
            return question
        focus = ConversationFocus(turns, self._reader)
        if focus.is_empty:
            return question
        text = self._terms.correct(asked, partial(is_written, self._index))
        return self._rewritten(text, focus) or question

    def _rewritten(self, text: str, focus: ConversationFocus) -> str | None:
        """Return the question written anew, or None when it is complete."""
        body = without_lead(text)
        if new := _NEW_TOPIC.match(body):
            rest = body[new.end() :]
            return rest if any(map(str.isalnum, rest)) else None
        if front := read_fronted(body):
            topic = self._in_front(front, focus)
            if topic:
                return _about(front, topic)
            if not front.is_place:
                return None
        bare = stripped(without_about(body))
        return (
            self._placed(body, focus)
            or self._bare.reason(bare, focus)
            or self._bare.compared(bare, focus)
            or self._referred(body, focus)
            or self._fragments.completed(text, focus)
            or self._leaned(text, focus)
            or (body if _COURTESY.match(text) else None)
        )

    def _in_front(self, front: Fronted, focus: ConversationFocus) -> Topic | None:
        """Return the topic put in front; None when that alone makes the question complete."""
        topic = self._brought_back(front, focus)
        if topic is None:
            is_new = front.is_place or not _DEFINITE.match(front.phrase)
            return None if is_new else Topic(front.phrase, within=focus.current.field)
        is_new = bool(self._reader.named_in(front.phrase)) and not focus.knows(topic)
        return None if is_new and not front.is_back else topic

    def _brought_back(self, front: Fronted, focus: ConversationFocus) -> Topic | None:
        """Return the topic that a phrase in front of a question means, or None."""
        if ordinal := find_ordinal(front.phrase):
            if front.is_back or ordinal.is_of_talk:
                return ordinal.pick(focus.chronological())
            return _picked(ordinal, focus) or ordinal.pick(focus.chronological())
        if named := self._reader.named_in(front.phrase):
            return named[0]
        wanted = without_article(_FLUFF.sub("", front.phrase)).strip()
        if topic := focus.recalled(wanted):
            return topic
        points_back = front.is_back or _DEFINITE.match(front.phrase)
        if points_back and (topic := focus.mentioned(wanted)):
            return topic
        return Topic(wanted) if front.is_back and content_words(wanted) else None

    def _placed(self, body: str, focus: ConversationFocus) -> str | None:
        """Return the question with the item in the place of "the second one"."""
        ordinal = None if one_or_other(body) else find_ordinal(body)
        topic = _meant(ordinal, focus) if ordinal else None
        if ordinal is None or topic is None or not topic.name:
            return None
        return f"{body[: ordinal.start]}{topic.phrase}{body[ordinal.end :]}"

    def _referred(self, body: str, focus: ConversationFocus) -> str | None:
        """Return the question with a topic in the place of what points back."""
        for reference in references(body):
            before = body[: reference.start]
            if self._reader.named_in(before) and not _BESIDE.search(before):
                continue  # "what does a codec do when it fails?"
            if rewritten := self._put(body, reference, focus):
                return rewritten
        return None

    def _put(self, body: str, reference: Reference, focus: ConversationFocus) -> str | None:
        if reference.form is Form.NOUN:
            return self._put_noun(body, reference, focus)
        said = body[reference.start : reference.end].casefold()
        pair: list[Topic] = []
        if reference.form is Form.SEVERAL:
            pair = focus.last_two() or [focus.current]
        elif said in _PLURALS and not self._reader.named_in(body):
            pair = focus.last_two() if _NEEDS_TWO.search(body) else focus.last_pair()
        if pair:
            return put(body, reference, " and ".join(topic.phrase for topic in pair))
        topic = focus.other_than(self._reader.named_in(body))
        return put(body, reference, topic.phrase) if topic else None

    def _put_noun(self, body: str, reference: Reference, focus: ConversationFocus) -> str | None:
        if self._reader.named_in(body):
            return None
        words = reference.noun.split()
        for count in range(len(words), 0, -1):  # "the codec fails": how much of it is the noun?
            noun = " ".join(words[:count])
            if topic := focus.recalled(noun):
                end = reference.end - len(reference.noun) + len(noun)
                return put(body, replace(reference, end=end), topic.phrase)
        introduces = body[reference.end :].lstrip().startswith(",")  # "this idea of X, who has it?"
        if reference.is_definite or introduces or _says_enough(body):
            return None
        return appended(body, f"in {focus.current.field}")

    def _leaned(self, text: str, focus: ConversationFocus) -> str | None:
        """Return a question that names nothing with the topic that its words fit."""
        body = without_lead(text)
        if self._reader.named_in(body):
            return None
        topic = focus.current
        if not self._reader.says_more(body):
            return appended(body, f"of {topic.phrase}")
        if _explains_itself(body):
            return None
        if self._leaning.leans(body, topic.entry_ids, is_tied=is_tied(text)):
            return appended(body, f"in {topic.field}")
        return None


def _about(front: Fronted, topic: Topic) -> str:
    """Return the question behind a phrase in front, about the topic of that phrase."""
    inner = read_fronted(front.rest)
    rest = without_lead(without_about(inner.rest if inner and inner.rest else front.rest))
    if not any(map(str.isalnum, rest)):
        return f"what is {topic.phrase}?"
    for reference in references(rest):
        if reference.form is not Form.NOUN:
            return put(rest, reference, topic.phrase)
    return appended(rest, f"in {topic.phrase}")


def _explains_itself(text: str) -> bool:
    """Tell whether a question asks for the meaning of a word, compares two, or says a lot."""
    question = read_question(text, len(text))
    if question.kind is Kind.COMPARISON and operands(question.topic):
        return True
    defines = question.kind is Kind.DEFINITION and _WHAT_IS.match(text)
    return bool(defines) or _says_enough(text)


def _says_enough(text: str) -> bool:
    return len(content_words(text).split()) > ENOUGH_WORDS


def _meant(ordinal: Ordinal, focus: ConversationFocus) -> Topic | None:
    """Return the topic that an ordinal picks: of what was talked about, of a pair, of a list."""
    if ordinal.is_of_talk:
        return ordinal.pick(focus.chronological())
    if ordinal.is_other:
        pair = focus.pair()
        others = focus.chronological()[:-1]
        return ordinal.pick(pair) if pair else _picked(ordinal, focus) or ordinal.pick(others)
    several = focus.chronological()
    return _picked(ordinal, focus) or (ordinal.pick(several) if len(several) > 1 else None)


def _picked(ordinal: Ordinal, focus: ConversationFocus) -> Topic | None:
    """Return what an ordinal picks from the latest that was offered and has such a place."""
    picked = (ordinal.pick(offered) for offered in focus.offers(ordinal.noun))
    return next((topic for topic in picked if topic), None)
