"""How the words of one sentence fit one quotable unit; worked out once for the pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.support.formulas import is_within
from rag.support.numbers import SCALES, Number
from rag.support.reading import UnitReading
from rag.support.statement import BREAK, CONJUNCTIONS, Statement, Token, squeeze
from rag.support.words import Lexicon

_COMPOUND = 0.95
_LONG_CLAUSE = 3  # words from which a clause may have a quote of its own


class Case:
    """One sentence: its words, in clauses, and the weight of each.

    `above` are the keys of the texts that tell what it speaks of, nearest first, `asked` the rows
    of tables that they name.
    """

    def __init__(
        self,
        claim: Statement,
        lexicon: Lexicon,
        above: Sequence[frozenset[str]] = (),
        asked: Sequence[UnitReading] = (),
    ) -> None:
        self.claim = claim
        self._lexicon = lexicon
        self.above = above
        self.asked = asked
        self.clauses = claim.clauses
        self.groups = tuple(_groups(self.clauses))
        self._weights = {token.key: lexicon.weight(token) for token in claim.words}
        self._total = sum(self._weights.values()) or 1.0

    def of(self, claim: Statement) -> Case:
        """Return the case of another sentence in the same place."""
        return Case(claim, self._lexicon, self.above, self.asked)

    @cached_property
    def parts(self) -> tuple[Statement, ...]:
        """The sentence's groups of clauses, each as a statement."""
        return tuple(
            self.claim.part(tuple(_joined(self.clauses[at] for at in group)))
            for group in self.groups
        )

    def weight(self, token: Token) -> float:
        """Return how much it tells that the token is missing, in [0, 1]."""
        return self._weights[token.key]

    def overlap(self, unit: UnitReading) -> float:
        """Return the share of the words, by weight, that a unit has as they are."""
        keys, given = unit.statement.keys, unit.given
        shared = sum(
            weight * (1.0 if key in keys else 0.3)
            for key, weight in self._weights.items()
            if key in keys or key in given
        )
        return shared / self._total


@dataclass(frozen=True)
class Fit:
    """A sentence and a unit.

    Attributes:
        own: per clause, per token: how well the unit's own words stand for it, in [0, 1].
        given: per clause, per token: whether what is given where the unit stands has it.
        numbers: per number of the sentence: whether the unit has it.
        texts: per formula and piece of code of the sentence: whether the unit has it.
        cosine: similarity of the sentence to the unit.
    """

    unit: UnitReading
    own: tuple[tuple[float, ...], ...]
    given: tuple[tuple[bool, ...], ...]
    numbers: frozenset[Number]
    texts: frozenset[str]
    cosine: float


def fit(case: Case, unit: UnitReading, cosine: float, lexicon: Lexicon) -> Fit:
    """Fit a sentence to a unit."""
    claim = case.claim
    known = unit.statement.formulas
    formulas = {formula for formula in claim.formulas if is_within(formula, known)}
    codes = {code for code in claim.codes if _has_code(code, unit)}
    return Fit(
        unit,
        tuple(
            tuple(credit(clause, place, unit.statement, lexicon) for place in range(len(clause)))
            for clause in case.clauses
        ),
        tuple(
            tuple(bool(t.stem) and lexicon.is_given(t, unit.given) for t in clause)
            for clause in case.clauses
        ),
        frozenset(number for number in claim.numbers if has_number(number, unit)),
        frozenset(formulas | codes),
        cosine,
    )


def has_number(number: Number, unit: UnitReading) -> bool:
    """Tell whether a unit has a quantity.

    What it is counted in may stand apart, as over the column of a table: "Bits", "(millions)".
    """
    statement = unit.statement
    scales = {"1"} | {value for word, value in SCALES.items() if word in statement.folded}
    return any(
        any(known.value + scale[1:] == number.value for scale in scales)
        and (number.unit in ("", known.unit) or (not known.unit and number.unit in statement.units))
        for known in (*statement.numbers, *unit.given_numbers)
    )


def _joined(clauses: Iterable[Sequence[Token]]) -> Iterator[Token]:
    """Yield the tokens of clauses with their ends, except where a conjunction joins them."""
    for clause in clauses:
        if clause[0].folded not in CONJUNCTIONS:
            yield BREAK
        yield from clause


def _groups(clauses: Sequence[Sequence[Token]]) -> Iterator[tuple[int, ...]]:
    """Yield the places of clauses that one quote must hold: short ones go with the one before."""
    group: list[int] = []
    for place, clause in enumerate(clauses):
        told = sum(bool(token.stem or token.number) for token in clause)
        if group and told >= _LONG_CLAUSE and _told(clauses, group) >= _LONG_CLAUSE:
            yield tuple(group)
            group = []
        group.append(place)
    if group:
        yield tuple(group)


def _told(clauses: Sequence[Sequence[Token]], places: Sequence[int]) -> int:
    return sum(bool(token.stem or token.number) for at in places for token in clauses[at])


def _has_code(code: str, unit: UnitReading) -> bool:
    if code.casefold() in unit.given_folded:
        return True
    return squeeze(code).casefold() in unit.statement.squeezed.casefold()


def credit(clause: Sequence[Token], place: int, statement: Statement, lexicon: Lexicon) -> float:
    """Return how well a statement's words stand for one word of a clause, in [0, 1]."""
    token = clause[place]
    if not token.stem:
        return 0.0
    known = lexicon.credit(token, statement.keys)
    if known:
        return known
    before = clause[place - 1].folded if place else ""
    after = clause[place + 1].folded if place + 1 < len(clause) else ""
    compounds = {before + token.folded, token.folded + after} & statement.folded
    if compounds or token.folded in statement.joined or _abbreviates(token, statement):
        return _COMPOUND
    return 0.0


def _abbreviates(token: Token, statement: Statement) -> bool:
    """Tell whether an acronym is made of the first letters of words of the quote, in a row."""
    if not token.is_name or not 2 <= len(token.folded) <= 6 or not token.folded.isalpha():
        return False
    return token.folded in statement.initials
