"""The exact channel: which terms and aliases does a question name?

Names are compared word by word after case folding and after making plurals singular, so "Neural
ODEs", "neural-ode" and "neural ode" are one name. Words that the glossary does not know are
corrected to the nearest word of its names first (`TermTable.correct`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexes.index import Index, Name

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BOLD_SUBJECT = re.compile(r"\*\*([^*\n]{1,120})\*\*")
_MIN_CORRECTABLE_CHARS = 4
_MAX_SHORT_CHARS = 6
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a question, as the question writes it, and the entries that bear it."""

    name: str
    written: str
    terms_of: tuple[str, ...]
    aliases_of: tuple[str, ...]

    @property
    def entry_ids(self) -> tuple[str, ...]:
        """Return the entries bearing the name, those with it as their term first."""
        return self.terms_of + self.aliases_of


def name_words(text: str) -> Words:
    """Return the comparable words of a name or question: folded, singular, in order."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return tuple(singular(word) for word in _WORD.findall(folded))


def is_synonym(alias: str, term: str) -> bool:
    """Tell whether an alias is the term in other words: short for it, or more or less of it.

    Other aliases are topics that the entry treats ("lottery ticket hypothesis" under pruning).
    """
    one, other = name_words(alias), name_words(term)
    if set(one) <= set(other) or set(other) <= set(one):
        return True
    own = [word for word in one if word not in other]
    others = [word for word in other if word not in one]
    return _abbreviates(own, others) or _abbreviates(others, own)


def _abbreviates(short: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether one short word begins like others and takes its letters from them in order."""
    if len(short) != 1 or len(short[0]) > _MAX_SHORT_CHARS:
        return False
    letters = iter("".join(words))
    return short[0][0] == words[0][0] and all(letter in letters for letter in short[0])


def word_stems(index: Index, text: str) -> list[str]:
    """Return the stems of a text after plurals became singular, so that "NCPs" is "NCP"."""
    return index.stems(" ".join(name_words(text)))


def speaks_of(text: str, name: str) -> bool:
    """Tell whether a name occurs in a text, word by word."""
    words, wanted = name_words(text), name_words(name)
    starts = range(len(words) - len(wanted) + 1)
    return any(words[start : start + len(wanted)] == wanted for start in starts)


def defines(sentence: str, name: str) -> bool:
    """Tell whether a sentence begins with a name in bold, and nothing else in bold with it."""
    subject = _BOLD_SUBJECT.match(sentence)
    return subject is not None and name_words(subject[1]) == name_words(name)


def singular(word: str) -> str:
    """Return an English plural without its ending; other words unchanged."""
    word = word.removesuffix("'s").removesuffix("’s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is", "as", "os")):
        return word[:-1]
    return word


class TermTable:
    """Every name of a snapshot, ready to be found in questions."""

    def __init__(self, names: Iterable[Name]) -> None:
        terms: defaultdict[Words, list[str]] = defaultdict(list)
        aliases: defaultdict[Words, list[str]] = defaultdict(list)
        self._spelling: dict[Words, str] = {}
        for name in names:
            words = name_words(name.text)
            if words:
                (terms if name.is_term else aliases)[words].append(name.entry_id)
                self._spelling.setdefault(words, name.text)
        self._terms, self._aliases = dict(terms), dict(aliases)
        self._longest = max(map(len, self._spelling), default=0)
        self._known = frozenset(word for words in self._spelling for word in words)
        self._words_like = _SpellingIndex(self._known)
        self._names_like = _SpellingIndex(
            " ".join(words) for words in self._spelling if len(words) > 1
        )

    def whole(self, text: str) -> Mention | None:
        """Return the mention when the text is nothing but a name, or one misspelt a little."""
        words = name_words(text)
        if words not in self._spelling:
            words = self._misspelt(" ".join(words)) or ()
        return self._mention(words, text) if words else None

    def mentions(self, text: str) -> list[Mention]:
        """Return the names in a text, longest first match from the left, none overlapping."""
        written = _WORD.findall(unicodedata.normalize("NFKC", text))
        words = name_words(text)
        found: list[Mention] = []
        start = 0
        while start < len(words):
            for length in range(min(self._longest, len(words) - start), 0, -1):
                candidate = words[start : start + length]
                if candidate in self._spelling:
                    as_written = " ".join(written[start : start + length])
                    found.append(self._mention(candidate, as_written))
                    start += length - 1
                    break
            start += 1
        return found

    def correct(self, text: str, is_known: Callable[[str], bool]) -> str:
        """Return the text with unknown words replaced by the nearest word of the names.

        A word is replaced when it has four letters or more, neither the names nor `is_known`
        know it, and a word of the names is one edit away (two from eight letters on; swapped
        neighbours count as one edit).
        """

        def replace(match: re.Match[str]) -> str:
            return self._nearest(match.group(), is_known) or match.group()

        return _WORD.sub(replace, text)

    def nearest_names(self, text: str, k: int) -> list[str]:
        """Return up to `k` names spelt most like the text, for "did you mean"."""
        words = " ".join(name_words(text))
        choices = {" ".join(known): spelt for known, spelt in self._spelling.items()}
        found = process.extract(
            words, list(choices), scorer=OSA.normalized_similarity, limit=k, score_cutoff=0.5
        )
        return [choices[choice] for choice, _, _ in found]

    def _misspelt(self, joined: str) -> Words | None:
        """Return the name of two words or more that is one edit away (two when it is long)."""
        if len(joined) < 2 * _MIN_CORRECTABLE_CHARS:
            return None
        edits = 1 if len(joined) < 4 * _MIN_CORRECTABLE_CHARS else 2
        nearest = self._names_like.nearest(joined, edits)
        return tuple(nearest.split()) if nearest else None

    def _mention(self, words: Words, written: str) -> Mention:
        terms = self._terms.get(words, [])
        aliases = [e for e in self._aliases.get(words, []) if e not in terms]
        return Mention(self._spelling[words], written, tuple(terms), tuple(aliases))

    def _nearest(self, written: str, is_known: Callable[[str], bool]) -> str | None:
        word = singular(written.casefold())
        if (
            len(word) < _MIN_CORRECTABLE_CHARS
            or not word.isalpha()
            or word in self._known
            or is_known(written)
        ):
            return None
        return self._words_like.nearest(word, edits=1 if len(word) < 8 else 2)


class _SpellingIndex:
    """Finds the nearest spelling without comparing with all of them.

    Spellings are filed by first letter and length: different first letters are rarely a slip of the
    finger ("gore" is not "core"), and an edit changes the length by one at most.
    """

    def __init__(self, spellings: Iterable[str]) -> None:
        self._filed: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for spelling in sorted(spellings):
            self._filed[spelling[0], len(spelling)].append(spelling)

    def nearest(self, written: str, edits: int) -> str | None:
        """Return the first of the nearest spellings within a number of edits, or None."""
        shortest = max(_MIN_CORRECTABLE_CHARS - 1, len(written) - edits)
        near = [
            spelling
            for length in range(shortest, len(written) + edits + 1)
            for spelling in self._filed.get((written[0], length), ())
        ]
        found = process.extractOne(written, near, scorer=OSA.distance, score_cutoff=edits)
        return str(found[0]) if found else None
