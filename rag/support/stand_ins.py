"""Which small word may stand in the very place of other words, where all around it is the same."""

from __future__ import annotations

from collections.abc import Collection

# Words that hold a sentence together, whatever they stand for.
_GLUE = frozenset(
    (
        "a an the that this these those it its they their them he she his her him which who whom "
        "whose what how where there here itself themselves is are be being am was were been has "
        "have had having do does did done and also too"
    ).split()
)
# Prepositions; those of one line may stand for each other.
_PREPOSITIONS = (
    "in on at within inside during",
    "of for in",
    "of from",
    "of by",
    "of on about",
    "to into onto toward towards",
    "to for",
    "by with through via using",
    "by from",
    "with of",
    "with for",
    "as like",
    "as for",
    "out off from",
    "down",
)
_GROUPS = [frozenset(line.split()) for line in _PREPOSITIONS]
_PREPOSITION = frozenset().union(*_GROUPS)
_ALTERNATIVES = frozenset("or nor instead rather unless without except".split())
_DETERMINERS = frozenset("a an the its their this that these those one another".split())


def may_stand(word: str, instead: Collection[str], *, is_telling: bool) -> bool:
    """Tell whether a small word that claims nothing by itself may stand for some words.

    `is_telling` tells that there are words among them that claim something.
    """
    if word == "and":
        return _ALTERNATIVES.isdisjoint(instead)
    if word == "one":
        return not instead or not _DETERMINERS.isdisjoint(instead)
    if word in _GLUE:
        return True
    if word in _PREPOSITION:
        others = _PREPOSITION.intersection(instead)
        return not others or any(word in group and group & others for group in _GROUPS)
    return not is_telling
