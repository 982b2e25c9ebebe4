"""The exact channel: which terms and aliases does a question name?

Names are compared word by word after case folding and after making plurals singular, so "Neural
ODEs", "neural-ode" and "neural ode" are one name. What the glossary does not know is
corrected first, to the nearest of its words and names (`TermTable.correct`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexes.index import Index, Name
from rag.terms.near_names import NearNames, Span
from rag.terms.slips import Doubt, bases
from rag.terms.spelling import MIN_CHARS, Vocabulary, WordCorrector

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BOLD_SUBJECT = re.compile(r"\*\*([^*\n]{1,120})\*\*")
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


def count_words(texts: Iterable[str]) -> dict[str, int]:
    """Return how often each word of four letters or more occurs, folded and singular."""
    written: Counter[str] = Counter()
    for text in texts:
        written.update(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
    counts: Counter[str] = Counter()
    for word, count in written.items():
        one = singular(word)
        if len(one) >= MIN_CHARS and one.isalpha():
            counts[one] += count
    return dict(counts)


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


def is_written(index: Index, word: str) -> bool:
    """Tell whether a passage has a word in some form; a stop word counts as written."""
    stems = index.stems(word)
    return not stems or any(map(index.document_frequency, stems))


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

    def __init__(
        self,
        names: Iterable[Name],
        vocabulary: Vocabulary = dict,
        is_common: Callable[[str], bool] = lambda _word: False,
    ) -> None:
        """Take the names, the words of the corpus, and what tells of a word that it is English."""
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
        self._is_common = is_common
        self._corrector = WordCorrector(self._known, vocabulary)
        self._near_names = NearNames(self._spelling, self._is_of_corpus)

    def whole(self, text: str) -> Mention | None:
        """Return the mention when the text is nothing but a name, or one misspelt a little."""
        words = name_words(text)
        if words not in self._spelling:
            words = self._near_names.whole(words) or ()
        return self._mention(words, text) if words else None

    def mentions(self, text: str) -> list[Mention]:
        """Return the names in a text, longest first match from the left, none overlapping."""
        written = _WORD.findall(unicodedata.normalize("NFKC", text))
        # Folding may split a word: a dotted capital I becomes an i and a mark of its own.
        owners = [place for place, word in enumerate(written) for _ in name_words(word)]
        words = tuple(folded for word in written for folded in name_words(word))
        return [
            self._mention(words[first:end], " ".join(written[owners[first] : owners[end - 1] + 1]))
            for first, end in self._places(words)
        ]

    def correct(self, text: str, is_known: Callable[[str], bool]) -> str:
        """Return the text with unknown words and misspelt names put right.

        A word is put right when it has four letters or more, is no common English word, neither
        the names nor `is_known` know it, and a word of the names or of the corpus is near (see
        `WordCorrector`); then the names of several words that are nearly spelt (`NearNames`).
        """
        shouted = text.isupper()

        def replace(match: re.Match[str]) -> str:
            return self._nearest(match.group(), is_known, shouted=shouted) or match.group()

        return self._with_near_names(_WORD.sub(replace, text))

    def nearest_names(self, text: str, k: int) -> list[str]:
        """Return up to `k` names spelt most like the text, for "did you mean"."""
        words = " ".join(name_words(text))
        choices = {" ".join(known): spelt for known, spelt in self._spelling.items()}
        found = process.extract(
            words, list(choices), scorer=OSA.normalized_similarity, limit=k, score_cutoff=0.5
        )
        return [choices[choice] for choice, _, _ in found]

    def _places(self, words: Words) -> Iterator[Span]:
        """Yield where names stand, longest first match from the left, none overlapping."""
        start = 0
        while start < len(words):
            for length in range(min(self._longest, len(words) - start), 0, -1):
                if words[start : start + length] in self._spelling:
                    yield start, start + length
                    start += length - 1
                    break
            start += 1

    def _with_near_names(self, text: str) -> str:
        matches = list(_WORD.finditer(text))
        words = tuple(word for match in matches for word in name_words(match.group())[:1])
        if len(words) != len(matches):  # one of them folds to nothing or to two
            return text
        found = list(self._near_names.windows(words, self._places(words)))
        for (first, end), name in reversed(found):
            start, stop = matches[first].start(), matches[end - 1].end()
            text = text[:start] + self._spelling[name] + text[stop:]
        return text

    def _is_of_corpus(self, word: str) -> bool:
        return word in self._known or word in self._corrector.vocabulary

    def _mention(self, words: Words, written: str) -> Mention:
        terms = self._terms.get(words, [])
        aliases = [e for e in self._aliases.get(words, []) if e not in terms]
        return Mention(self._spelling[words], written, tuple(terms), tuple(aliases))

    def _nearest(
        self, written: str, is_known: Callable[[str], bool], *, shouted: bool
    ) -> str | None:
        folded = written.casefold()
        word = singular(folded)
        if (
            len(word) < MIN_CHARS
            or not word.isalpha()
            or word in self._known
            or is_known(written)
            or self._is_common(folded)
        ):
            return None
        doubt = Doubt.NONE
        if any(map(self._is_common, bases(folded))):
            doubt = Doubt.DERIVED
        if not shouted and written[1:].lower() != written[1:]:
            doubt = Doubt.CAPITAL
        return self._corrector.nearest(folded, word, doubt)
