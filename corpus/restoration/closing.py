"""The closing paragraph of an entry, which a flat text glues to its last list item."""

from __future__ import annotations

import re

_TAIL = 6_000
_LINKS = "is|are|was|were|has|have|represents?|provides?|remains?|reveals?|enables?|offers?"
_PLAIN = re.compile(
    r"(?<=[.!?)]\s)[A-Z][^.!?*:;|()\n]{2,80}?\s(?:is|are|represents?)\s(?:\w{1,12}\s){0,2}\*\*\w"
)


def subjects(masked: str) -> tuple[str, ...]:
    """Read what the entry is about from its opening bold run: the name and its short form."""
    opening = re.match(r"\*\*([^*]{2,120})\*\*", masked)
    if not opening:
        return ()
    return tuple(name for name in re.split(r"\s*[()]\s*|\s+—\s+", opening[1]) if len(name) > 1)


def about_subject(text: str, names: tuple[str, ...]) -> bool:
    """Tell whether a bold text names the subject, in full or by a part of its words."""
    words = set(_stems(text))
    return bool(words) and any(words <= set(_stems(name)) for name in names)


def find_closing(masked: str, names: tuple[str, ...], start: int) -> int | None:
    """Find where the closing paragraph begins within the last block, which begins at `start`."""
    start = max(start, len(masked) - _TAIL)
    found = [
        match.start("name")
        for name in names
        for match in _named(name).finditer(masked, start)
        if _fits(masked, match)
    ]
    if not found:
        found = [match.start() for match in _PLAIN.finditer(masked, start)]
    return found[-1] if found else None


def _named(name: str) -> re.Pattern[str]:
    core = re.escape(name.removesuffix("s"))
    return re.compile(
        rf"(?<=\s)(?P<name>(?i:{core}(?:e?s)?)(?:\s\([^()]{{1,40}}\))?)\s"
        rf"(?P<verb>{_LINKS}|[a-z]+(?:ed|s))\s(?P<bold>(?:\w{{1,14}}\s){{0,3}}\*\*)?"
    )


def _fits(masked: str, match: re.Match[str]) -> bool:
    begin = match.start("name")
    before = masked[max(0, begin - 3) : begin].rstrip()[-1:]
    if not masked[begin].isupper():
        return False
    if match["bold"] and re.fullmatch(_LINKS, match["verb"]):
        return before != ":" and before != "*"
    return before in ".!?)"


def _stems(text: str) -> list[str]:
    return [word.removesuffix("s") for word in re.findall(r"\w+", text.lower())]
