"""Guess what a question is about when it names no entry: its telling noun phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexes.index import Index
from rag.follow_up.fronted import has_clause
from rag.follow_up.rewriting import without_article
from rag.question.question import Kind, Question, content_words

MAX_WORDS = 5
_WORD = re.compile(r"[^\W_]+(?:['’.:/-][^\W_]+)*")
# Verbs and adverbs of every field, which part noun phrases as prepositions do.
_PARTING = frozenset(
    "need needs needed want wants like likes help helps train trains trained compute computes "
    "computed write writes know think look looks find finds reach reaches take takes go goes come "
    "comes give gives given keep keeps see deal deals handle handles solve solves measure measures "
    "improve improves reduce reduces increase increases perform performs belong belongs flow flows "
    "allow allows require requires required apply applies applied achieve achieves start run runs "
    "people someone anyone often usually still yet well too much many more most less least better "
    "best good bad main typical normal default without within during whether because while good "
    "first second last new old high low big small large fast slow thanks "
    "thank okay please hello hi wow oh yes no also".split()
)


class NounPhrases:
    """Finds noun phrases by the words between them. Safe to use from several threads."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def of_definition(self, question: Question) -> str:
        """Return what a question wants defined ("what is a codec"), or "" when it wants more."""
        if question.kind is not Kind.DEFINITION:
            return ""
        topic = without_article(question.topic)
        is_short = len(topic.split()) <= MAX_WORDS and not has_clause(topic)
        return topic if is_short and next(self._phrases(topic), "") else ""

    def rarest(self, text: str, body: str = "") -> str:
        """Return the phrase with the rarest word; "" when there is none.

        With the `body` of an entry, only one that the body uses or that is written like a name.
        """
        best, best_rank = "", 0.0
        for phrase in self._phrases(text):
            is_sentence_start = text.startswith(phrase)
            if body and not _is_name_like(phrase, is_sentence_start) and not _uses(body, phrase):
                continue
            rank = self._rarity(phrase)
            if rank >= best_rank:
                best, best_rank = phrase, rank
        return best

    def _rarity(self, phrase: str) -> float:
        """Return 1 over the passages with the rarest word; 0 when none has any (a misspelling)."""
        counts = map(self._index.document_frequency, self._index.stems(phrase))
        return max((1 / count for count in counts if count), default=0.0)

    def before(self, text: str, end: int) -> str:
        """Return the noun phrase that ends at a place of a text, or ""."""
        *_, last = ["", *self._phrases(text[:end])]
        return last if text[:end].endswith(last) else ""

    def _phrases(self, text: str) -> Iterator[str]:
        start = end = -1
        count = 0
        for match in _WORD.finditer(text):
            parts = end >= 0 and not text[end : match.start()].isspace()
            if end >= 0 and (parts or count == MAX_WORDS or not self._is_noun(match.group())):
                yield text[start:end]
                end, count = -1, 0
            if self._is_noun(match.group()):
                start = match.start() if end < 0 else start
                end, count = match.end(), count + 1
        if end >= 0:
            yield text[start:end]

    def _is_noun(self, word: str) -> bool:
        if word.casefold() in _PARTING and not word.isupper():
            return False
        return bool(content_words(word)) and bool(self._index.stems(word))


def _is_name_like(phrase: str, starts_sentence: bool) -> bool:
    """Tell whether a phrase has a capital (not only its first), or a digit beside letters."""
    has_digit = any(map(str.isdigit, phrase)) and any(map(str.isalpha, phrase))
    return has_digit or any(map(str.isupper, phrase[starts_sentence:]))


def _uses(body: str, phrase: str) -> bool:
    """Tell whether a text has all words of a phrase of two or more, none of them an adverb."""
    words = phrase.casefold().split()
    text = body.casefold()
    return len(words) > 1 and all(word in text and not word.endswith("ly") for word in words)
