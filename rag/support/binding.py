"""Does a statement join the words of a quote as the quote does, or trade some of them?

"A takes 14 GB and B 7 GB" has every word of "A takes 7 GB and B 14 GB".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations

from rag.support.numbers import Number
from rag.support.statement import CONJUNCTIONS, Token
from rag.support.words import Lexicon

_REACH, _CLOSE = 6, 3
_MARGIN = 1.35
_CROSSED_MARGIN = 1.02
_LITTLE = 0.03
_BREAK_LENGTH = 3
Match = Callable[[Token], bool]
Around = dict[str, float]


def misplaced_numbers(
    claim: Sequence[Token], quote: Sequence[Token], lexicon: Lexicon
) -> list[str]:
    """Return the numbers of a claim that stand, in the quote, beside other words than in it."""
    known = {token.number.value for token in quote if token.number}
    said = [
        (place, token.number)
        for place, token in enumerate(claim)
        if token.number and token.number.value in known
    ]
    if len(known) < 2 or not said:
        return []
    around = {place: _in_clause(claim, place, lexicon) for place, _ in said}
    there = _Surroundings(quote, partial(_in_clause, quote, lexicon=lexicon))
    found = [
        str(number)
        for place, number in said
        if there.fit_elsewhere(around[place], _is_value(number), _is_rival(number, quote))
    ]
    for (one, first), (other, second) in combinations(said, 2):
        if first.value != second.value and _crossed(
            (around[one], first), (around[other], second), there
        ):
            found += [str(first), str(second)]
    return found


def misplaced_opposites(
    claim: Sequence[Token], quote: Sequence[Token], lexicon: Lexicon
) -> list[str]:
    """Return the words of a claim that stand where the quote has their opposite."""
    keys = {token.key for token in quote}
    there = _Surroundings(quote, partial(_close_by, quote, lexicon=lexicon))
    found = []
    for place, token in enumerate(claim):
        poles = lexicon.opposites.get(token.key) if token.text else None
        if poles is None or poles[0].isdisjoint(keys) or poles[1].isdisjoint(keys):
            continue
        same, other = _is_one_of(poles[0]), _is_one_of(poles[1])
        if there.fit_elsewhere(_close_by(claim, place, lexicon), same, other):
            found.append(token.text)
    return found


def numbers_of_others(claim: Sequence[Token], quote: Sequence[Token]) -> list[str]:
    """Return the numbers of a claim that its quote has in another clause than the claim's names.

    "A has 16 cores" is not "A has 2 cores; B has 16 cores".
    """
    names = {token.key for token in claim if token.is_name}
    said = {token.number.value for token in claim if token.number}
    clauses = list(_name_clauses(quote))
    found = []
    for token in claim:
        number = token.number
        having = [one for one in clauses if number and number.value in one[1]]
        if not number or not names or any(names & one[0] for one in having):
            continue
        is_rivalled = any(names & one[0] and one[1] and not one[1] & said for one in clauses)
        if having and is_rivalled and all(one[0] - names for one in having):
            found.append(str(number))
    return found


def _name_clauses(tokens: Sequence[Token]) -> Iterator[tuple[set[str], set[str]]]:
    """Yield the names and the values of numbers of each clause that has a name, with what follows.

    A clause without a name goes with the one before it.
    """
    names: set[str] = set()
    values: set[str] = set()
    for clause in _split(tokens):
        own = {token.key for token in clause if token.is_name}
        if own and names:
            yield names, values
            names, values = set(), set()
        names |= own
        values |= {token.number.value for token in clause if token.number}
    if names:
        yield names, values


def _split(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    clause: list[Token] = []
    for token in tokens:
        if token.is_break:
            yield clause
            clause = []
        clause.append(token)
    yield clause


class _Surroundings:
    """What stands around the words of a quote."""

    def __init__(self, quote: Sequence[Token], around: Callable[[int], Around]) -> None:
        self._quote = quote
        self._around = around

    def fit_elsewhere(self, around: Around, is_same: Match, is_other: Match) -> bool:
        """Tell whether a word's surroundings are more like those of another word of the quote."""
        return self.best(around, is_other) > _MARGIN * self.best(around, is_same) + _LITTLE

    def best(self, around: Around, wanted: Match) -> float:
        """Return how like some surroundings are to those of the wanted word most like it."""
        return max(
            (
                _likeness(around, self._around(at))
                for at, token in enumerate(self._quote)
                if wanted(token)
            ),
            default=0.0,
        )


def _crossed(
    one: tuple[Around, Number], other: tuple[Around, Number], there: _Surroundings
) -> bool:
    """Tell whether two numbers would fit better in each other's place."""

    def fits(around: Around, number: Number) -> float:
        return there.best(around, _is_value(number))

    straight = fits(one[0], one[1]) + fits(other[0], other[1])
    crossed = fits(one[0], other[1]) + fits(other[0], one[1])
    return crossed > _CROSSED_MARGIN * straight + _LITTLE


def _in_clause(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Around:
    """Return what stands around a place in its own clause; when that is nothing, beside it."""
    return _around(tokens, place, lexicon, _REACH, None) or _around(
        tokens, place, lexicon, _REACH, _BREAK_LENGTH
    )


def _close_by(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Around:
    """Return what stands close to a place, whatever clause it is in."""
    return _around(tokens, place, lexicon, _CLOSE, 1)


def _around(
    tokens: Sequence[Token], place: int, lexicon: Lexicon, reach: int, break_length: int | None
) -> Around:
    """Return the keys around a place, each with its weight divided by its distance.

    The end of a clause keeps words as far apart as `break_length` words do; None: for good.
    """
    around: Around = {}
    for step in (-1, 1):
        distance, at = 0, place + step
        while 0 <= at < len(tokens) and distance < reach:
            token = tokens[at]
            if token.is_break or token.folded in CONJUNCTIONS:
                if break_length is None:
                    break
                distance += break_length
            distance += bool(token.stem or token.number)
            if token.stem and distance:
                value = lexicon.weight(token) / distance
                around[token.key] = max(around.get(token.key, 0.0), value)
            at += step
    return around


def _likeness(one: Around, other: Around) -> float:
    return sum(min(value, other[key]) for key, value in one.items() if key in other)


def _is_value(wanted: Number) -> Match:
    return lambda token: token.number is not None and token.number.value == wanted.value


def _is_rival(wanted: Number, quote: Sequence[Token]) -> Match:
    """Match the numbers that one may be mistaken for: those in the same unit.

    One whose unit stands apart ("Bits" over a column) may be mistaken for any that has none.
    """
    units = {wanted.unit}
    if not any(token.number == wanted for token in quote):
        units.add("")

    def match(token: Token) -> bool:
        other = token.number
        is_alike = other is not None and (not wanted.unit or other.unit in units)
        return is_alike and other is not None and other.value != wanted.value

    return match


def _is_one_of(keys: frozenset[str]) -> Match:
    return lambda token: bool(token.text) and token.key in keys
