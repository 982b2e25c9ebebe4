"""Which words may stand for which, and how much it tells that a word is missing."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache

from indexes.index import Index
from rag.support.function_words import BACKED, DENYING, FREE, LIGHT
from rag.support.statement import StatementReader, Token
from rag.support.vocabulary import ABSOLUTES, DIRECTIONS, OPPOSITES, SYNONYMS
from rag.terms.terms import singular

_FORM, _SYNONYM = 0.95, 0.8  # credit for another form of a word, and for another word
_SHORTEST_PREFIX = 5
_SHARED_PREFIX = 0.65
_UNSEEN = 0.75  # weight of an English word that the whole glossary does not have
_CONTRACTED = re.compile(r"'(?:re|ve|ll|d|m|s)$")
_MODALS = frozenset("must should shall will may might cannot not never no".split())
_NEGATIVE_PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis")


class Lexicon:
    """The words of one index. Safe to use from several threads."""

    def __init__(
        self, index: Index, reader: StatementReader, is_common: Callable[[str], bool]
    ) -> None:
        self._index = index
        self._reader = reader
        self._is_common = is_common
        self._highest = math.log(1 + (index.passage_count + 0.5) / 0.5)
        self.synonyms = _linked(self._groups(SYNONYMS))
        self.opposites = self._pairs()
        self.directions = frozenset(self._key(word) for word in DIRECTIONS.split())
        self.absolutes = _backing(ABSOLUTES)
        self._backing = _backing(BACKED)
        self.weight = lru_cache(65536)(self._weight)
        self._grouped = lru_cache(8192)(_by_beginning)

    def credit(self, token: Token, keys: frozenset[str]) -> float:
        """Return how well one of the keys stands for a word, in [0, 1]."""
        if token.key in keys:
            return 1.0
        if not token.stem or token.is_name:
            return 0.0
        grouped = self._grouped(keys)
        alike = (*grouped.get(token.key[:3], ()), *grouped.get(token.key[2:5], ()))
        if any(_is_form(token.key, key) for key in alike):
            return _FORM
        return _SYNONYM if self.synonyms.get(token.key, frozenset()) & keys else 0.0

    def is_given(self, token: Token, keys: frozenset[str]) -> bool:
        """Tell whether one of the keys is the word itself or a form of it."""
        return self.credit(token, keys) >= _FORM

    def is_backed(self, token: Token, folded: frozenset[str]) -> bool:
        """Tell whether a word is free to add to a quote, or the quote has one that says it."""
        written = _CONTRACTED.sub("", token.text.casefold().replace("’", "'"))
        if written.endswith("n't"):
            return True  # a denial is compared as such
        if written == "can" and _MODALS.isdisjoint(folded):
            return True
        if token.folded in DENYING:
            return True
        if token.folded in FREE or not written or written in FREE or token.folded in folded:
            return True
        if written in LIGHT:
            return True
        backing = self._backing.get(written) or self._backing.get(token.folded, frozenset())
        return not backing.isdisjoint(folded)

    def opposite_in(self, key: str, keys: frozenset[str]) -> bool:
        """Tell whether keys have the opposite of a word."""
        return key in self.opposites and not self.opposites[key][1].isdisjoint(keys)

    def backs(self, known: Token, token: Token) -> bool:
        """Tell whether a word of a quote backs a small word of a sentence."""
        written = token.text.casefold()
        return known.folded == token.folded or known.folded in self._backing.get(written, ())

    def _weight(self, token: Token) -> float:
        having = self._index.document_frequency(token.key)
        if not having and not token.is_name and self._is_common(token.folded):
            return _UNSEEN
        total = self._index.passage_count
        return math.log(1 + (total - having + 0.5) / (having + 0.5)) / self._highest

    def _groups(self, lines: Iterable[str]) -> list[frozenset[str]]:
        return [frozenset(self._key(word) for word in line.split()) for line in lines]

    def _pairs(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """Return, for a key, the words of its own pole and of the other."""
        same: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
        other: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
        for line in OPPOSITES:
            left, right = self._groups(line.split("|"))
            for pole, opposite in ((left, right), (right, left)):
                for key in pole:
                    same[key] |= pole
                    other[key] |= opposite
        return {key: (same[key], other[key] - same[key]) for key in same}

    def _key(self, word: str) -> str:
        folded = singular(word.casefold())
        return self._reader.stem(folded) or folded


def negative_forms(key: str) -> frozenset[str]:
    """Return how a word looks when it is negated within itself: "supervis", "unsupervis"."""
    forms = {prefix + key for prefix in _NEGATIVE_PREFIXES}
    forms |= {key.removeprefix(p) for p in _NEGATIVE_PREFIXES if key.startswith(p)}
    return frozenset(forms | {key + "less", key + "free"}) - {key}


def _is_form(one: str, other: str) -> bool:
    """Tell whether two stems look like forms of one word: "convert" and "convers"."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 4 or not longer.isalpha():
        return False
    if len(shorter) >= 4 and longer.startswith(shorter) and len(longer) - len(shorter) <= 3:
        return True
    if one.removeprefix("re") == other or other.removeprefix("re") == one:
        return True
    shared = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return shared >= _SHORTEST_PREFIX and shared >= _SHARED_PREFIX * len(longer)


def _backing(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return, for the words before the "|" of each line, the words that back them."""
    backed: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for line in lines:
        words = line.replace("|", " ").split()
        backing = frozenset((*words, *map(singular, words)))
        for word in line.partition("|")[0].split():
            for form in {word, singular(word)}:
                backed[form] |= backing
    return dict(backed)


def _by_beginning(keys: frozenset[str]) -> dict[str, list[str]]:
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    for key in keys:
        grouped[key[:3]].append(key)
    return grouped


def _linked(groups: Iterable[frozenset[str]]) -> dict[str, frozenset[str]]:
    linked: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for group in groups:
        for key in group:
            linked[key] |= group
    return dict(linked)
