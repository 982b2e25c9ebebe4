"""Misspell a name the ways that people do, reproducibly."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random

Variant = Callable[[str, Random], str]


def swap_letters(name: str, random: Random) -> str:
    """Exchange two neighbouring letters that differ; the name itself when it has no such pair."""
    places = [
        place
        for place, (one, other) in enumerate(pairwise(name))
        if one.isalpha() and other.isalpha() and one.casefold() != other.casefold()
    ]
    if not places:
        return name
    place = random.choice(places)
    return f"{name[:place]}{name[place + 1]}{name[place]}{name[place + 2 :]}"


def drop_letter(name: str, random: Random) -> str:
    """Leave one letter out; the name itself when it has one letter only."""
    places = [place for place, character in enumerate(name) if character.isalpha()]
    if len(places) < 2:
        return name
    place = random.choice(places)
    return name[:place] + name[place + 1 :]


def pluralize(name: str) -> str:
    """Put the last word of a name into the plural, unless it ends in s already."""
    if name.endswith(("s", "S")):
        return name
    if name.endswith("y") and name[-2:-1] not in set("aeiou"):
        return f"{name[:-1]}ies"
    return f"{name}s"


VARIANTS: dict[str, Variant] = {
    "lower case": lambda name, _random: name.lower(),
    "upper case": lambda name, _random: name.upper(),
    "plural": lambda name, _random: pluralize(name),
    "two letters swapped": swap_letters,
    "one letter dropped": drop_letter,
}
