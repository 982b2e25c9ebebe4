"""Sentences made from a glossary's own: some keep what it says, others change it.

The same for the same glossary every time. Every kind of change takes what it needs to be a real
change: a number to change a number, a word with an opposite to turn it round.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.passage import Unit, UnitKind
from eval.support_cases import SupportCase, others
from indexes.index import Index

_MARKS = re.compile(r"\*{1,3}|`")
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?![\w.:]*\d)")
_MEASURED = re.compile(
    r"(?<=\d)\s?(%|GB/s|GB|MB|nm|µm|mm|ms|GHz|MHz|kHz|W|V|°C|bits?|hours|days|minutes|seconds)\b"
)
_OTHER_UNIT = {
    "%": " ms",
    "GB": " MB",
    "MB": " GB",
    "GB/s": " MB/s",
    "nm": " µm",
    "µm": " nm",
    "mm": " cm",
    "ms": " s",
    "GHz": " MHz",
    "MHz": " GHz",
    "kHz": " MHz",
    "W": " kW",
    "V": " mV",
    "°C": " K",
    "hours": " days",
    "days": " hours",
    "minutes": " hours",
    "seconds": " minutes",
}
_VERB = re.compile(r"\b(is|are|was|were|can|may|must|will|should|could)\b(?! not\b|n't)")
_THIRD_PERSON = re.compile(
    r"\b(uses|enables|reduces|improves|provides|requires|allows|increases|supports|makes|learns|"
    r"creates|measures|combines|contains|captures|applies|achieves)\b"
)
_NEGATED = re.compile(r"(?i)\b(?:not|no|never|without|cannot)\b|n't\b")
_ACRONYM = re.compile(r"\b(?:[A-Z]{2,6}|[A-Z][a-z]+[A-Z]\w+)\b")
_TURNED = {
    "increase": "decrease",
    "increases": "decreases",
    "increasing": "decreasing",
    "reduce": "raise",
    "reduces": "raises",
    "reducing": "raising",
    "improve": "worsen",
    "improves": "worsens",
    "improving": "worsening",
    "higher": "lower",
    "lower": "higher",
    "high": "low",
    "low": "high",
    "more": "less",
    "fewer": "more",
    "less": "more",
    "larger": "smaller",
    "smaller": "larger",
    "large": "small",
    "small": "large",
    "faster": "slower",
    "slower": "faster",
    "before": "after",
    "after": "before",
    "minimum": "maximum",
    "maximum": "minimum",
    "minimize": "maximize",
    "first": "last",
    "always": "never",
    "enables": "prevents",
    "enable": "prevent",
    "sparse": "dense",
    "dense": "sparse",
    "supervised": "unsupervised",
    "better": "worse",
    "strong": "weak",
    "simple": "complex",
    "complex": "simple",
    "positive": "negative",
    "accelerates": "delays",
    "stable": "unstable",
    "with": "without",
}
_REWORDED = {
    "uses": "makes use of",
    "use": "make use of",
    "enables": "makes possible",
    "requires": "needs",
    "needs": "requires",
    "allows": "lets",
    "provides": "offers",
    "offers": "provides",
    "reduces": "decreases",
    "improves": "enhances",
    "increases": "raises",
    "because": "since",
    "multiple": "several",
    "several": "multiple",
    "often": "frequently",
    "typically": "usually",
    "usually": "typically",
    "creates": "produces",
    "shows": "demonstrates",
    "large": "big",
    "keeps": "retains",
    "combines": "merges",
    "choose": "select",
    "begins": "starts",
    "remove": "delete",
    "important": "crucial",
    "different": "distinct",
    "e.g.": "for example",
    "helps": "is helpful for",
    "cannot": "can't",
    "is not": "isn't",
    "do not": "don't",
    "does not": "doesn't",
}
_INVENTED = (
    "and it was invented in Toronto",
    "which was first proposed by researchers at Stanford",
    "and it is now standard in most smartphones",
    "making it popular among hobbyists",
    "and its inventors later won a prestigious award",
    "which is why banks rely on it",
    "and it can be learned in a single afternoon",
    "which doubles the battery life of laptops",
    "as confirmed by several independent studies",
    "and most European universities teach it",
    "although critics consider it outdated",
    "and it was later acquired by a large company",
)
_PREFIXES = (
    "According to the glossary, ",
    "In short, ",
    "In other words, ",
    "The source states that ",
    "Note that ",
    "Specifically, ",
    "In general, ",
)
Change = Callable[[str, random.Random], str | None]


@dataclass(frozen=True, slots=True)
class Taken:
    """A sentence taken from a glossary, without emphasis."""

    entry_id: str
    text: str
    follows: bool  # whether it stands right after the one taken before it


def taken_sentences(index: Index) -> list[Taken]:
    """Return the sentences and list items of 6 to 45 words that say something whole."""
    found: list[Taken] = []
    for entry_id in index.entry_ids():
        body, last = index.entry(entry_id).body, None
        for passage in index.passages(entry_id):
            for unit in passage.units:
                text = _MARKS.sub("", unit.quote(body)).strip()
                if _is_whole(unit, text):
                    found.append(Taken(entry_id, text, last is not None))
                last = unit if unit.kind is UnitKind.SENTENCE and _is_whole(unit, text) else None
    return found


def changed_cases(index: Index, per_kind: int = 40, seed: int = 0) -> Iterator[SupportCase]:
    """Yield up to `per_kind` cases of every kind, faithful and not, of a glossary."""
    taken = taken_sentences(index)
    ids = list(index.entry_ids())
    for supported, kinds in ((True, FAITHFUL), (False, UNFAITHFUL)):
        for kind, change in kinds.items():
            draw = random.Random(f"{seed} {kind}")  # noqa: S311  reproducible, not secret
            made = 0
            for place in draw.sample(range(len(taken)), len(taken)):
                one = taken[place]
                sentence = change(one.text, draw)
                if sentence is None or (sentence == one.text and kind != "verbatim"):
                    continue
                sources = (one.entry_id, *others(ids, one.entry_id))
                yield SupportCase(sentence, sources, supported, kind)
                made += 1
                if made == per_kind:
                    break
    yield from _joined_cases(taken, ids, per_kind, seed)


def _joined_cases(
    taken: Sequence[Taken], ids: list[str], per_kind: int, seed: int
) -> Iterator[SupportCase]:
    """Yield sentences joined with their neighbour, with a stranger, and strangers alone."""
    draw = random.Random(f"{seed} joined")  # noqa: S311  reproducible, not secret
    pairs = [(a, b) for a, b in pairwise(taken) if b.follows]
    for one, after in draw.sample(pairs, min(per_kind, len(pairs))):
        sources = (one.entry_id, *others(ids, one.entry_id))
        yield SupportCase(_join(one.text, after.text), sources, True, "merged neighbours")
    for one in draw.sample(taken, min(per_kind, len(taken))):
        sources = (one.entry_id, *others(ids, one.entry_id))
        known = {t.text for t in taken if t.entry_id in sources}
        strange = [t for t in taken if t.entry_id not in sources and t.text not in known]
        if strange:
            yield SupportCase(_join(one.text, draw.choice(strange).text), sources, False, "joined")
            yield SupportCase(draw.choice(strange).text, sources, False, "stranger")


def _is_whole(unit: Unit, text: str) -> bool:
    kinds = (UnitKind.SENTENCE, UnitKind.LIST_ITEM, UnitKind.STEP)
    few = 6 <= len(text.split()) <= 45
    return unit.kind in kinds and few and not text.endswith(":") and "\n" not in text


def _join(one: str, other: str) -> str:
    joined = other[:1].lower() + other[1:] if other[1:2].islower() else other
    return f"{one.rstrip(' .')}, and {joined}"


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _number(text: str, draw: random.Random) -> str | None:
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    match = draw.choice(found)
    value = match.group()
    new = f"{float(value) * 1.5 + 1:.1f}" if "." in value else str(int(value) + draw.choice((1, 7)))
    return text[: match.start()] + new + text[match.end() :]


def _unit(text: str, _draw: random.Random) -> str | None:
    match = _MEASURED.search(text)
    if match is None or match[1] not in _OTHER_UNIT:
        return None
    return text[: match.start()] + _OTHER_UNIT[match[1]] + text[match.end() :]


def _negated(text: str, _draw: random.Random) -> str | None:
    if _NEGATED.search(text):
        return None
    if match := _VERB.search(text):
        return f"{text[: match.end()]} not{text[match.end() :]}"
    if match := _THIRD_PERSON.search(text):
        return f"{text[: match.start()]}does not {match[1][:-1]}{text[match.end() :]}"
    return None


def _name(text: str, draw: random.Random) -> str | None:
    found = list(_ACRONYM.finditer(text))
    if not found:
        return None
    match = draw.choice(found)
    new = draw.choice(
        [name for name in ("ResNet", "FPGA", "LSTM", "CUDA", "ISO") if name not in text]
    )
    return text[: match.start()] + new + text[match.end() :]


def _turned(text: str, draw: random.Random) -> str | None:
    words = [word for word in _TURNED if re.search(rf"\b{word}\b", text)]
    if not words or _NEGATED.search(text):
        return None
    word = draw.choice(words)
    return re.sub(rf"\b{word}\b", _TURNED[word], text, count=1)


def _invented(text: str, draw: random.Random) -> str | None:
    return f"{text.rstrip(' .')}, {draw.choice(_INVENTED)}."


def _swapped(text: str, _draw: random.Random) -> str | None:
    """Trade the two sides of a comparison or of a verb between two noun phrases."""
    match = re.fullmatch(r"([\w-]+(?: [\w-]+){0,2}) (\w+s) ([\w-]+(?: [\w-]+){0,2})\.?", text)
    than = re.fullmatch(
        r"([\w -]{3,80}?) (is|are) (\w+er|more \w+|less \w+) than ([\w -]{3,80}?)\.?", text
    )
    if than:
        return f"{than[4][:1].upper()}{than[4][1:]} {than[2]} {than[3]} than {_lowered(than[1])}."
    if match:
        return f"{match[3]} {match[2]} {_lowered(match[1])}."
    return None


def _traded_numbers(text: str, _draw: random.Random) -> str | None:
    found = list(_NUMBER.finditer(text))
    if len(found) < 2 or found[0].group() == found[1].group():
        return None
    one, other = found[0], found[1]
    middle = text[one.end() : other.start()]
    if len(re.findall(r"[^\W\d]{3,}", middle)) < 2:
        return None
    return text[: one.start()] + other.group() + middle + one.group() + text[other.end() :]


def _prefixed(text: str, draw: random.Random) -> str | None:
    return draw.choice(_PREFIXES) + _lowered(text)


def _shortened(text: str, _draw: random.Random) -> str | None:
    parts = re.split(r", (?=\w)| — | – |; ", text)
    if len(parts) < 2 or len(parts[0].split()) < 5 or _NEGATED.search(text):
        return None
    return parts[0].rstrip(" .,;") + "."


def _reworded(text: str, _draw: random.Random) -> str | None:
    changed = text
    for word, other in _REWORDED.items():
        changed = re.sub(rf"\b{re.escape(word)}(?!\w)", other, changed, count=1)
    return changed


def _refers(text: str, _draw: random.Random) -> str | None:
    match = re.match(r"^((?:[\w()/-]+ ){1,6})(?:is|are) (?=(?:an?|the)\b)", text)
    if match is None:
        return None
    return f"The term {_lowered(match[1].strip())} refers to {text[match.end() :]}"


def _fronted(text: str, _draw: random.Random) -> str | None:
    """Bring what follows "because", "when" or "if" to the front."""
    match = re.fullmatch(r"([^,;:()]{20,}),? (because|when|if|while) ([^,;:()]{12,})\.", text)
    if match is None:
        return None
    return f"{match[2].capitalize()} {match[3]}, {_lowered(match[1])}."


def _labelled(text: str, _draw: random.Random) -> str | None:
    """Turn "Label: text" into "Label – text", as a model writes list items."""
    match = re.fullmatch(r"([A-Z][\w /-]{2,40}): (.+)", text)
    return f"- **{match[1]}** – {match[2]}" if match else None


def _verbatim(text: str, _draw: random.Random) -> str | None:
    return text


FAITHFUL: dict[str, Change] = {
    "verbatim": _verbatim,
    "prefixed": _prefixed,
    "shortened": _shortened,
    "reworded": _reworded,
    "refers to": _refers,
    "fronted": _fronted,
    "labelled": _labelled,
}
UNFAITHFUL: dict[str, Change] = {
    "number": _number,
    "unit": _unit,
    "negated": _negated,
    "name": _name,
    "turned": _turned,
    "invented": _invented,
    "swapped": _swapped,
    "traded numbers": _traded_numbers,
}
