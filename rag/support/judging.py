"""Judge one sentence by some quotes: what they lack of it, and the signs that they support it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.passage import UnitKind
from rag.support.additions import added_words
from rag.support.binding import misplaced_numbers, misplaced_opposites, numbers_of_others
from rag.support.bounds import misbounded_numbers
from rag.support.edits import misedited
from rag.support.fit import Case, Fit
from rag.support.model import SupportSigns
from rag.support.order import swapped_words, turned_words
from rag.support.polarity import contradictions, reversals
from rag.support.relations import misjoined
from rag.support.rows import misread_cells, of_other_row
from rag.support.slots import replaced_words
from rag.support.statement import Statement, Token
from rag.support.subjects import other_subject
from rag.support.tense import other_tense
from rag.support.words import Lexicon

_GIVEN_WEIGHT = 0.4  # of a word that names the entry or stands above the quote
_JOINT = 0.7  # credit for a clause that only several quotes together cover
_SHRINK = 0.5  # weight with which a short clause takes part in what the whole sentence covers
_SEVERAL = 3.0
_HELD_BY_ONE = 0.85  # share of a clause that one of several quotes must cover by itself
_HOPELESS = 0.3  # coverage below which no model supports, so that nothing more is looked at
_NEARLY_WHOLE = 0.7  # coverage from which what a quote says must not be turned at all
_HELD_BY_NEIGHBOURS = 0.6  # the same when the quotes are sentences that follow each other
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Judgment:
    """What the quotes lack of a sentence (nothing: it may be supported), and the signs."""

    missing: tuple[str, ...]
    signs: SupportSigns


def judge(case: Case, fits: Sequence[Fit], lexicon: Lexicon) -> Judgment:
    """Judge a sentence by quotes, given how it fits each of them.

    Each clause is held against the quote that covers it best, so that a further quote cannot lend
    a word that turns what the first one says.
    """
    missing = facts_missing(case, fits)
    if coverage(case, fits) < _HOPELESS:
        return Judgment(tuple(dict.fromkeys(missing)), _signs(case, fits))
    for one in fits:
        missing += _formulas_astray(case.claim, one.unit.statement)
    missing += misjoined(case.claim.tokens, [one.unit.statement.tokens for one in fits])
    held = _assigned(case, fits)
    for one, part in held:
        missing += added_words(part, [one, *_beside(one, fits)], lexicon)
        missing += _turned(part, one, lexicon)
        missing += other_subject(part, one.unit, case.above)
        missing += of_other_row(part, one.unit, case.asked)
        missing += misread_cells(part, one.unit, lexicon)
        missing += misedited(part, one.unit, lexicon, is_joined=len(fits) > 1)
    if len(fits) > 1:
        missing += _scattered(case, fits)
        for one in fits:
            missing += misedited(case.claim, one.unit, lexicon, is_joined=True)
        for one in fits:
            if coverage(case, [one]) >= _NEARLY_WHOLE:
                missing += reversals(case.claim, [one.unit.statement], lexicon, lacks=False)
    for one, part in held:
        missing += replaced_words(part.tokens, one.unit, lexicon)
    if not missing:
        for one, part in held:
            if one.unit.unit.kind is not UnitKind.TABLE_ROW:
                missing += swapped_words(part.tokens, one.unit.statement.tokens)
    return Judgment(tuple(dict.fromkeys(missing)), _signs(case, fits))


def _turned(claim: Statement, one: Fit, lexicon: Lexicon) -> list[str]:
    """Return the words by which a claim turns what a quote says."""
    quote = one.unit.statement
    return [
        *contradictions(claim, [quote], lexicon),
        *misplaced_numbers(claim.tokens, quote.tokens, lexicon),
        *_numbers_of_others(claim, one),
        *other_tense(claim.tokens, quote.tokens),
        *turned_words(claim.tokens, quote.tokens),
        *misbounded_numbers(claim.tokens, quote.tokens),
        *misplaced_opposites(claim.tokens, quote.tokens, lexicon),
    ]


def _numbers_of_others(claim: Statement, one: Fit) -> list[str]:
    """Return the numbers that prose has of another thing; a row has one of each column."""
    if one.unit.unit.kind is UnitKind.TABLE_ROW:
        return []
    return numbers_of_others(claim.tokens, one.unit.statement.tokens)


def _formulas_astray(claim: Statement, quote: Statement) -> list[str]:
    """Return the formulas of a claim that follow each other otherwise than in a quote."""
    known = [one for one in claim.formulas if quote.formulas.count(one) == 1]
    ordered = sorted(known, key=quote.formulas.index)
    return [one for one, other in zip(known, ordered, strict=True) if one != other]


def _assigned(case: Case, fits: Sequence[Fit]) -> list[tuple[Fit, Statement]]:
    """Return each part of the sentence with the quote that covers it best."""
    if len(fits) == 1:
        return [(fits[0], case.claim)]
    return [
        (_holder(case, group, fits), part)
        for group, part in zip(case.groups, case.parts, strict=True)
    ]


def _holder(case: Case, group: Sequence[int], fits: Sequence[Fit]) -> Fit:
    """Return the quote that covers some clauses best, numbers before words."""
    wanted = {token.number for at in group for token in case.clauses[at] if token.number}

    def held(one: Fit) -> tuple[int, float]:
        return len(wanted & one.numbers), sum(_covered(case, at, [one])[0] for at in group)

    return max(fits, key=held)


def coverage(case: Case, fits: Sequence[Fit]) -> float:
    """Return the share of the sentence, by weight and clause by clause, that quotes cover."""
    return _share([_clause(case, number, fits) for number in range(len(case.clauses))])


def facts_missing(case: Case, fits: Sequence[Fit]) -> list[str]:
    """Return the numbers, names, formulas and pieces of code that no quote has."""
    numbers = frozenset().union(*(one.numbers for one in fits))
    texts = frozenset().union(*(one.texts for one in fits))
    claim = case.claim
    return [
        *(str(number) for number in claim.numbers if number not in numbers),
        *_names_missing(case, fits),
        *(text for text in (*claim.formulas, *claim.codes) if text not in texts),
    ]


def _names_missing(case: Case, fits: Sequence[Fit]) -> list[str]:
    return [
        token.text
        for number, clause in enumerate(case.clauses)
        for place, token in enumerate(clause)
        if token.stem and (token.is_name or token.is_capital)
        if not any(one.own[number][place] or one.given[number][place] for one in fits)
    ]


def _signs(case: Case, fits: Sequence[Fit]) -> SupportSigns:
    parts = [_clause(case, number, fits) for number in range(len(case.clauses))]
    whole = _share(parts)
    shrunk = [(covered + _SHRINK * whole) / (weight + _SHRINK) for covered, weight in parts]
    lacking = _lacking(case, fits)
    return SupportSigns(
        coverage=whole,
        weakest=min(shrunk, default=1.0),
        cosine=max(one.cosine for one in fits),
        rarest=max(lacking, default=0.0),
        lacking=min(1.0, sum(lacking) / _SEVERAL),
        order=_order(case.claim, [one.unit.statement for one in fits]),
        more=float(len(fits) - 1),
    )


def _clause(case: Case, number: int, fits: Sequence[Fit]) -> tuple[float, float]:
    """Return the weight of a clause that the quotes cover, and its whole weight."""
    together = _covered(case, number, fits)
    if len(fits) == 1:
        return together
    alone = max(_share([_covered(case, number, [one])]) for one in fits)
    share = alone + _JOINT * max(0.0, _share([together]) - alone)
    return share * together[1], together[1]


def _covered(case: Case, number: int, fits: Sequence[Fit]) -> tuple[float, float]:
    covered = total = 0.0
    for place, token in enumerate(case.clauses[number]):
        if not token.stem:
            continue
        own = max(one.own[number][place] for one in fits)
        given = own == 0 and any(one.given[number][place] for one in fits)
        weight = case.weight(token) * (_GIVEN_WEIGHT if given else 1.0)
        covered += weight * (1.0 if given else own)
        total += weight
    return covered, total


def _share(parts: Sequence[tuple[float, float]]) -> float:
    total = sum(weight for _, weight in parts)
    return sum(covered for covered, _ in parts) / total if total else 1.0


def _lacking(case: Case, fits: Sequence[Fit]) -> list[float]:
    """Return the weights of the words that no quote has."""
    lacking = []
    for number, clause in enumerate(case.clauses):
        for place, token in enumerate(clause):
            if not token.stem or any(one.given[number][place] for one in fits):
                continue
            own = max(one.own[number][place] for one in fits)
            if own < 1:
                lacking.append(case.weight(token) * (1 - own))
    return lacking


def _scattered(case: Case, fits: Sequence[Fit]) -> list[str]:
    """Return a word of each part that no one of several quotes holds, with all its facts."""
    found = []
    for group in case.groups:
        holder = _holder(case, group, fits)
        held = sum(_covered(case, at, [holder])[0] for at in group)
        whole = sum(_covered(case, at, fits)[0] for at in group)
        tokens = [token for at in group for token in case.clauses[at]]
        found += _lent(case, group, holder, fits)
        neighbours = any(
            one.unit.follows(holder.unit) or holder.unit.follows(one.unit) for one in fits
        )
        found += _lent_numbers(tokens, holder)
        if held < (_HELD_BY_NEIGHBOURS if neighbours else _HELD_BY_ONE) * whole:
            found.append(next(t.text for t in tokens if t.stem or t.number))
        elif not neighbours:
            found += [str(t.number) for t in tokens if t.number and t.number not in holder.numbers]
            if holder.unit.label and holder.unit.label.isdisjoint(t.key for t in tokens):
                found.append(next(t.text for t in tokens if t.stem or t.number))
    return found


def _beside(holder: Fit, fits: Sequence[Fit]) -> Iterator[Fit]:
    """Yield the quotes that stand beside one: they may lend it a word."""
    for one in fits:
        if one.unit.follows(holder.unit) or holder.unit.follows(one.unit):
            yield one


def _lent_numbers(tokens: Sequence[Token], holder: Fit) -> Iterator[str]:
    """Yield the numbers that a holder lacks though it has one that they may be mistaken for."""
    said = {token.number.value for token in tokens if token.number}
    others = [one for one in holder.unit.statement.numbers if one.value not in said]
    for token in tokens:
        number = token.number
        if number and number not in holder.numbers and any(number.unit == o.unit for o in others):
            yield str(number)


def _lent(case: Case, group: Sequence[int], holder: Fit, fits: Sequence[Fit]) -> list[str]:
    """Return the words of a part that only a quote of another entry than its holder's has."""
    entry_id = holder.unit.passage.entry_id
    own = [one for one in fits if one.unit.passage.entry_id == entry_id]
    other = [one for one in fits if one.unit.passage.entry_id != entry_id]
    return [
        token.text
        for at in group
        for place, token in enumerate(case.clauses[at])
        if token.stem and _has(other, at, place) and not _has(own, at, place)
    ]


def _has(fits: Sequence[Fit], clause: int, place: int) -> bool:
    return any(one.own[clause][place] or one.given[clause][place] for one in fits)


def _order(claim: Statement, quotes: Sequence[Statement]) -> float:
    """Return the share of neighbouring words of the claim that are near each other in a quote."""
    keys = [token.key for token in claim.words]
    pairs = list(pairwise(keys))
    if not pairs:
        return 1.0
    near: set[tuple[str, str]] = set()
    for quote in quotes:
        content = [token.key for token in quote.words]
        for step in range(1, _NEAR + 1):
            near.update(zip(content, content[step:], strict=False))
    return sum(pair in near for pair in pairs) / len(pairs)
