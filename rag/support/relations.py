"""Does a sentence join two statements as its quote does: by cause, by time, by condition?

"The path lies in vacuum because air absorbs the light" says the same as "air absorbs the light, so
the path lies in vacuum", and "air absorbs the light because the path lies in vacuum" does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.support.statement import Token

_REACH = 14
_LEAST = 0.34  # share of a side's words that the other text's side must have to be it


class Kind(StrEnum):
    """How two statements are joined; the first one is the cause, the earlier or the condition."""

    CAUSE = "cause"
    TIME = "time"
    CONDITION = "condition"
    CONTRAST = "contrast"
    EXCEPTION = "exception"


# The kind of each word, and whether what follows it is the first of the two statements.
_JOINING = {
    "because": (Kind.CAUSE, True),
    "since": (Kind.CAUSE, True),
    "so": (Kind.CAUSE, False),
    "therefore": (Kind.CAUSE, False),
    "thus": (Kind.CAUSE, False),
    "hence": (Kind.CAUSE, False),
    "consequently": (Kind.CAUSE, False),
    "thereby": (Kind.CAUSE, False),
    "why": (Kind.CAUSE, False),
    "after": (Kind.TIME, True),
    "once": (Kind.TIME, True),
    "before": (Kind.TIME, False),
    "until": (Kind.TIME, False),
    "if": (Kind.CONDITION, True),
    "when": (Kind.CONDITION, True),
    "whenever": (Kind.CONDITION, True),
    "although": (Kind.CONTRAST, True),
    "though": (Kind.CONTRAST, True),
    "despite": (Kind.CONTRAST, True),
    "unless": (Kind.EXCEPTION, True),
}
_ADVERBS = frozenset("therefore thus hence consequently thereby".split())
_ALIKE = {Kind.CONDITION: (Kind.CONDITION, Kind.TIME), Kind.TIME: (Kind.TIME, Kind.CONDITION)}


@dataclass(frozen=True, slots=True)
class Joint:
    """Two statements and how they are joined: the keys of each, the first one first."""

    word: str
    kind: Kind
    first: frozenset[str]
    second: frozenset[str]


def misjoined(claim: Sequence[Token], quotes: Sequence[Sequence[Token]]) -> list[str]:
    """Return the words by which a claim joins what quotes join the other way round.

    Where the clauses beside the quotes' word are others, all that is before and behind it counts.
    """
    known = [joint for quote in quotes for joint in _joints(quote)]
    wide = [joint for quote in quotes for joint in _joints(quote, is_wide=True)]
    found = []
    for joint in _joints(claim):
        if not any(_likeness(joint, one) or _likeness(joint, _turned(one)) for one in known):
            known = wide
        alike = [one for one in known if one.kind in _ALIKE.get(joint.kind, (joint.kind,))]
        straight = max((_likeness(joint, one) for one in alike), default=0.0)
        turned = max((_likeness(joint, _turned(one)) for one in alike), default=0.0)
        if turned > straight and turned >= _LEAST:
            found.append(joint.word)
    return found


def _turned(joint: Joint) -> Joint:
    return Joint(joint.word, joint.kind, joint.second, joint.first)


def _likeness(one: Joint, other: Joint) -> float:
    """Return how much of both statements of one joint the other has, in its places."""
    return _shared(one.first, other.first) + _shared(one.second, other.second)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one) if one else 0.0


def _joints(tokens: Sequence[Token], *, is_wide: bool = False) -> Iterator[Joint]:
    """Yield how statements are joined; a joining word in front joins what a comma parts.

    With `is_wide` all that is before and behind a word is what it joins.
    """
    for place, token in enumerate(tokens):
        if token.folded not in _JOINING or _is_other_use(tokens, place):
            continue
        kind, is_first = _JOINING[token.folded]
        before, after = _before(tokens, place), _after(tokens, place)
        if is_wide:
            before, after = _keys(tokens[:place]), _keys(tokens[place + 1 :])
        if not before and is_first:
            at = next((p for p in range(place, len(tokens)) if tokens[p].is_break), len(tokens))
            after, before = _keys(tokens[place:at]), _after(tokens, at)
        if before and after:
            first, second = (after, before) if is_first else (before, after)
            yield Joint(token.text, kind, first, second)


def _is_other_use(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a word joins nothing: "so called", "at once", "since 2012"."""
    after = tokens[place + 1 : place + 2]
    before = tokens[place - 1].folded if place else ""
    if tokens[place].folded in _ADVERBS and not (place and tokens[place - 1].is_break):
        return True
    return before in ("at", "or", "how", "even") or bool(after and after[0].number)


def _before(tokens: Sequence[Token], place: int) -> frozenset[str]:
    start = place
    while start > 0 and place - start < _REACH and not _is_stop(tokens, start - 1, place):
        start -= 1
    return _keys(tokens[start:place])


def _after(tokens: Sequence[Token], place: int) -> frozenset[str]:
    end = place + 1
    while end < len(tokens) and end - place < _REACH and not tokens[end].is_break:
        end += 1
    return _keys(tokens[place:end])


def _is_stop(tokens: Sequence[Token], at: int, place: int) -> bool:
    """Tell whether a clause ends at `at`; a comma right before the joining word does not count."""
    return tokens[at].is_break and at < place - 1


def _keys(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(t.key for t in tokens if t.stem or t.number)
