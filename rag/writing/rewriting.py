"""A follow-up question as a model makes it complete: read out of its reply, and checked.

A model may answer instead, add a remark, or ask something else. What it wrote counts only when it
asks what the person asked, in words of the conversation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from indexes.index import Index
from rag.characters import visible
from rag.follow_up.general_words import ANY_THING, FUNCTION

_AROUND = " \t\"'“”‘’`*_>#"
_LABEL = re.compile(
    r"(?i)^[\s\"“*_>#•-]{0,8}(?:(?:sure|certainly|okay|ok|yes)[,.!]?\s+)?"
    r"(?:here(?:['’]s| is)[^:\n]{0,60}|(?:the\s+)?(?:(?:rewritten|revised|stand-?alone|completed?|"
    r"full|final|new|last|reformulated|self-contained)\s+){0,2}(?:question|query)[^:?\n]{0,30})"
    r"[*_]{0,2}:[*_]{0,2}\s*"
)
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]{1,2}\b)?")
_ENDING = re.compile(r"['’][a-z]{1,2}$")
_DENYING = frozenset("not no never nor neither without cannot none except".split())
# Words that point back, which the thing itself replaces, and words that only ask.
_LEANING = ANY_THING | frozenset(
    "ones same former latter other another first second third fourth last previous above said "
    "mentioned tell explain describe define show list please then too".split()
)


def read_rewritten(said: str) -> str:
    """Return the question in what a model replied, "" when there is none.

    That is the first line that ends like a question, or the only line; labels and quotation marks
    go.
    """
    lines = [line for line in map(_bare, visible(said).splitlines()) if any(map(str.isalnum, line))]
    asking = [line for line in lines if line.endswith("?")]
    if asking:
        return asking[0]
    return lines[0] if len(lines) == 1 else ""


def asks_the_same(
    index: Index, question: str, rewritten: str, conversation: Sequence[tuple[str, str]]
) -> bool:
    """Tell whether a rewritten question keeps what the question says and adds nothing of its own.

    It has every telling word of the question, as many denials, and beyond them only words that
    somebody said in the conversation.
    """
    own, new = _telling(index, question), _telling(index, rewritten)
    kept = set().union(*(stems for word, stems in own if word not in _LEANING))
    said = set().union(*(stems for _, stems in new))
    known = {stem for pair in conversation for text in pair for stem in index.stems(text)}
    known.update(*(stems for _, stems in own))
    known.update(*(index.stems(word) or [word] for word in _LEANING))
    return kept <= said <= known and _denials(question) == _denials(rewritten)


def _bare(line: str) -> str:
    return _LABEL.sub("", line, count=1).strip(_AROUND)


def _telling(index: Index, text: str) -> list[tuple[str, frozenset[str]]]:
    """Return the words of a text that any other text would not have, with their stems."""
    return [(word, frozenset(index.stems(word) or [word])) for word in _words(text) if _tells(word)]


def _tells(word: str) -> bool:
    return word not in FUNCTION and word not in _DENYING and not word.endswith(("n't", "n’t"))


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        yield word if word.endswith(("n't", "n’t")) else _ENDING.sub("", word)


def _denials(text: str) -> Counter[str]:
    denies = (word in _DENYING or word.endswith(("n't", "n’t")) for word in _words(text))
    return Counter("not" for is_denial in denies if is_denial)
