"""Is a sentence its quote but for a few words, and do these words say the same?

Far from its quote a sentence is judged by its words, wherever they stand. Where it repeats the
quote, each word that differs is held against the very words in whose place it stands: "all values"
is not "some values", whatever else the quote has some of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from corpus.passage import UnitKind
from rag.support.fit import has_number
from rag.support.polarity import is_denying
from rag.support.reading import UnitReading
from rag.support.slots import TAKING_UP
from rag.support.stand_ins import may_stand
from rag.support.statement import Statement, Token
from rag.support.words import Lexicon

_NEARLY = 0.7  # share of a sentence's words that its quote has in the same order
_FEWEST = 4
_STATEMENT = 3  # telling words from which what is added is a statement of its own
_LONG_STEM = 4  # letters from which a stem is hardly that of another word
_REST = 2  # words, for each of a sentence, that are too many to stand in its place
_BESIDE = 2  # words next to an edit that may back a small word


@dataclass(frozen=True, slots=True)
class Edit:
    """A span of a sentence and the span of its quote that it stands for; either may be empty."""

    said: range
    known: range


@dataclass(frozen=True, slots=True)
class _Words:
    """The quote's words in the place of an edit.

    Attributes:
        instead: those that the sentence has nowhere.
        beside: all of them, and those next to them.
        is_even: whether the sentence has as many words there as the quote.
        is_end: whether the sentence adds something at an end, which another quote may hold.
        is_joined: whether other quotes take part.
    """

    instead: Sequence[Token]
    beside: Sequence[Token]
    is_even: bool
    is_end: bool
    is_joined: bool


def misedited(
    claim: Statement, unit: UnitReading, lexicon: Lexicon, *, is_joined: bool = False
) -> list[str]:
    """Return the words by which a sentence that is nearly its quote says something else.

    With `is_joined` other quotes take part: they may hold what the sentence adds at its ends.
    """
    said = [token for token in claim.tokens if token.text]
    known = [token for token in unit.statement.tokens if token.text]
    edits = _edits(said, known)
    there = [known[place] for edit in edits for place in edit.known]
    here = frozenset(said[place].key for edit in edits for place in edit.said)
    found: list[str] = []
    for edit in edits:
        added = [said[place] for place in edit.said]
        is_end = edit.said.start == 0 or edit.said.stop == len(said)
        if is_joined and not edit.known and _may_be_joined(added, is_end=is_end):
            continue
        beside = 0 if edit.known else _BESIDE
        words = _Words(
            [known[at] for at in _in_place(edit, is_end=is_end) if known[at].key not in here],
            known[max(0, edit.known.start - beside) : edit.known.stop + beside],
            len(edit.said) == len(edit.known),
            is_end=is_joined and is_end and not edit.known,
            is_joined=is_joined,
        )
        found += [
            said[place].text
            for place in edit.said
            if not _is_moved(said[place], there, lexicon)
            and not _counts_little(said, place)
            and not _is_fair(said[place], words, unit, lexicon)
        ]
    return found


def _in_place(edit: Edit, *, is_end: bool) -> range:
    """Return the places of the quote's words for which an edit stands.

    At an end that is none of all that the quote has before or behind what the sentence repeats.
    """
    is_rest = is_end and len(edit.known) > _REST * len(edit.said)
    return range(0) if is_rest else edit.known


def _may_be_joined(added: Sequence[Token], *, is_end: bool) -> bool:
    """Tell whether added words are a statement of their own, or join one at an end."""
    telling = sum(bool(token.stem or token.number) for token in added)
    return telling >= _STATEMENT or (is_end and not telling)


def _edits(said: Sequence[Token], known: Sequence[Token]) -> list[Edit]:
    """Return where a sentence differs from a quote; nothing unless it nearly is the quote."""
    matcher = SequenceMatcher(None, [t.key for t in said], [t.key for t in known], autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    if same < max(_FEWEST, _NEARLY * len(said)):
        return []
    return [
        Edit(range(one, other), range(first, last))
        for kind, one, other, first, last in matcher.get_opcodes()
        if kind != "equal"
    ]


def _counts_little(said: Sequence[Token], place: int) -> bool:
    """Tell whether a word only says of the number behind it that it is small."""
    after = said[place + 1 : place + 2]
    is_counted = bool(after) and (after[0].number is not None or after[0].folded == "one")
    return is_counted and said[place].folded in ("only", "just")


def _is_moved(token: Token, there: Sequence[Token], lexicon: Lexicon) -> bool:
    """Tell whether a word is one that the quote has elsewhere and the sentence has not there."""
    return any(
        token.key == other.key or (token.stem and _says_the_same(token, other, lexicon))
        for other in there
    )


def _is_fair(token: Token, words: _Words, unit: UnitReading, lexicon: Lexicon) -> bool:
    """Tell whether a word says what the quote's words in its place say, or nothing."""
    instead = words.instead
    if any(_says_the_same(token, other, lexicon) for other in instead):
        return True
    if token.number:
        is_known = has_number(token.number, unit)  # what no quote has is missing as a fact
        return not (is_known and any(other.number for other in instead))
    if unit.unit.kind is UnitKind.STEP and token.folded == "should":
        return True  # what a step tells to do should be done
    if is_denying(token):
        return any(is_denying(other) for other in instead)
    told = [other for other in instead if other.stem]
    if token.stem:
        return _may_name(token, told, words, unit, lexicon)
    folded = frozenset(other.folded for other in instead)
    beside = frozenset(other.folded for other in words.beside)
    return lexicon.is_backed(token, beside) and may_stand(
        token.folded, folded, is_telling=bool(told) and words.is_even
    )


def _may_name(
    token: Token, told: Sequence[Token], words: _Words, unit: UnitReading, lexicon: Lexicon
) -> bool:
    """Tell whether a word that is not the quote's own there may name what the quote is about."""
    if told:
        is_name = token.key in unit.names and not words.is_even
        if is_name and all(o.key in unit.names or o.folded in TAKING_UP for o in told):
            return True
        return not (words.is_even or words.is_joined or lexicon.credit(token, unit.statement.keys))
    if token.is_name or len(token.text) == 1 or token.folded in unit.given_folded:
        return True  # compared as a name
    if len(token.key) < _LONG_STEM:
        return False
    is_known = lexicon.is_given(token, unit.statement.keys)
    return lexicon.is_given(token, unit.given) or not (words.is_end or is_known)


def _says_the_same(token: Token, other: Token, lexicon: Lexicon) -> bool:
    if token.stem:
        return lexicon.credit(token, frozenset((other.key,))) > 0
    return lexicon.backs(other, token)
