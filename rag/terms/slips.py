"""Tell slips of spelling from different words: "varience" is variance, "tiling" is not timing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

_VOWELS = frozenset("aeiouy")
_SAME_SOUND = ("ckqs", "sz", "gj", "fv", "dt", "mn")
_SOUNDS = str.maketrans("eiouykqz", "aaaaaccs")
_REPEATED = re.compile(r"(.)\1+")
_ONE_SYLLABLE = re.compile(r"[^aeiou]*[aeiou]+[^aeiou]+(?:ing|ings|ed|er|ers|s|e)?")
_RECOGNISABLE_CHARS = 5  # of a word with a letter too many or another letter
_SHORTEST_BASE = 4
_SUFFIXES = (
    "s es ed d er ers or ors r rs ing ings ly ally al ion ions able ive ity ness less ment ist "
    "ists ize ise ized ised ful en ens ened arily"
).split()
_PREFIXES = "un non re co pre mis over under sub inter multi".split()


class Doubt(Enum):
    """Why a word that nobody knows may be right all the same."""

    NONE = "none"
    DERIVED = "derived"  # from a common word by an ending or a prefix
    CAPITAL = "capital"  # letters within: an acronym or a brand


def is_slip(
    written: str, meant: str, doubt: Doubt = Doubt.NONE, *, is_of_name: bool = True
) -> bool:
    """Tell whether the difference of two words, one or two edits, is one that slips make.

    Letters swapped, left out, doubled or not; a vowel or a sound spelt with another letter. Two
    edits are slips when the words sound alike but for a letter left out. A short word that is
    meant for none of a name's lacks only a vowel between consonants or a letter that stands twice.
    """
    one, other = _difference(written, meant)
    if doubt is Doubt.CAPITAL:
        is_one_letter = not (one and other) and len(written) >= _RECOGNISABLE_CHARS
        return is_one_letter or one == other[::-1]
    if not one:
        if len(written) > _RECOGNISABLE_CHARS or is_of_name:
            return len(other) == 1
        return _is_doubled(meant, written) or _is_lone_vowel(meant, written)
    if one == other[::-1] and len(one) == 2:
        return True
    if len(one) + len(other) > 2 or (len(one) == 2 and not other):
        one, other = _difference(_sound(written), _sound(meant))
        return not one and len(other) <= 1
    if not other and _is_doubled(written, meant):
        return True
    if len(written) < _RECOGNISABLE_CHARS:
        return False
    if not other:
        return _is_vowel_beside_another(written, meant)
    return _sound_alike(one, other) and not (one in _VOWELS and _ONE_SYLLABLE.fullmatch(written))


def has_swap(written: str, meant: str) -> bool:
    """Tell whether two words differ in the order of two letters alone."""
    one, other = _difference(written, meant)
    return len(one) == 2 and one == other[::-1]


def bases(word: str) -> Iterator[str]:
    """Yield the words that a word may be derived from by one ending or prefix."""
    for suffix in _SUFFIXES:
        base = word.removesuffix(suffix)
        if base != word and len(base) >= _SHORTEST_BASE - 1:
            yield from _whole(base)
    for prefix in _PREFIXES:
        base = word.removeprefix(prefix)
        if base != word and len(base) >= _SHORTEST_BASE:
            yield base


def _whole(base: str) -> Iterator[str]:
    """Yield what a base was before its ending changed it: "til" was tile, "swapp" was swap."""
    if len(base) >= _SHORTEST_BASE:
        yield base
    yield f"{base}e"
    if base[-1] == base[-2] and len(base) > _SHORTEST_BASE:
        yield base[:-1]
    if base[-1] == "i":
        yield f"{base[:-1]}y"


def _difference(one: str, other: str) -> tuple[str, str]:
    """Return what is left of two words without their common beginning and then end."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    end = 0
    while end < min(len(one), len(other)) and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[: len(one) - end], other[: len(other) - end]


def _sound(word: str) -> str:
    """Return a word with one letter for all vowels and for each sound, none repeated."""
    return _REPEATED.sub(r"\1", word.translate(_SOUNDS))


def _sound_alike(one: str, other: str) -> bool:
    if one in _VOWELS and other in _VOWELS:
        return True
    return any(one in sounds and other in sounds for sounds in _SAME_SOUND)


def _is_doubled(longer: str, shorter: str) -> bool:
    letter, around = _extra(longer, shorter)
    return letter in around


def _is_vowel_beside_another(longer: str, shorter: str) -> bool:
    letter, around = _extra(longer, shorter)
    return letter in _VOWELS and bool(around & _VOWELS)


def _is_lone_vowel(longer: str, shorter: str) -> bool:
    letter, around = _extra(longer, shorter)
    return letter in _VOWELS and not around & _VOWELS


def _extra(longer: str, shorter: str) -> tuple[str, set[str]]:
    """Return the letter that one word has more than another, and the letters beside it."""
    differs = (place for place, letter in enumerate(shorter) if letter != longer[place])
    place = next(differs, len(shorter))
    return longer[place], {*longer[max(0, place - 1) : place], *longer[place + 1 : place + 2]}
