"""What a turn was about, in words that can stand in another question."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from indexes.index import Index
from rag.follow_up.fronted import read_fronted
from rag.follow_up.general_words import ANY_THING, FUNCTION, SIDES
from rag.follow_up.noun_phrases import NounPhrases
from rag.follow_up.references import is_courtesy, without_lead
from rag.follow_up.rewriting import is_about, without_article
from rag.follow_up.topic import Topic, same
from rag.question.question import Kind, Question, content_words, read_question
from rag.quoting.comparison import operands, with_head
from rag.quoting.evidence import names_entry
from rag.terms.terms import Mention, TermTable, name_words, singular, word_stems
from rag.turn import Turn

REMEMBERED_TURNS = 1024  # of all conversations, whose topics need not be read again
MAX_NAME_WORDS = 8
_VERSION = r"(?:v?\d[\w.]*|[A-Za-z]{1,2}\d[\w.]*)\b"
_CHOICE = re.compile(r"(?i)^which\b.*,\s(?P<one>[^,]{1,100}?)\sor\s(?P<other>[^,?]{1,100}?)[\s?]*$")
_RELATED = re.compile(
    r"(?i)^how (?:do|does|are|is) (?P<one>.{1,100}?) and (?P<other>.{1,100}?) "
    r"(?:relate|related|connected|linked|alike|similar|interact|work together)\b"
)
_ENDS_PHRASE = re.compile(rf"(?i)\s*(?:$|[^\w\s-]|(?:{'|'.join(sorted(FUNCTION))}|\w+ed)\b)")
MISSPELT = 0.8  # similarity from which an unknown word is one of a term, misspelt
MISSPELT_CHARS = 5  # shorter words are names of their own
COMMON = 0.2  # share of the entries from which a word of their names tells none of them apart


class TopicReader:
    """Reads the topics of turns. Safe to use from several threads."""

    def __init__(self, index: Index, terms: TermTable) -> None:
        self._index = index
        self._terms = terms
        self._phrases = NounPhrases(index)
        names = {name.entry_id: name.text for name in index.names() if name.is_term}
        counts = Counter(stem for text in names.values() for stem in set(word_stems(index, text)))
        enough = max(1.0, COMMON * len(names))
        self.topics = lru_cache(REMEMBERED_TURNS)(self._read)
        self._common = frozenset(stem for stem, count in counts.items() if count > enough)

    def _read(self, turn: Turn) -> tuple[Topic, ...]:
        text = turn.standalone_question
        if not any(map(str.isalnum, text)) or is_courtesy(text):
            return ()
        question = read_question(text, len(text))
        if pair := _pair(question):
            first = pair[0] if self._terms.whole(pair[0]) else with_head(*pair)
            both = [self.topic(name, turn) for name in (first, pair[1])]
            is_own = any(topic.family for topic in both)
            return tuple(replace(t, within="") if is_own else t for t in both)
        if named := self.named(question):
            part = self._part(turn, named[0])
            return (part,) if part else tuple(named)
        front = read_fronted(without_lead(text))
        if front and len(front.phrase.split()) <= MAX_NAME_WORDS:
            return (self.topic(front.phrase, turn),)
        return (topic,) if (topic := self._unnamed(question, turn)) else ()

    def _part(self, turn: Turn, whole: Topic) -> Topic | None:
        """Return the item that a rewritten question is about: "how does Y in a codec work?"."""
        text = turn.standalone_question
        place = text.find(f" in {whole.phrase}")
        if place < 0 or text == turn.question:
            return None
        part = self._phrases.before(text, place)
        is_item = part[:1].isupper() or is_about(text)
        return Topic(part, whole.phrase, whole.entry_ids) if part and is_item else None

    def named(self, question: Question) -> list[Topic]:
        """Return the entries that a question names, one topic for each family."""
        whole = self._terms.whole(question.topic)
        topics: list[Topic] = []
        for mention in [whole] if whole else self._terms.mentions(question.text):
            topic = self._mentioned(mention, question.text)
            if not any(same(topic, other) for other in topics):
                topics.append(topic)
        return topics

    def named_in(self, text: str) -> list[Topic]:
        """Return the entries that a piece of a question names."""
        if not any(map(str.isalnum, text)):
            return []
        return self.named(read_question(text, len(text)))

    def says_more(self, text: str) -> bool:
        """Tell whether a text has words beyond those that ask for a side of any thing."""
        words = (word.casefold() for word in content_words(text).split())
        telling = (w for w in words if w not in SIDES and singular(w) not in ANY_THING)
        return any(map(self._index.stems, telling))

    def topic(self, name: str, turn: Turn) -> Topic:
        """Return the topic of a name used in or after a turn."""
        name = without_article(name)
        if mentions := self._terms.mentions(name):
            return replace(self._mentioned(mentions[0], name), name=name)
        return Topic(name, self._term_of(turn), turn.entry_ids)

    def _mentioned(self, mention: Mention, text: str) -> Topic:
        """Return the topic of a mention, with the article before it and the version after it."""
        written = r"[\W_]+".join(map(re.escape, mention.written.split()))
        found = re.search(
            rf"(?i)(?:\b(?P<article>an?|the)\s+)?\b(?P<name>{written}(?:\s+{_VERSION})?)(?P<rest>.*)",
            text,
        )
        ends = found is not None and _ENDS_PHRASE.match(found["rest"])
        is_entry = names_entry(mention, self._index)
        return Topic(
            name=_spelt(found["name"] if found else mention.written, mention),
            entry_ids=mention.entry_ids,
            family=self._index.family(mention.entry_ids[0]) if is_entry else (),
            article=(found["article"] or "").lower() if found and ends else "",
        )

    def recall(self, topic: Topic, noun: str) -> float:
        """Return how much of a noun phrase the name of a topic has, by words that tell it apart."""
        wanted = {*word_stems(self._index, noun)} - self._common
        known = {*word_stems(self._index, f"{topic.name} {topic.within}")}
        return len(wanted & known) / len(wanted) if wanted else 0.0

    def _unnamed(self, question: Question, turn: Turn) -> Topic | None:
        within = self._term_of(turn) if turn.is_answered else ""
        body = self._index.entry(turn.entry_ids[0]).body if within else ""
        text = without_lead(question.text)
        defined = self._phrases.of_definition(question)
        phrase = defined or self._phrases.rarest(text, body)
        is_term = within and not defined and self.recall(Topic(within), phrase) > 0
        is_term = is_term or self._misspells(phrase, within)
        if phrase and not is_term:
            return Topic(phrase, within, turn.entry_ids)
        return Topic(within, "", turn.entry_ids) if within else None

    def _misspells(self, phrase: str, term: str) -> bool:
        """Tell whether a phrase is a term but for long words that no entry uses."""
        one, other = name_words(phrase), name_words(term)
        if len(one) != len(other) or not one:
            return False
        for word, known in zip(one, other, strict=True):
            is_used = any(map(self._index.document_frequency, self._index.stems(word)))
            is_near = OSA.normalized_similarity(word, known) >= MISSPELT
            if word != known and (is_used or not is_near or len(word) < MISSPELT_CHARS):
                return False
        return True

    def _term_of(self, turn: Turn) -> str:
        """Return the term of the entry that a turn found, if its text uses it as a word."""
        try:
            entry = self._index.entry(turn.entry_ids[0])
        except (KeyError, IndexError):  # of another snapshot; none found
            return ""
        body, words = entry.body.casefold(), entry.term.casefold().split()
        is_name = len(words) <= MAX_NAME_WORDS and any(word in body for word in words)
        return entry.term if is_name else ""


def _spelt(written: str, mention: Mention) -> str:
    """Return a name as the question writes it, or as the glossary does when the number differs."""
    own, words = mention.name, len(mention.name.split())
    name, version = written.split()[:words], written.split()[words:]
    is_other_number = len(name) == words and len(" ".join(name)) != len(own)
    return " ".join([own, *version]) if is_other_number else written


def _pair(question: Question) -> tuple[str, str] | None:
    """Return the two things that a question sets against each other, or None."""
    if chosen := _CHOICE.match(question.text) or _RELATED.match(without_lead(question.text)):
        return chosen["one"], chosen["other"]
    return operands(question.topic) if question.kind is Kind.COMPARISON else None
