"""Put words right that nobody knows: to the nearest word of the names, then of the vocabulary."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rag.terms.slips import Doubt, has_swap, is_slip

MIN_CHARS = 4  # of a word that is corrected
LONG_CHARS = 8  # of a word that may be two edits away
CERTAIN_CHARS = 6  # of a word that one edit of any kind leaves recognisable

Vocabulary = Callable[[], Mapping[str, int]]
"""Gives the words of a corpus, singular and folded, and how often each occurs."""


class Spellings:
    """Finds the spellings near another without comparing with all of them.

    They are looked up by first letter and length: different first letters are rarely a slip of the
    finger ("gore" is not "core") unless the first two changed places, and an edit changes the
    length by one at most. A letter is filed when it is first asked for.
    """

    def __init__(self, spellings: Iterable[str]) -> None:
        self._sorted = sorted(spellings)
        self._filed: dict[str, dict[int, list[str]]] = {}

    def near(self, written: str, edits: int) -> list[tuple[str, int]]:
        """Return the spellings within a number of edits and their distances, nearest first.

        An edit adds, drops or changes one letter, or swaps two neighbours.
        """
        first, second = written[0], written[1:2]
        shortest = max(MIN_CHARS - 1, len(written) - edits)
        lengths = range(shortest, len(written) + edits + 1)
        alike = [spelling for length in lengths for spelling in self._of(first, length)]
        if second and second != first:
            alike += [
                spelling
                for length in lengths
                for spelling in self._of(second, length)
                if spelling[1] == first
            ]
        found = process.extract(written, alike, scorer=OSA.distance, score_cutoff=edits, limit=None)
        return [(spelling, int(distance)) for spelling, distance, _ in found]

    def _of(self, letter: str, length: int) -> list[str]:
        if letter not in self._filed:
            self._filed[letter] = self._file(letter)
        return self._filed[letter].get(length, [])

    def _file(self, letter: str) -> dict[int, list[str]]:
        filed: defaultdict[int, list[str]] = defaultdict(list)
        start, end = (bisect_left(self._sorted, edge) for edge in (letter, chr(ord(letter) + 1)))
        for spelling in self._sorted[start:end]:
            filed[len(spelling)].append(spelling)
        return dict(filed)


class WordCorrector:
    """Knows the words of the names and, once a word is none of them, those of the vocabulary.

    A right word that the corpus happens to lack must stay: near words are taken only when the
    difference looks like a slip (`rag.terms.slips`). The names are few and asked for, so one edit
    in a word that is not short may be any edit there.
    """

    def __init__(self, of_names: Iterable[str], vocabulary: Vocabulary) -> None:
        self._of_names = Spellings(of_names)
        self._read = vocabulary

    @cached_property
    def vocabulary(self) -> Mapping[str, int]:
        """The words of the corpus and how often each occurs."""
        return self._read()

    @cached_property
    def _of_corpus(self) -> Spellings:
        return Spellings(self.vocabulary)

    def nearest(self, word: str, singular: str, doubt: Doubt = Doubt.NONE) -> str | None:
        """Return the word that was meant, in the number of `word`; None when none is near.

        It is one edit away (two from eight letters on). Of several as near, a word of the names
        comes before others, swapped letters before other slips, a frequent word before a rare one.
        """
        if singular in self.vocabulary:
            return None
        ranked = [
            (distance, place, not has_swap(form, spelling), form is not word, -count, spelling)
            for form in dict.fromkeys((word, singular))
            if len(form) >= MIN_CHARS
            for place, spelling, distance in self._meant(form, doubt)
            for count in (self.vocabulary.get(spelling, 0),)
        ]
        if not ranked:
            return None
        *_, was_plural, _, found = min(ranked)
        return _plural(found) if was_plural else found

    def _meant(self, form: str, doubt: Doubt) -> Iterator[tuple[int, str, int]]:
        """Yield 0 for a word of the names (1 for others), the word and how many edits away."""
        edits = 1 if doubt is not Doubt.NONE else allowed_edits(form)
        for spelling, distance in self._of_names.near(form, edits):
            may_be_any = distance == 1 and len(form) >= CERTAIN_CHARS and doubt is not Doubt.CAPITAL
            if may_be_any or is_slip(form, spelling, doubt):
                yield 0, spelling, distance
        if doubt is Doubt.NONE:
            for spelling, distance in self._of_corpus.near(form, edits):
                if is_slip(form, spelling, is_of_name=False):
                    yield 1, spelling, distance


def allowed_edits(word: str) -> int:
    """Return how many edits away the word that was meant may be."""
    return 1 if len(word) < LONG_CHARS else 2


def _plural(word: str) -> str:
    if word.endswith(("x", "z", "ch", "sh", "ss")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return word if word.endswith("s") else f"{word}s"
