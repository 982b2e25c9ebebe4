"""Does a word of a sentence stand where its quote has another one?

"The desk lamp is patented" has a word for each place of "The floor lamp is patented". A word that
only a name or another quote lends may be added, but not put in the place of what is said there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.support.fit import credit
from rag.support.function_words import FREE
from rag.support.reading import UnitReading
from rag.support.statement import CONJUNCTIONS, Token
from rag.support.words import Lexicon

_REACH = 5
_TELLING = 5  # letters of a small word that tells where one is in a sentence
# Words by which a text takes up what it has named before.
TAKING_UP = frozenset(
    "method technique approach process procedure idea concept design device model network system "
    "term algorithm architecture structure technology figure result author work paper".split()
)


def replaced_words(claim: Sequence[Token], unit: UnitReading, lexicon: Lexicon) -> Iterator[str]:
    """Yield the words of a claim, none of the unit, that stand where it has another one."""
    quote = unit.statement.tokens
    keys = unit.statement.keys
    places = [_places(token, quote, keys, lexicon) for token in claim]
    matched = {place for found in places for place in found}
    for at, token in enumerate(claim):
        if places[at] or not token.stem or credit(claim, at, unit.statement, lexicon):
            continue
        if lexicon.opposite_in(token.key, unit.statement.keys):
            continue  # compared as a denial
        same = unit.names if token.key in unit.names else frozenset()
        left, right = _anchor(places, claim, at, -1), _anchor(places, claim, at, 1)
        if left is None and right is None:
            continue
        slots = list(_slots(quote, left, right))
        if slots and all(_has_other(quote, one, matched, same) for one in slots):
            yield token.text


def _places(
    token: Token, quote: Sequence[Token], keys: frozenset[str], lexicon: Lexicon
) -> tuple[int, ...]:
    is_small = not token.stem and not token.number
    if not token.text or (is_small and len(token.text) < _TELLING):
        return ()
    exact = tuple(place for place, other in enumerate(quote) if other.key == token.key)
    if exact or is_small or not lexicon.credit(token, keys):
        return exact
    return tuple(
        place
        for place, other in enumerate(quote)
        if other.text and lexicon.credit(token, frozenset((other.key,)))
    )


def _anchor(
    places: Sequence[tuple[int, ...]], claim: Sequence[Token], at: int, step: int
) -> tuple[int, ...] | None:
    """Return where the quote has the next word of the clause that it has at all."""
    at += step
    while 0 <= at < len(claim) and not _ends(claim[at]):
        if places[at]:
            return places[at]
        at += step
    return None


def _slots(
    quote: Sequence[Token], left: tuple[int, ...] | None, right: tuple[int, ...] | None
) -> Iterator[tuple[int, int]]:
    """Yield the spans of a quote between two words, or between one and the end of its clause."""
    if left is not None and right is not None:
        for one in left:
            for other in right:
                if one < other <= one + _REACH and not any(map(_ends, quote[one + 1 : other])):
                    yield one + 1, other
    elif right is not None:
        for other in right:
            start = other
            while start > max(0, other - _REACH) and not _ends(quote[start - 1]):
                start -= 1
            yield start, other
    elif left is not None:
        for one in left:
            end = one + 1
            while end < min(len(quote), one + 1 + _REACH) and not _ends(quote[end]):
                end += 1
            yield one + 1, end


def _has_other(
    quote: Sequence[Token], slot: tuple[int, int], matched: set[int], same: frozenset[str]
) -> bool:
    """Tell whether a slot has words that the claim has nowhere and that name something else."""
    words = [quote[place] for place in range(*slot) if place not in matched]
    is_name = any(word.key in same for word in words)
    return any(
        (word.stem or (is_name and word.text and word.folded not in FREE))
        and word.key not in same
        and word.folded not in TAKING_UP
        for word in words
    )


def _ends(token: Token) -> bool:
    return token.is_break or token.folded in CONJUNCTIONS
