"""What a term is also called, and which headings name a subject: the same for every format."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TRAILING_ACRONYM = re.compile(r"(?P<name>.*\S)\s*\((?P<acronym>[\w&/.+-]{2,12})\)")
_LEADING_ACRONYM = re.compile(r"(?P<acronym>[\w&/.+-]{2,12})\s*\((?P<name>[^()]*\s[^()]*)\)")
_SPACE = re.compile(r"\s+")
_NO_SUBJECTS = {"glossary", "terms", "definitions", "glossary of terms", "symbols", "numbers", "#"}


def one_line(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return _SPACE.sub(" ", text).strip()


def aliases_of(
    term: str, stated: Iterable[str] = (), *, from_parentheses: bool = True
) -> tuple[str, ...]:
    """Return the other names of a term: the stated ones, and those of `Long (L)` or `L (Long)`.

    Neither the term itself nor a name twice, whatever the case.
    """
    names = [one_line(name) for name in stated]
    match = _TRAILING_ACRONYM.fullmatch(term) or _LEADING_ACRONYM.fullmatch(term)
    if from_parentheses and match and sum(letter.isupper() for letter in match["acronym"]) >= 2:
        names += [match["acronym"], match["name"]]
    found: dict[str, str] = {}
    for name in names:
        if name and name.casefold() != term.casefold():
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def subject_of(heading: str) -> str | None:
    """Return the category a section heading names, or None (a letter, "Glossary")."""
    name = one_line(heading).rstrip(":")
    is_letter_range = re.fullmatch(r"\w(?:\s*[-–—/,&]\s*\w)*|0\s*[-–]\s*9", name) is not None
    return None if not name or is_letter_range or name.casefold() in _NO_SUBJECTS else name
