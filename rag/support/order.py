"""Does a statement have the words of a quote in the quote's order, or trade some of them?

"A beats B" has every word of "B beats A".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from rag.support.statement import CONJUNCTIONS, Token

_CLOSENESS = (1.0, 0.6, 0.3)  # of words one, two and three places apart in the quote
_GAIN, _GAIN_OTHER_VOICE = 0.55, 3.0
_MOST_WORDS = 40
_SHORT = 4
_LISTING = frozenset("and or as well also plus".split())
_JUXTAPOSING = frozenset("of for in on by 's the a an".split())
_TURNING = (CONJUNCTIONS | {"as"}) - {"because", "since", "so", "thus", "before", "after"}
_OF_PLACE = frozenset("at in on inside within under during".split())
_ARTICLES = frozenset("a an the".split())
_HOLDING = frozenset("use uses used has have take takes get gets include includes".split())
_PRONOUNS = frozenset("it they them this these that".split())
_BEING = frozenset("is are was were be been being".split())
Near = dict[tuple[str, str], float]


def swapped_words(claim: Sequence[Token], quote: Sequence[Token]) -> list[str]:
    """Return two words of a claim that the quote has in each other's place, if there are two.

    Trading them must bring every neighbour of theirs next to what it is next to in the quote.
    """
    claim = _owner_first(claim, quote)
    known = {token.key for token in quote}
    places = [p for p, t in enumerate(claim) if (t.stem or t.number) and t.key in known]
    if not 3 <= len(places) <= _MOST_WORDS:
        return []
    keys = [claim[place].key for place in places]
    near = _near(quote)
    pairs = enumerate(pairwise(places), start=1)
    verbs = [at for at, (one, other) in pairs if _is_verb_between(claim, one, other)]
    for one, other in combinations(_blocks(keys, near, verbs), 2):
        if keys[one[0]] == keys[other[0]]:
            continue
        gain = 0.0 if one[1] > other[0] else _gain(keys, one, other, near)
        if gain < _GAIN:
            continue
        between = claim[places[one[1] - 1] + 1 : places[other[0]]]
        span = claim[places[one[0]] : places[other[1] - 1] + 1]
        if gain < _GAIN_OTHER_VOICE and _has_agent(span) != _has_agent(_span_of(span, quote)):
            continue
        words = other[1] - one[0]
        may_turn = one[1] == other[0] and _may_turn(between, words)
        is_compound = _is_plain(between) and _is_written_out(span, words)
        is_moved = _keeps_preposition(claim, quote, places[one[0]]) or _keeps_preposition(
            claim, quote, places[other[0]]
        )
        if not (_is_list(span) or may_turn or is_compound or is_moved):
            return [claim[places[one[0]]].text, claim[places[other[0]]].text]
    return []


def _span_of(span: Sequence[Token], quote: Sequence[Token]) -> Sequence[Token]:
    """Return what a quote has from the first to the last of some words."""
    keys = {token.key for token in span if token.stem or token.number}
    places = [place for place, token in enumerate(quote) if token.key in keys]
    return quote[places[0] : places[-1] + 1]


def _has_agent(tokens: Sequence[Token]) -> bool:
    """Tell whether a text names who does something behind what is done: "by A", "from Intel"."""
    return any(
        token.folded == "by" or (token.folded == "from" and (after.is_capital or after.is_name))
        for token, after in pairwise(tokens)
    )


def turned_words(claim: Sequence[Token], quote: Sequence[Token]) -> list[str]:
    """Return the words that a claim has before a pronoun and the quote behind it, or so.

    "Lamps replace it" is not "it replaces lamps", and "better as" is not "better than".
    """
    said, known = _pairs_of(claim), _pairs_of(quote)
    return _owners_turned(claim, quote) + [
        one
        for one, other in said - known
        if ((other, one) in known and (one in _PRONOUNS or other in _PRONOUNS))
        or (other == "as" and (one, "than") in known)
    ]


def _owners_turned(claim: Sequence[Token], quote: Sequence[Token]) -> list[str]:
    """Return what a claim has as a part of its own part: quote "whose state", "A of a state"."""
    whose = next((at for at, one in enumerate(quote) if one.folded == "whose"), None)
    if whose is None:
        return []
    had = [one.key for one in quote[whose + 1 :] if one.stem][:1]
    for at, token in enumerate(claim[:-1]):
        after = [one.key for one in claim[at + 1 :] if one.stem][:1]
        before = [one.key for one in claim[:at] if one.stem][-1:]
        if token.folded == "of" and after == had and before and before[0] not in had:
            return [token.text]
    return []


def _pairs_of(tokens: Sequence[Token]) -> set[tuple[str, str]]:
    return {(one.key, other.key) for one, other in pairwise(tokens)}


def _gain(keys: Sequence[str], one: tuple[int, int], other: tuple[int, int], near: Near) -> float:
    """Return how much closer to the quote's the neighbours are when two blocks are traded.

    0 unless all four ends of the blocks are then near what they are near in the quote.
    """
    between = keys[one[1] : other[0]]
    first, second = keys[one[0] : one[1]], keys[other[0] : other[1]]
    left, right = keys[: one[0]][-1:], keys[other[1] :][:1]
    before = _ends(left, first, between, second, right)
    after = [near.get(pair, 0.0) for pair in _ends(left, second, between, first, right)]
    if not all(after):
        return 0.0
    return sum(after) - sum(near.get(pair, 0.0) for pair in before)


def _ends(*blocks: Sequence[str]) -> list[tuple[str, str]]:
    """Return the words that meet where blocks meet."""
    filled = [block for block in blocks if block]
    return [(one[-1], other[0]) for one, other in pairwise(filled)]


def _near(quote: Sequence[Token]) -> Near:
    """Return every two words that follow each other closely in the quote, and how closely."""
    content = [token.key for token in quote if token.stem or token.number]
    near: Near = {}
    for step, closeness in enumerate(_CLOSENESS, start=1):
        for pair in zip(content, content[step:], strict=False):
            near.setdefault(pair, closeness)
    return near


def _is_verb_between(claim: Sequence[Token], one: int, other: int) -> bool:
    return any(token.folded in _HOLDING for token in claim[one + 1 : other])


def _blocks(keys: Sequence[str], near: Near, verbs: Sequence[int]) -> list[tuple[int, int]]:
    """Return the spans that may have been moved: words, pairs of words, runs in right order.

    Also what stands on both sides of a verb that claims nothing by itself.
    """
    ends = [at for at in range(1, len(keys)) if (keys[at - 1], keys[at]) not in near]
    edges = [0, *ends, len(keys)]
    runs = set(pairwise(edges))
    if verbs:
        loose = [at for at in range(1, len(keys)) if near.get((keys[at - 1], keys[at]), 0.0) < 1]
        runs |= set(pairwise(sorted({0, len(keys), *loose, *verbs})))
    runs |= {(at, at + 1) for at in range(len(keys))}
    runs |= {(at, at + 2) for at in range(len(keys) - 1)}
    return sorted(runs)


def _is_list(tokens: Sequence[Token]) -> bool:
    """Tell whether the words are an enumeration, whose order means nothing."""
    small = [token for token in tokens if not token.stem and not token.number]
    return bool(small) and all(one.is_break or one.folded in _LISTING for one in small)


def _may_turn(between: Sequence[Token], words: int) -> bool:
    """Tell whether two neighbouring blocks say the same the other way round.

    Clauses may ("when X, Y"), and a passive may ("the weight is read").
    """
    small = {token.folded for token in between}
    if not between or any(token.is_break for token in between) or small & _TURNING:
        return True
    return words <= _SHORT and bool(small & _BEING)


def _owner_first(claim: Sequence[Token], quote: Sequence[Token]) -> Sequence[Token]:
    """Return a claim with what has something before what it has, where a quote says "whose".

    "The state of a model changes" is what "a model whose state changes" says.
    """
    for at, token in enumerate(quote):
        if token.folded != "whose":
            continue
        having = {one.key for one in quote[:at] if one.stem}
        had = [one.key for one in quote[at + 1 :]]
        for place in (p for p, one in enumerate(claim) if one.folded == "of"):
            start, end = _run_before(claim, place, had), _run_after(claim, place + 1, having)
            if start < place and any(one.stem for one in claim[place + 1 : end]):
                moved = (claim[:start], claim[place + 1 : end], claim[start:place], claim[end:])
                return [one for part in moved for one in part]
    return claim


def _run_before(claim: Sequence[Token], place: int, keys: Sequence[str]) -> int:
    """Return where the words before a place begin that are the first of the keys, in order."""
    for start in range(max(0, place - _SHORT), place):
        run = [one.key for one in claim[start:place]]
        if run == list(keys[: len(run)]):
            return start
    return place


def _run_after(claim: Sequence[Token], place: int, keys: set[str]) -> int:
    """Return where the words from a place on end that are among the keys, or articles."""
    end = place
    while end < len(claim) and (claim[end].key in keys or claim[end].folded in _JUXTAPOSING):
        end += 1
    return end


def _keeps_preposition(claim: Sequence[Token], quote: Sequence[Token], place: int) -> bool:
    """Tell whether a word follows one preposition of place in both: "at the bottom" may move."""
    key, preposition = claim[place].key, _preposition(claim, place)
    return preposition != "" and any(
        token.key == key and _preposition(quote, at) == preposition
        for at, token in enumerate(quote)
    )


def _preposition(tokens: Sequence[Token], place: int) -> str:
    at = place - 1
    while at >= 0 and tokens[at].folded in _ARTICLES:
        at -= 1
    return tokens[at].folded if at >= 0 and tokens[at].folded in _OF_PLACE else ""


def _is_plain(between: Sequence[Token]) -> bool:
    """Tell whether nothing but numbers and small words, or a form of "be", parts two blocks."""
    is_being = any(token.folded in _BEING for token in between)
    return is_being or not any(token.stem for token in between)


def _is_written_out(span: Sequence[Token], words: int) -> bool:
    """Tell whether a few words are a compound, or one written out ("size gap", "gap in size")."""
    small = {token.folded for token in span if not token.stem and not token.number}
    if words < _SHORT and small & _BEING and "than" not in small:
        return True
    return words <= _SHORT and small <= _JUXTAPOSING
