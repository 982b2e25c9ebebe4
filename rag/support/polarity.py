"""Does a statement deny, reverse or overstate what a quote says?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.support.statement import Statement, Token
from rag.support.words import Lexicon, negative_forms

_DENIALS = frozenset("not no never without cannot nor neither none nothing nobody".split())
# Verbs and phrases that deny what follows, too mild to be held against a statement.
_MILD = frozenset(
    "lack lacking absence avoid avoiding prevent preventing eliminate eliminating instead rather "
    "unlike fail unable hardly rarely remove removing free excluding exclude "
    "refuse against drop lose ignore skip".split()
)
_HIDING = _DENIALS | frozenset("avoid avoiding prevent preventing lack lacking eliminate".split())
_DOUBLING = frozenset("no not never without none nothing".split())
_AFTER_NOT = frozenset("only just merely simply".split())
_OF_NOUNS = frozenset(("no", "none", "neither"))  # they deny the very next word
_SCOPE = 3
_NEARNESS = 2  # together, of a denied word in the claim and in the quote
_WORDY = 4  # letters of a word that may be denied though it says little


@dataclass(frozen=True, slots=True)
class Denial:
    """A word that denies, and the keys of the first words that it denies."""

    cue: str
    scope: tuple[str, ...]


def denials(statement: Statement, cues: frozenset[str] = _DENIALS) -> list[Denial]:
    """Return what a statement denies."""
    return list(_denials(statement.tokens, cues))


def _denials(tokens: Sequence[Token], cues: frozenset[str]) -> Iterator[Denial]:
    for place, token in enumerate(tokens):
        if not _is_cue(token, cues):
            continue
        after = tokens[place + 1 : place + 12]
        goes_on = any(one.folded in ("but", "also") for one in tokens[place + 1 :])
        if after and after[0].folded in _AFTER_NOT and goes_on:
            continue
        denied = list(_of_clause(after))
        told = [one.key for one in denied if one.stem or one.number]
        scope = (told or [one.key for one in denied if len(one.text) >= _WORDY])[:_SCOPE]
        yield Denial(token.folded, tuple(scope))


def is_denying(token: Token) -> bool:
    """Tell whether a word denies, or says of what follows that it is not there."""
    return _is_cue(token, _DENIALS | _MILD)


def _is_cue(token: Token, cues: frozenset[str]) -> bool:
    return token.folded in cues or token.folded.endswith(("n't", "n’t"))


def _of_clause(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.is_break or token.folded in ("but", "while", "whereas"):
            return
        yield token


def contradictions(claim: Statement, quotes: Sequence[Statement], lexicon: Lexicon) -> list[str]:
    """Return the words by which a statement denies, reverses or overstates the quotes."""
    return [
        *_denied(claim, quotes, lexicon),
        *reversals(claim, quotes, lexicon),
        *_overstated(claim, quotes, lexicon),
    ]


def reversals(
    claim: Statement, quotes: Sequence[Statement], lexicon: Lexicon, *, lacks: bool = True
) -> list[str]:
    """Return the words of a statement that affirm what quotes deny, or say the opposite of it.

    With `lacks` also a direction ("faster") of which the quotes say nothing.
    """
    return [*_affirmed(claim, quotes), *_reversed(claim, quotes, lexicon, lacks=lacks)]


def _denied(claim: Statement, quotes: Sequence[Statement], lexicon: Lexicon) -> Iterator[str]:
    """Yield the denials of the claim that no quote has."""
    found = denials(claim)
    if not found:
        return
    if _denies_twice(claim) and not any(map(_denies_twice, quotes)):
        yield found[0].cue
    firm = _places(denial for quote in quotes for denial in denials(quote))
    mild = _places(d for quote in quotes for d in denials(quote, _MILD - claim.folded))
    keys = frozenset().union(*(quote.keys for quote in quotes))
    for denial in found:
        if not denial.scope:
            if not any(denials(quote) for quote in quotes):
                yield denial.cue
            continue
        within = negative_forms(denial.scope[0])
        head = denial.scope[0]
        against = lexicon.opposites[head][1] if head in lexicon.opposites else frozenset()
        if head in keys:
            against = frozenset()
        if not (
            _denied_there(denial, firm, lexicon)
            or mild.get(head) == 0
            or within & keys
            or against & keys
        ):
            yield denial.cue


def _places(found: Iterable[Denial]) -> dict[str, int]:
    """Return each denied word with its least distance from what denies it."""
    places: dict[str, int] = {}
    for denial in found:
        for place, key in enumerate(denial.scope):
            places[key] = min(place, places.get(key, place))
    return places


def _denied_there(denial: Denial, places: Mapping[str, int], lexicon: Lexicon) -> bool:
    """Tell whether quotes deny a word of a denial, about as near to what denies it."""
    scope = denial.scope[:1] if denial.cue in _OF_NOUNS else denial.scope
    return any(
        place + places[word] <= _NEARNESS
        for place, key in enumerate(scope)
        for word in (key, *lexicon.synonyms.get(key, ()))
        if word in places
    )


def _denies_twice(statement: Statement) -> bool:
    """Tell whether a denial is denied: "there are not no caches", "it never needs no caches"."""
    tokens = statement.tokens
    cues = [place for place, token in enumerate(tokens) if _is_cue(token, _DENIALS)]
    return any(
        other - one <= 2 and not tokens[one + 1].is_break and tokens[other].folded in _DOUBLING
        for one, other in pairwise(cues)
    )


def _affirmed(claim: Statement, quotes: Sequence[Statement]) -> Iterator[str]:
    """Yield what the quotes deny, never affirm, and the claim affirms."""
    denied = [denial for quote in quotes for denial in denials(quote)]
    if not denied:
        return
    hidden = {key for denial in denials(claim, _DENIALS | _MILD) for key in denial.scope}
    affirmed = {token.key for token in claim.words} - hidden
    elsewhere = {key for quote in quotes for key in _affirms(quote)}
    for denial in denied:
        heads = [key for key in denial.scope if key in affirmed and key not in elsewhere]
        if heads and not negative_in(claim, heads):
            yield f"{denial.cue} {heads[0]}"


def negative_in(claim: Statement, heads: Iterable[str]) -> bool:
    """Tell whether a statement negates one of the words within itself."""
    return any(negative_forms(key) & claim.keys for key in heads)


def _affirms(quote: Statement) -> frozenset[str]:
    hidden = [denial.scope for denial in denials(quote)]
    keys = [token.key for token in quote.words]
    for scope in hidden:
        for key in scope:
            if key in keys:
                keys.remove(key)
    return frozenset(keys)


def _reversed(
    claim: Statement, quotes: Sequence[Statement], lexicon: Lexicon, *, lacks: bool
) -> Iterator[str]:
    """Yield words whose opposite the quotes have, and not themselves."""
    keys = frozenset().union(*(quote.keys for quote in quotes))
    hidden = {k for one in (claim, *quotes) for found in denials(one, _HIDING) for k in found.scope}
    for token in claim.tokens:
        poles = lexicon.opposites.get(token.key) if token.text else None
        if poles is None:
            continue
        same, other = poles
        opposed = other & keys
        if token.key in keys:
            if _stands_in(token.key, other, claim, quotes):
                yield token.text
            continue
        if same & keys or hidden & (opposed | {token.key}):
            continue
        alike = lexicon.synonyms.get(token.key, frozenset()) & keys
        if opposed or (lacks and token.key in lexicon.directions and not alike):
            yield token.text


def _stands_in(
    key: str, other: frozenset[str], claim: Statement, quotes: Sequence[Statement]
) -> bool:
    """Tell whether a word stands more often than in the quotes, and its opposite there only."""
    said = sum(token.key == key for token in claim.tokens)
    known = sum(token.key == key for quote in quotes for token in quote.tokens)
    return said > known and any(other & quote.keys for quote in quotes) and not other & claim.keys


def _overstated(claim: Statement, quotes: Sequence[Statement], lexicon: Lexicon) -> Iterator[str]:
    """Yield the absolutes of a claim that no quote has."""
    folded = frozenset().union(*(quote.folded for quote in quotes))
    for place, token in enumerate(claim.tokens):
        group = lexicon.absolutes.get(token.folded) if token.text else None
        if group is None or group & folded:
            continue
        before = claim.tokens[place - 1].folded if place else ""
        after = claim.tokens[place + 1 : place + 3]
        if before in ("not", "at") or (after and after[0].number):
            continue
        if token.folded == "only" and any(_counts_one(after, quote) for quote in quotes):
            continue
        yield token.text


def _counts_one(counted: Sequence[Token], quote: Statement) -> bool:
    """Tell whether words are "one" and what a quote counts with it too: "only one die"."""
    if len(counted) < 2 or counted[0].folded != "one":
        return False
    keys = counted[0].key, counted[1].key
    return any((one.key, other.key) == keys for one, other in pairwise(quote.tokens))
