"""What an answer speaks of so far, so that "it" and a bare "the bandwidth" mean the right thing.

A sentence that does not name its entry speaks of the one that was spoken of last, and at the
beginning of the one that the question names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.support.claims import asserted, bare
from rag.writing.known_words import KnownWords, Quoted

_REFERRING = re.compile(
    r"(?i)(?:[*_`]*)(?:it|its|they|their|them|he|his|she|her|this|these|that|those|such|both|"
    r"the (?:former|latter))\b"
)
HEADING, LEAD_IN, ITEM = range(3)


class Topic:
    """Follows the subjects of one answer: its labels, its last sentence, its question."""

    def __init__(self, known_words: KnownWords) -> None:
        self._known_words = known_words
        self._asked = known_words.entries_named(known_words.question)
        self._asks_for_several = known_words.count_names(known_words.question) > 1
        self._spoken: frozenset[str] = frozenset()
        self._latest: frozenset[str] = frozenset()
        self._said = ""
        self._labels: list[tuple[int, str]] = []
        self._kept: list[tuple[int, str]] = []

    def label(self, level: int, text: str, *, is_kept: bool) -> None:
        """Take a heading, a lead-in, or an item that stands above others.

        One that is not kept can make what stands under it false, but names nothing to the reader.
        """
        self.leave(level)
        self._labels.append((level, text))
        if is_kept:
            self._kept.append((level, text))

    def leave(self, level: int) -> None:
        """Forget the labels of this level and below it."""
        self._labels = [one for one in self._labels if one[0] < level]
        self._kept = [one for one in self._kept if one[0] < level]

    @property
    def above(self) -> tuple[str, ...]:
        """The texts that tell what a sentence without a subject speaks of, nearest first."""
        labels = [text for _, text in reversed(self._labels)]
        return (*labels, self._said, self._known_words.question)

    def fits(self, text: str, quoted: Iterable[Quoted]) -> bool:
        """Tell whether a text speaks of the entries that it is quoted from."""
        labels = " . ".join(text for _, text in self._kept)
        spoken = "" if refers(text) else text
        named = self._known_words.entries_named(f"{labels} . {spoken}")
        families = [self._known_words.family(source.entry.entry_id) for source, _, _ in quoted]
        if all(family & named for family in families):
            return True
        known = self._spoken | self._asked
        if refers(text):
            if not self._latest and self._asks_for_several:
                return False
            known = self._latest or self._asked
        return not known or all(family & (named | known) for family in families)

    def spoke(self, text: str, quoted: Sequence[Quoted]) -> None:
        """Take note of a text that was released."""
        entries = {source.entry.entry_id for source, _, _ in quoted}
        if entries:
            self._latest = frozenset().union(*map(self._known_words.family, entries))
            self._spoken |= self._latest
        self._said = f"{self._said} {text}" if refers(text) else text


def refers(text: str) -> bool:
    """Tell whether a text begins with a word that stands for what was named before."""
    return _REFERRING.match(asserted(bare(text))) is not None
