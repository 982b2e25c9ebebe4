"""Split running text into sentences, by character spans."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Inside these, a full stop ends nothing: inline code, formulas, short parentheses, quotations.
_PROTECTED = re.compile(
    r"`[^`\n]{1,400}`|\$[^$\n]{1,400}\$|\([^()\n]{1,300}\)|“[^”\n]{1,300}”|\[[^\[\]\n]{1,200}\]"
)
_END = re.compile(r"""[.!?…]+(?:\*{1,3}|[)\]"'”’`])*(?=\s|$)""")
_ABBREVIATIONS = frozenset(
    (
        "e.g i.e vs etc al cf fig figs eq eqs sec ref refs nos approx ca resp dr mr mrs ms prof "
        "st inc ltd corp dept est jr sr vol pp ed eds"
    ).split()
)
_LAST_WORD = re.compile(r"[\w.]+$")
_OPENERS = "*\"'“‘([`$_"


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence of `text[start:end]`, without white space around it."""
    end = len(text) if end is None else end
    protected = [match.span() for match in _PROTECTED.finditer(text, start, end)]
    begin, index = start, 0
    for match in _END.finditer(text, start, end):
        while index < len(protected) and protected[index][1] <= match.start():
            index += 1
        inside = index < len(protected) and protected[index][0] < match.start()
        if inside or not _is_boundary(text, match.start(), match.end(), end):
            continue
        yield from _trimmed(text, begin, match.end())
        begin = match.end()
    yield from _trimmed(text, begin, end)


def _is_boundary(text: str, stop: int, after: int, end: int) -> bool:
    """Tell whether the stop at `stop`, its closers ending at `after`, ends a sentence."""
    if after >= end:
        return True
    following = text[after : min(end, after + 40)].lstrip().lstrip(_OPENERS)[:1]
    if following and following.islower() and text[stop] != "…":
        return False
    if text[stop] != "." or text[stop : stop + 2] == "..":
        return True
    word = _LAST_WORD.search(text, max(0, stop - 30), stop)
    if word is None:
        return True
    last = word.group().lower()
    is_initial = len(last) == 1 and last.isalpha() and word.group().isupper()
    return last not in _ABBREVIATIONS and not is_initial


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
