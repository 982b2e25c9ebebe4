"""What does a sentence say that no quote says? Every word that it adds is a claim of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from corpus.passage import UnitKind
from rag.support.fit import Fit, credit
from rag.support.function_words import LOCAL
from rag.support.polarity import denials
from rag.support.statement import Statement, Token
from rag.support.words import Lexicon

_INSTRUCTING = frozenset(("should",))  # what a step tells to do should be done
_IN_ORDER = frozenset("first then next after before once".split())
_BY = 5  # places between a word and what it says something of
_REFERRING = frozenset("it its they their them this that these those such then".split())
_ROW_VERBS = frozenset(
    "reach reaches offer offers provide provides achieve achieves deliver delivers measure "
    "measures amount amounts stand stands list lists give gives show shows value row".split()
)
_REPETITION = 3  # words said once more: a statement made twice, not a word put in


def added_words(part: Statement, fits: Sequence[Fit], lexicon: Lexicon) -> list[str]:
    """Return the words of a part of a sentence that no quote backs, and that are not free to add.

    `fits` are those of the quote that holds the part, and of the quotes beside it.
    """
    statements = [one.unit.statement for one in fits]
    lent = _lent(part, fits, lexicon)
    if len(lent) == 1:
        return lent
    more = _said_more_often(part, fits, lexicon)
    if 0 < len(more) < _REPETITION:
        return more
    folded = frozenset().union(*(one.folded for one in statements))
    steps = sum(one.unit.unit.kind is UnitKind.STEP for one in fits)
    if steps:
        folded |= _INSTRUCTING if steps == 1 else _INSTRUCTING | _IN_ORDER
    given = frozenset().union(*(one.unit.given for one in fits))
    given_folded = frozenset().union(*(one.unit.given_folded for one in fits))
    keys = frozenset().union(*(one.keys for one in statements))
    denied = {denial.scope[0] for denial in denials(part) if denial.scope}
    is_row = fits[0].unit.unit.kind is UnitKind.TABLE_ROW
    return [
        token.text
        for place, token in enumerate(part.tokens)
        if token.text and not token.number and token.text != "%"
        if not (
            any(credit(part.tokens, place, one, lexicon) for one in statements)
            or (token.stem and lexicon.is_given(token, given))
            or (
                lexicon.is_backed(token, folded)
                and not _is_adjective(part.tokens, place, folded)
                and not _is_astray(part, place, fits, lexicon)
            )
            or (not token.stem and token.folded in given_folded)
            or _counts_little(part.tokens, place, folded)
            or _is_initial(token, folded)
            or (is_row and token.text.casefold() in _ROW_VERBS)
            or (token.key in denied and lexicon.opposite_in(token.key, keys))
        )
    ]


def _lent(part: Statement, fits: Sequence[Fit], lexicon: Lexicon) -> list[str]:
    """Return the words that only quotes beside the holder have, unless it refers to them."""
    holder, *beside = fits
    first = {token.folded for token in holder.unit.statement.tokens[:2]}
    if not beside or first & _REFERRING:
        return []
    return [
        token.text
        for place, token in enumerate(part.tokens)
        if token.stem and not credit(part.tokens, place, holder.unit.statement, lexicon)
        if not lexicon.is_given(token, holder.unit.given)
    ]


def _said_more_often(part: Statement, fits: Sequence[Fit], lexicon: Lexicon) -> list[str]:
    """Return the words that a sentence has more often than its quotes have them or like ones.

    Naming the entry once more adds nothing.
    """
    said = Counter(token.key for token in part.words)
    known = Counter(token.key for one in fits for token in one.unit.statement.tokens)
    given = frozenset().union(*(one.unit.given for one in fits))
    return [
        key
        for key, times in said.items()
        if key not in given
        and 0 < known[key] < times
        and sum(known[other] for other in lexicon.synonyms.get(key, {key})) < times
    ]


def _is_adjective(tokens: Sequence[Token], place: int, folded: frozenset[str]) -> bool:
    """Tell whether "used" or "one" says of what follows what no quote says."""
    after = tokens[place + 1 : place + 2]
    if not after or not folded.isdisjoint(("use", "used", "using", "one")):
        return False
    is_used = tokens[place].text.casefold() == "used" and after[0].stem != ""
    return is_used or (tokens[place].folded == "one" and after[0].number is not None)


def _is_initial(token: Token, folded: frozenset[str]) -> bool:
    """Tell whether a token is the first letter of a word: "I/O", "C. elegans"."""
    letter = token.folded
    return len(letter) == 1 and token.text.isupper() and any(w.startswith(letter) for w in folded)


def _counts_little(tokens: Sequence[Token], place: int, folded: frozenset[str]) -> bool:
    """Tell whether a word says of a number, before which it stands, that it is small."""
    after = tokens[place + 1 : place + 2]
    if tokens[place].folded not in ("only", "just") or not after:
        return False
    is_contrast = place > 0 and tokens[place - 1].folded in ("but", "yet")
    is_number = is_contrast and after[0].number is not None
    return is_number or (after[0].folded == "one" and "one" in folded)


def _is_astray(part: Statement, place: int, fits: Sequence[Fit], lexicon: Lexicon) -> bool:
    """Tell whether a word stands by another word than what backs it does in every quote."""
    token = part.tokens[place]
    if token.folded not in LOCAL:
        return False
    beside = _beside(part.tokens, place)
    if not beside:
        return False
    quotes = [one.unit.statement.tokens for one in fits]
    backing = [
        (quote, at)
        for quote in quotes
        for at, other in enumerate(quote)
        if lexicon.backs(other, token)
    ]
    return bool(backing) and not any(
        _is_same_place(part.tokens, place, quote, at)
        or any(
            lexicon.credit(word, frozenset((other.key,)))
            for other in quote[max(0, at - _BY) : at + _BY + 1]
            for word in beside
        )
        for quote, at in backing
    )


def _is_same_place(tokens: Sequence[Token], place: int, quote: Sequence[Token], at: int) -> bool:
    """Tell whether the very next words on both sides are the same in a text and in a quote."""
    return tokens[place].folded == quote[at].folded and all(
        [t.folded for t in tokens[place + step : place + step + 1]]
        == [t.folded for t in quote[at + step : at + step + 1]]
        for step in (-1, 1)
        if place + step >= 0 and at + step >= 0
    )


def _beside(tokens: Sequence[Token], place: int) -> list[Token]:
    """Return the next words on both sides of a place that claim something."""
    found = []
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(tokens) and not (tokens[at].stem or tokens[at].number):
            at += step
        if 0 <= at < len(tokens):
            found.append(tokens[at])
    return found
