"""Find names of several words that a text misspells: "nueral hawks proces"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import accumulate

from rapidfuzz.distance import OSA

from rag.terms.spelling import MIN_CHARS, Spellings, allowed_edits

OPENING_CHARS = 4  # by which the beginning of a name is looked up
CACHED_WINDOWS = 4096
LONG_NAME_CHARS = 16  # of a name that may be two edits away
Words = tuple[str, ...]
Span = tuple[int, int]  # first word and the word after the last


class NearNames:
    """The names of a snapshot as windows of words nearly spell them.

    A window is near a name when as many words stand in it and each that differs looks like a slip
    in the word of the name, or when it only sets the spaces elsewhere ("auto scaling"). Words
    that the corpus writes itself are right: "data center" stays beside the name "datacenter".
    """

    def __init__(self, names: Iterable[Words], is_word: Callable[[str], bool]) -> None:
        """Take the names, and what tells of a word that the corpus writes it so itself."""
        self._is_word = is_word
        self._name_at = lru_cache(CACHED_WINDOWS)(self._at)  # a question and its topic share most
        self._names = frozenset(names)
        self._squeezed: dict[str, Words] = {}
        self._joined: dict[str, Words] = {}
        for name in sorted(self._names):
            self._squeezed.setdefault("".join(name), name)
            if len(name) > 1:
                self._joined[" ".join(name)] = name
        self._spellings = Spellings(self._joined)
        self._lengths = {len(name) for name in self._joined.values()}
        self._longest = max(map(len, self._names), default=0) + 1  # one more: "auto scaling"
        self._openings = {squeezed[:OPENING_CHARS] for squeezed in self._squeezed}
        self._anchors = frozenset(word for name in self._joined.values() for word in name)

    def whole(self, words: Words) -> Words | None:
        """Return the name that these words as a whole misspell; a short word may lack a letter."""
        return self._near(words, is_whole=True)

    def windows(self, words: Words, exact: Iterable[Span]) -> Iterator[tuple[Span, Words]]:
        """Yield the misspelt names and where they stand, from the left, the longest first.

        `exact` are the places of names that are spelt right; what overlaps them must be longer.
        """
        length_at: defaultdict[int, int] = defaultdict(int)
        for first, end in exact:
            length_at.update(dict.fromkeys(range(first, end), end - first))
        anchors = [0, *accumulate(word in self._anchors for word in words)]
        start = 0
        while start < len(words):
            may_open = "".join(words[start : start + OPENING_CHARS])[:OPENING_CHARS]
            for length in range(min(self._longest, len(words) - start), 0, -1):
                span = start, start + length
                # Most windows are no name in any spelling: told without looking at their letters.
                is_near = length in self._lengths and 0 < anchors[span[1]] - anchors[start] < length
                if not is_near and may_open not in self._openings:
                    continue
                if max(length_at[place] for place in range(*span)) >= length:
                    continue
                if name := self._name_at(words[start : start + length]):
                    yield span, name
                    start += length - 1
                    break
            start += 1

    def _at(self, window: Words) -> Words | None:
        squeezed = "".join(window)
        if window in self._names:
            return None
        if len(squeezed) >= 2 * MIN_CHARS and squeezed in self._squeezed:
            return None if all(map(self._is_word, window)) else self._squeezed[squeezed]
        anchors = sum(word in self._anchors for word in window)
        if len(window) not in self._lengths or not 0 < anchors < len(window):
            return None
        return self._near(window, is_whole=False)

    def _near(self, window: Words, *, is_whole: bool) -> Words | None:
        joined = " ".join(window)
        if len(joined) < 2 * MIN_CHARS:
            return None
        edits = 1 if len(joined) < LONG_NAME_CHARS else 2
        for spelling, _ in self._spellings.near(joined, edits):
            name = self._joined[spelling]
            if self._is_slip(window, name, is_whole=is_whole):
                return name
        return None

    def _is_slip(self, window: Words, name: Words, *, is_whole: bool) -> bool:
        if len(window) != len(name):
            return is_whole
        return all(
            self._may_mean(word, meant, is_whole=is_whole)
            for word, meant in zip(window, name, strict=True)
            if word != meant
        )

    def _may_mean(self, word: str, meant: str, *, is_whole: bool) -> bool:
        if self._is_word(word):
            return False
        if min(len(word), len(meant)) < MIN_CHARS:
            return is_whole and _has_slipped(word, meant)
        return (
            word.isalpha()
            and (meant[0] in word[:2] or word == meant[1:])
            and OSA.distance(word, meant) <= allowed_edits(meant)
        )


def _has_slipped(word: str, meant: str) -> bool:
    """Tell whether a short word is another with two letters swapped or one left out."""
    return OSA.distance(word, meant) == 1 and (
        sorted(word) == sorted(meant) or len(word) < len(meant)
    )
