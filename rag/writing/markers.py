"""Citation markers in a model's text: "[2]", "[1, 3]", "[Source 2]", "(Source 2)", "【2†source】".

What stood around markers alone goes with them: "**[1]**", "([1], [3])", "<sup>[1]</sup>".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

_LABEL = (
    r"(?:(?:sources?|src|docs?|documents?|refs?|references?|citations?|entry|entries|passages?)"
    r"\.?[ ]{0,2}[:#_-]?[ ]{0,2})"
)
_ONE = r"#?\d{1,4}(?::\d{1,4}(?=[-\d]{0,9}†))?"
_JOINT = r"(?:[ ]{0,3}(?:[,;–\-/&+]|and)[ ]{0,3}|[ ]{1,3})"
_LABELLED = rf"{_LABEL}{_ONE}(?:{_JOINT}{_LABEL}?{_ONE}){{0,30}}"
MARKER = (
    rf"(?:\\?[\[【［][\s*_^`#]{{0,4}}(?:{_LABELLED}|{_LABEL}?[\s*_^`#]{{0,4}}{_ONE}"
    rf"(?:{_JOINT}{_LABEL}?{_ONE}){{0,30}})[\s*_`]{{0,4}}(?:†[^\]】］\n]{{0,80}})?\\?[\]】］]"
    rf"|[(（]{_LABELLED}[)）])"
)
"""Matches one marker; to be compiled without regard to case."""
_ABOVE = "[⁰¹²³⁴-⁹]{1,2}"
RAISED = (
    rf"(?:(?<=[.!?…])|(?<=[^\W\d_]{{4}}))⁽?{_ABOVE}(?:[,˒]{_ABOVE}){{0,9}}⁾?(?=[.!?…]?(?:\s|$))"
)
"""Matches raised numbers that close a sentence or a word, like those of footnotes."""

_MARKER = re.compile(
    rf"(?i)(?P<code>`[^`\n]*`)|(?P<marker>{MARKER})(?:\([^()\s]{{0,2000}}\))?|(?P<raised>{RAISED})"
)
# "(2)" cites at the end of a sentence only, behind a word: elsewhere it counts or names a formula.
_BARE = re.compile(r"(?P<before>[^\W\d_]{2,40}[)\"”’*_]{0,3})(?P<bare>(?:[ ]{1,2}\(\d{1,2}\))+)")
_SENTENCE_ENDS = re.compile(r"\s?[.!?…]?[*_\"”’]{0,3}\s*$")
_BEFORE_A_NUMBER = frozenset(
    "and or by in of to from with than the eq eqs equation equations formula step steps see item "
    "case point part option phase stage layer level type class group version using via".split()
)
_UNITS = frozenset("metre metres meter meters inch inches feet second seconds".split())
_GONE = "\x00"
_EMPTIED = re.compile(
    r"(?i)\x00(?:[ ]?(?:[,;/&+]|and\b)?[ ]?\x00)+"
    r"|(?<![\w*~$])(?P<around>\*{1,3}|_{1,3}|~~|\$\$?|`)\x00(?P=around)(?![\w*~$])"
    r"|\\?[\[(（【［](?:see |cf\.? |sources?:? |from )?[ ]{0,2}\x00[ ]{0,2}"
    r"\\?[\])）】］](?:\([^()\s]{0,2000}\))?"
    r"|<(?P<tag>sup|sub|b|i|em|strong|small|cite)>[ ]{0,2}\x00[ ]{0,2}</(?P=tag)>"
)
_LEAD = re.compile(
    r"(?i)^(?:according to|as (?:stated|said|described|noted|mentioned|shown) (?:in|by)|per)"
    r"[ ](?:the[ ])?(?:sources?|documents?|references?|entry|entries|passages?)?[ ]?\x00,[ ]*(\w?)"
)
_ROUNDS = 4  # of wrappers in wrappers
_OPENED = re.compile(r"(?:^|(?<=\s))([*_]{1,3})\x00[ ]+")
_SPACE_GONE = re.compile(r"(?<!\s)\s*\x00|\s*\x00")
_TWO_STOPS = re.compile(r"(?<!\.)([.!?])\s?\.(?=\s*$)")  # "It is. [1]."
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
_SECTION = re.compile(r"(?<=\d):\d+")
_NUMBER = re.compile(r"\d+")
_LONGEST_RANGE = 20


def read_markers(text: str, literal: Container[str] = ()) -> tuple[str, tuple[int, ...]]:
    """Return a text without its markers, and the numbers in them: in order, each once.

    Inline code keeps what looks like a marker, and what is `literal` (an interval such as "[0, 1]")
    stays as well.
    """
    numbers: list[int] = []

    def collect(match: re.Match[str]) -> str:
        if match["raised"]:
            return _raised(match, numbers)
        if match["code"] or match["marker"] in literal:
            return match[0]
        numbers.extend(_numbers(match["marker"].partition("†")[0]))
        return _GONE

    bare = _BARE.sub(lambda m: _bracketed(m, numbers), text.replace(_GONE, ""))
    bare = _MARKER.sub(collect, bare)
    if not numbers:
        return bare.strip(), ()
    bare = _OPENED.sub(r"\1", _without_emptied(bare))
    bare = _LEAD.sub(lambda match: match[1].upper(), bare)
    bare = _SPACE_GONE.sub("", bare)
    return _TWO_STOPS.sub(r"\1", bare).strip(), tuple(dict.fromkeys(numbers))


def _bracketed(match: re.Match[str], numbers: list[int]) -> str:
    """Return what stays of "word (2)"."""
    word = match["before"].strip(')"”’*_').lower()
    if word in _BEFORE_A_NUMBER or not _SENTENCE_ENDS.match(match.string, match.end()):
        return match[0]
    numbers.extend(map(int, _NUMBER.findall(match["bare"])))
    return f"{match['before']}{_GONE}"


def _raised(match: re.Match[str], numbers: list[int]) -> str:
    """Return what stays of a raised number; that of a unit stays."""
    words = match.string[max(0, match.start() - 12) : match.start()].split()
    if words and words[-1].lower() in _UNITS:
        return match[0]
    runs = re.split("[,˒]", match["raised"].strip("⁽⁾"))
    numbers.extend(int("".join(str(unicodedata.digit(c)) for c in run)) for run in runs)
    return _GONE


def _without_emptied(text: str) -> str:
    for _ in range(_ROUNDS):
        bare = _EMPTIED.sub(_GONE, text)
        if bare == text:
            break
        text = bare
    return text


def _numbers(marker: str) -> list[int]:
    marker = _SECTION.sub("", marker)
    spans = [(int(low), int(high)) for low, high in _RANGE.findall(marker)]
    inner = [
        n for low, high in spans if low <= high < low + _LONGEST_RANGE for n in range(low, high)
    ]
    return sorted({*inner, *map(int, _NUMBER.findall(marker))})
