"""Is a number of a sentence bounded, rough or multiplied as it is in a quote?

"Over 819", "half of 819" and "about 819" are not 819; who says "about" less than a quote does is
taken at their word. Nor is "2" what "2 to 8" says.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.support.statement import Token

_LEAST = frozenset("> ≥ >= over above exceed beyond least greater more minimum".split())
_MOST = frozenset("< ≤ <= under below less fewer most up much many maximum within".split())
_ROUGH = frozenset("~ ≈ about approximately roughly around nearly almost close circa some".split())
_TIMES = frozenset("twice double half triple thrice quarter multiple fraction times".split())
_BETWEEN = frozenset("a an the of as than to at".split())
_REACH = 4


def misbounded_numbers(claim: Sequence[Token], quote: Sequence[Token]) -> list[str]:
    """Return the numbers of a claim that no number of a quote is like, bounds and all."""
    there: dict[str, set[str]] = {}
    for place, token in enumerate(quote):
        if token.number:
            there.setdefault(token.number.value, set()).add(_bound(quote, place))
    return [
        str(token.number)
        for place, token in enumerate(claim)
        if token.number
        and token.number.value in there
        and not _agrees(_bound(claim, place), there[token.number.value])
    ]


def _agrees(bound: str, known: set[str]) -> bool:
    return bound in known or (not bound and "rough" in known)


def _bound(tokens: Sequence[Token], place: int) -> str:
    """Return what the words by a number make of it, "" when they leave it as it is."""
    return _end_of_range(tokens, place) or _word_before(tokens, place)


def _end_of_range(tokens: Sequence[Token], place: int) -> str:
    """Tell which end of a range a number is: "2 to 8", "2-8"."""
    for name, step in (("from", 1), ("to", -1)):
        other = tokens[place + 2 * step] if 0 <= place + 2 * step < len(tokens) else None
        link = tokens[place + step].folded if 0 <= place + step < len(tokens) else ""
        if other and other.number and link == "to":
            return name
    return ""


def _word_before(tokens: Sequence[Token], place: int) -> str:
    for token in reversed(tokens[max(0, place - _REACH) : place]):
        word = token.folded.removesuffix("s") if token.folded == "exceeds" else token.folded
        if word in _BETWEEN:
            continue
        if token.is_break:
            return ""
        for name, words in (
            ("least", _LEAST),
            ("most", _MOST),
            ("rough", _ROUGH),
            ("times", _TIMES),
        ):
            if word in words:
                return name
        return ""
    return ""
