"""Words put into a sentence that make it claim something else: hedges, bounds, quantifiers.

None of them is denied by a list of the verifier's own: they are chosen as a model might write them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from eval.adversarial_changes import Change, Said

NUMBER = re.compile(r"(?<![\w.,:/^-])\d+(?:\.\d+)?(?![\w.,:^-]*\d)")
_VERB = re.compile(
    r"(?<=\w )(?:is|are|was|were|has|have|can|may|must|takes?|needs?|uses?|makes?|runs?|gives?|"
    r"reduces?|increases?|stores?|maps?|learns?|connects?|measures?|provides?|allows?|keeps?)"
    r"(?= \w)"
)
_BEFORE = frozenset("is are was were has have can may must".split())
_BOUNDED = re.compile(r"(?:[<>≤≥~≈]|\b(?:about|roughly|over|under|up to|around|nearly)) ?$")
_MEASURED = re.compile(r"(?<=\d)\s?(?:GB|MB|nm|mm|ms|GHz|MHz|Hz|W|V|bits?|Gb/s|GB/s|%)(?![\w/])")
_DOUBTS = (
    "allegedly supposedly reportedly presumably apparently arguably purportedly ostensibly "
    "possibly perhaps maybe conceivably"
).split()
_WEAKENED = (
    "barely scarcely partly partially somewhat occasionally sometimes sporadically theoretically "
    "nominally superficially ineffectively reluctantly"
).split()
_STRENGTHENED = (
    "invariably universally dramatically flawlessly exponentially infinitely instantly "
    "permanently automatically provably officially drastically"
).split()
_FALLING_SHORT = ("far from", "anything but", "short of", "close to", "next to", "no longer")
_ATTEMPTS = ("fails to", "tries to", "refuses to", "pretends to", "ceases to", "struggles to")
_BOUNDS = ("over", "under", "more than", "fewer than", "at least", "at most", "up to", "below", ">")
_ROUGHLY = ("about", "roughly", "nearly", "almost", "approximately", "around", "some", "~")
_TIMES = ("twice", "half of", "double", "three times", "a multiple of", "a fraction of")
_EXCLUSIVE = ("only", "solely", "exclusively", "nothing but", "merely", "just")
_WHENS = (
    "since 1998",
    "nowadays",
    "in the future",
    "until recently",
    "during winter",
    "for decades",
    "in most countries",
    "at room temperature",
    "on request",
    "by law",
)


def _word_put_in(words: Sequence[str]) -> Change:
    def change(one: Said, _: Sequence[Said], chooser: random.Random) -> str | None:
        found = _VERB.search(one.text)
        if not found:
            return None
        word = chooser.choice(words)
        both = f"{found[0]} {word}" if found[0] in _BEFORE else f"{word} {found[0]}"
        return _put(one.text, found, both)

    return change


def _doubted(one: Said, said: Sequence[Said], chooser: random.Random) -> str | None:
    """Put a doubt into a sentence that has none: "may perhaps" says no less than "may"."""
    if re.search(r"\b(?:may|might|could)\b", one.text):
        return None
    return _word_put_in(_DOUBTS)(one, said, chooser)


def _attempted(one: Said, _: Sequence[Said], chooser: random.Random) -> str | None:
    found = re.search(r"(?<=\w )(?:\w{2,}[^s\W])s(?= (?:a|an|the|all|its|each|every)\b)", one.text)
    if not found or found[0] in ("was", "has"):
        return None
    return _put(one.text, found, f"{chooser.choice(_ATTEMPTS)} {found[0][:-1]}")


def _short_of(one: Said, _: Sequence[Said], chooser: random.Random) -> str | None:
    found = re.search(r"(?<=\w )(?:is|are|was|were)(?= \w)", one.text)
    return _put(one.text, found, f"{found[0]} {chooser.choice(_FALLING_SHORT)}") if found else None


def _before_number(words: Sequence[str]) -> Change:
    def change(one: Said, _: Sequence[Said], chooser: random.Random) -> str | None:
        found = NUMBER.search(one.text)
        if not found or _BOUNDED.search(one.text[: found.start()]):
            return None
        wrong = _put(one.text, found, f"{chooser.choice(words)} {found[0]}")
        return None if wrong.startswith(">") else wrong  # Markdown's mark of a block quote

    return change


def _per_something(one: Said, _: Sequence[Said], chooser: random.Random) -> str | None:
    found = _MEASURED.search(one.text)
    if not found:
        return None
    return _put(
        one.text, found, found[0] + chooser.choice(("/h", "/day", " per hour", " per chip"))
    )


def _rate_changed(one: Said, _: Sequence[Said], chooser: random.Random) -> str | None:
    found = re.search(r"(?<=\d )[GMK][Bb]/s(?!\w)", one.text)
    other = chooser.choice(("Gb/h", "GB/ms", "MB/s", "GB/min", "TB/s"))
    return _put(one.text, found, other) if found and found[0] != other else None


def _when_added(one: Said, _: Sequence[Said], chooser: random.Random) -> str | None:
    return f"{one.text} {chooser.choice(_WHENS)}"


def _exclusive(one: Said, _: Sequence[Said], chooser: random.Random) -> str | None:
    if re.search(r"\b(?:only|just|solely|merely)\b", one.text):
        return None
    return _word_put_in(_EXCLUSIVE)(one, (), chooser)


def _described(one: Said, _: Sequence[Said], chooser: random.Random) -> str | None:
    """Put an adjective before a noun that has an article."""
    found = re.search(r"\b(?:an?|the) (?=\w{4,})", one.text)
    word = chooser.choice(("secret", "patented", "golden", "failing", "rented", "liquid", "banned"))
    return (
        _put(one.text, found, f"{'the' if found[0] == 'the ' else 'a'} {word} ") if found else None
    )


def _put(text: str, found: re.Match[str], instead: str) -> str:
    return text[: found.start()] + instead + text[found.end() :]


INSERTED: dict[str, Change] = {
    "doubted": _doubted,
    "weakened": _word_put_in(_WEAKENED),
    "strengthened": _word_put_in(_STRENGTHENED),
    "falls short": _short_of,
    "attempted": _attempted,
    "bound added": _before_number(_BOUNDS),
    "made rough": _before_number(_ROUGHLY),
    "multiplied": _before_number(_TIMES),
    "per something": _per_something,
    "rate changed": _rate_changed,
    "exclusive": _exclusive,
    "time added": _when_added,
    "described": _described,
}
