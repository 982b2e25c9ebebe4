"""Does a sentence say of the past what its quote says of the present, or the other way round?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.support.statement import Token

_PAST = frozenset("was were had did".split())
_PRESENT = frozenset("is are has have do does am".split())
_EITHER_WAY = 1, -1


def other_tense(claim: Sequence[Token], quote: Sequence[Token]) -> list[str]:
    """Return the words of a claim that put into another time what a quote says with them."""
    known = [*_tensed(quote)]
    found = []
    for place, step, key in _tensed_places(claim):
        is_past = claim[place].folded in _PAST
        tenses = {past for past, way, word in known if (way, word) == (step, key)}
        if tenses and is_past not in tenses:
            found.append(claim[place].text)
    return [*found, *_habits(claim, quote)]


def _tensed(tokens: Sequence[Token]) -> Iterator[tuple[bool, int, str]]:
    for place, step, key in _tensed_places(tokens):
        yield tokens[place].folded in _PAST, step, key


def _tensed_places(tokens: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
    """Yield the place of each word that has a tense, with the next word on either side."""
    for place, token in enumerate(tokens):
        if token.text.casefold() in _PAST or token.text.casefold() in _PRESENT:
            for step in _EITHER_WAY:
                if key := _next_key(tokens, place, step):
                    yield place, step, key


def _next_key(tokens: Sequence[Token], place: int, step: int) -> str:
    at = place + step
    while 0 <= at < len(tokens) and not tokens[at].is_break:
        if tokens[at].stem or tokens[at].number:
            return tokens[at].key
        at += step
    return ""


def _habits(claim: Sequence[Token], quote: Sequence[Token]) -> Iterator[str]:
    """Yield "used" where a claim says what used to be, of which the quote says nothing."""
    words = [token.folded for token in quote]
    is_used = not {"use", "used", "using"}.isdisjoint(words)
    for token, link, after in zip(claim, claim[1:], claim[2:], strict=False):
        if (token.folded, link.folded) != ("used", "to"):
            continue
        phrases = zip(words, words[1:], words[2:], strict=False)
        is_said = ("used", "to", after.folded) in phrases
        if not (is_said or (is_used and after.folded not in ("be", "have"))):
            yield token.text
