"""Read "the second one", "the latter", "number 3": a place in a list, or the other of two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

_PLACES = {
    word: place
    for place, words in enumerate(
        ("first 1st former", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th")
    )
    for word in words.split()
} | {"last": -1, "final": -1, "latter": -1, "other": -1}
_NOUN = (
    "thing|method|technique|approach|algorithm|model|concept|idea|term|topic|subject|"
    "system|framework|tool|option|kind|type|variant|version|category|item|point|step|stage|phase|"
    "example|reason|way|use|application|benefit|advantage|drawback|challenge|part|component|class"
)
_TALKED = (
    r"(?:that\s|which\s)?(?:we|you|i)(?:['’]ve|\shave|\shad)?\s"
    r"(?:talked|spoke|discussed|mentioned|asked|started|said|listed|named|began)\w*"
    r"(?:\sabout|\swith)?"
)
_ORDINAL = re.compile(
    rf"""(?ix)\b(?:the|that|this|your)\ (?:very\ )?(?P<place>{"|".join(_PLACES)})\b
    (?:\ (?:of|from|in|among)\ (?:those|these|them|the\ (?:two|three|four|five|list|above)))?
    (?:\ (?:(?P<one>ones?)|(?P<noun>{_NOUN}))\b)?
    (?:\ (?:of|from|in|among)\ (?:those|these|them|the\ (?:two|three|four|five|list|above)))?
    (?P<talked>\ {_TALKED})?"""
)
_NUMBER = re.compile(r"(?i)(?:\b(?:number|option|item|point|step|no\.?)\s*|#)(?P<number>[1-9])\b")
_GOES_ON = re.compile(
    r"(?i)^\s*(?:$|[?.,;:!–-]|['’]s\b|(?:is|are|was|were|do|does|did|has|have|had|can|could|will|"
    r"would|should|may|might|and|or|but|in|on|at|of|for|to|from|by|with|as|than|then|work|works|"
    r"mean|means|differ|compare|again|exactly|really|better|faster|called|used|about|improve|give|"
    r"reach|cost|need|take|perform|handle|support|require|help|reduce|increase|save|look|run|get|"
    r"use|make|apply|scale|achieve|produce|store|learn|go|come|fail|happen|gives|needs|takes|uses|"
    r"requires|supports)\b)"
)
_LAST_WORD = re.compile(r"\s+[\w-]+[\s?.!]*$")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A span that names a place: counted from 0, or -1 for the last.

    Attributes:
        noun: what the items are called ("kind"), "" when it does not say.
        is_of_talk: whether it counts what was talked about rather than items of a list.
        is_other: whether it names the one of two that was not meant before.
    """

    start: int
    end: int
    place: int
    noun: str = ""
    is_of_talk: bool = False
    is_other: bool = False

    def pick(self, items: Sequence[Item]) -> Item | None:
        """Return the item at this place, or None when there is none."""
        place = self.place if self.place >= 0 else len(items) + self.place
        return items[place] if 0 <= place < len(items) else None


def find_ordinal(text: str) -> Ordinal | None:
    """Return the first span that names a place, or None.

    "The first layer" names no place in what was shown: only a general noun may follow.
    """
    for match in _ORDINAL.finditer(text):
        after = text[match.end() :]
        is_of_two = match["place"].casefold() in ("former", "latter")
        stands_alone = is_of_two or match["one"] or match["talked"] or _GOES_ON.match(after)
        if match["noun"]:
            if after.startswith(" of "):
                continue
            stands_alone = stands_alone or _LAST_WORD.match(after)
        if stands_alone:
            word = match["place"].casefold()
            return Ordinal(
                match.start(),
                match.end(),
                _PLACES[word],
                noun=(match["noun"] or "").casefold(),
                is_of_talk=bool(match["talked"]),
                is_other=word == "other",
            )
    if number := _NUMBER.search(text):
        return Ordinal(number.start(), number.end(), int(number["number"]) - 1)
    return None
