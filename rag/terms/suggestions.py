"""Type-ahead: the terms and aliases that begin like what was typed so far."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexes.index import Index, Name

_WORD = re.compile(r"\w+")
_LAST = "\U0010ffff"
_LONGEST_CHARS = 100
_TOLERATED = ((6, 2), (3, 1))  # (from how many characters, how many slips)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An entry to offer; `alias` is the name that matched when it is not the term."""

    entry_id: str
    term: str
    alias: str | None
    category: str | None


@dataclass(frozen=True, slots=True)
class _Row:
    """A name from one of its words on; `key` is folded, every word followed by a space."""

    key: str
    place: int
    name: Name

    @property
    def worth(self) -> tuple[bool, bool, int, str, str]:
        """Sort key: beginnings before later words, terms before aliases, short before long."""
        name = self.name
        return self.place > 0, not name.is_term, len(name.text), name.text, name.entry_id


class SuggestionTable:
    """Every name of a snapshot by the beginnings of its words. Safe to use from several threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        rows = sorted(_rows(index.names()), key=lambda row: row.key)
        by_worth = sorted(range(len(rows)), key=lambda number: rows[number].worth)
        self._keys = [row.key for row in rows]
        self._names = [row.name for row in rows]
        self._rank = [0] * len(rows)
        for rank, number in enumerate(by_worth):
            self._rank[number] = rank

    def suggest(self, typed: str, limit: int) -> list[Suggestion]:
        """Return up to `limit` entries, one per family, with a name that begins as typed.

        Names that are just that come first, then those that begin so, then those of which a later
        word does; each time terms before aliases. A space after a word ends it. When nothing
        begins so, names that nearly do are returned, the nearest first.
        """
        prefix = folded(typed[:_LONGEST_CHARS])
        if not prefix:
            return []
        if not typed[-1].isspace():
            prefix = prefix[:-1]
        found = self._beginning(prefix) or self._nearly_beginning(prefix.rstrip())
        return self._one_per_family(found, limit)

    def _beginning(self, prefix: str) -> list[int]:
        first, end = self._range(prefix)
        whole = prefix.rstrip() + " "
        return sorted(
            range(first, end), key=lambda row: (self._keys[row] != whole, self._rank[row])
        )

    def _nearly_beginning(self, prefix: str) -> list[int]:
        """Return the rows of which some beginning is the prefix but for a slip or two.

        One of the first two letters is taken to be right: a name has the other first letters
        too rarely to look at all of them with every key pressed.
        """
        slips = next((slips for chars, slips in _TOLERATED if len(prefix) >= chars), 0)
        nearest: dict[int, int] = {}
        for letter in dict.fromkeys(prefix[:2]) if slips else ():
            for row, distance in self._near(prefix, slips, *self._range(letter)):
                nearest[row] = min(distance, nearest.get(row, distance))
        return sorted(nearest, key=lambda row: (nearest[row], self._rank[row]))

    def _near(self, prefix: str, slips: int, first: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield rows of a range and how many slips part the prefix from a beginning of theirs."""
        for chars in range(len(prefix) - 1, len(prefix) + 2):
            found = process.extract(
                prefix,
                [key[:chars] for key in self._keys[first:end]],
                scorer=OSA.distance,
                score_cutoff=slips,
                limit=None,
            )
            yield from ((first + place, int(distance)) for _, distance, place in found)

    def _range(self, prefix: str) -> tuple[int, int]:
        return bisect_left(self._keys, prefix), bisect_left(self._keys, prefix + _LAST)

    def _one_per_family(self, rows: Sequence[int], limit: int) -> list[Suggestion]:
        suggestions: list[Suggestion] = []
        seen: set[str] = set()
        for name in map(self._names.__getitem__, rows):
            if len(suggestions) == limit:
                break
            if name.entry_id not in seen:
                seen.update(self._index.family(name.entry_id))
                suggestions.append(self._suggestion(name))
        return suggestions

    def _suggestion(self, name: Name) -> Suggestion:
        entry = self._index.entry(name.entry_id)
        alias = None if name.is_term else name.text
        return Suggestion(entry.entry_id, entry.term, alias, entry.category)


def folded(text: str) -> str:
    """Return the words of a text without case and accents, every one followed by a space."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "".join(f"{word} " for word in _WORD.findall(letters.replace("_", " ")))


def _rows(names: Iterable[Name]) -> Iterator[_Row]:
    for name in names:
        key = folded(name.text)
        starts = [match.start() for match in _WORD.finditer(key)]
        yield from (_Row(key[start:], place, name) for place, start in enumerate(starts))
