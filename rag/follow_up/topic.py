"""The noun Topic: something that a conversation was about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.terms.terms import name_words

_VERSION = re.compile(r"v?\d+[a-z]?$")  # "TX2" is a TX


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that was talked about.

    Attributes:
        name: in words that can stand in a question.
        within: the term of the entry that treats it, when it has none of its own; "" otherwise.
        entry_ids: the entries it was found in, best first.
        family: the entries that are about it and nothing else.
        article: what stood before the name, "" for nothing.
    """

    name: str
    within: str = ""
    entry_ids: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    article: str = ""

    @property
    def phrase(self) -> str:
        """Return the name together with the entry that treats it."""
        own = {*name_words(self.name), *(_VERSION.sub("", w) for w in name_words(self.name))}
        has_all = set(name_words(self.within)) <= own
        name = f"{self.article} {self.name}".strip()
        return name if has_all else f"{name} in {self.within}"

    @property
    def field(self) -> str:
        """Return the widest name: the entry's, else its own."""
        return self.within or self.name


def same(one: Topic, other: Topic) -> bool:
    """Tell whether two topics are one: twins of one family, or of one name."""
    if one.family or other.family:
        return one.family == other.family
    return name_words(one.name) == name_words(other.name)
