"""Write questions from a glossary's own words, reproducibly: no person, no model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations
from random import Random

from corpus.passage import Unit
from corpus.plain import plain_text
from corpus.units import SECTION_SEPARATOR
from indexes.index import Index

_FIRST_WORDS = 12
_NOUN = re.compile(r"[^\W\d_]{4,}s\b")


def generated_questions(index: Index, seed: int = 0) -> list[str]:
    """Return every question that can be generated, shuffled, the kinds taking turns; no repeats.

    The kinds that have fewer questions run out first.
    """
    random = Random(seed)  # noqa: S311  reproducible, not secret
    kinds = [list(kind) for kind in _kinds(index)]
    for questions in kinds:
        random.shuffle(questions)
    longest = max(map(len, kinds))
    in_turns = (kind[turn] for turn in range(longest) for kind in kinds if turn < len(kind))
    return list(dict.fromkeys(in_turns))


def _kinds(index: Index) -> Iterator[Iterator[str]]:
    names = sorted({name.text for name in index.names()})
    entries = [index.entry(entry_id) for entry_id in index.entry_ids()]
    units = [
        (e, u) for e in entries for passage in index.passages(e.entry_id) for u in passage.units
    ]
    sections = sorted({(e.term, _title(unit)) for e, unit in units if unit.section})
    openings = sorted({_opening(unit.quote(e.body)) for e, unit in units} - {""})
    terms = [entry.term for entry in entries]
    counted = sorted({(e.term, noun) for e in entries for noun in _NOUN.findall(e.body.lower())})
    yield iter(names)
    yield (f"What is {name}?" for name in names)
    yield (f"{section} of {term}" for term, section in sections)
    yield (f"What are the {section.lower()} in {term}?" for term, section in sections)
    yield (f"How does {term} work?" for term in terms)
    yield (f"How many {noun} does {term} have?" for term, noun in counted)
    yield (f"compare {one} and {other}" for one, other in permutations(terms, 2))
    yield iter(openings)
    yield (f"Is it true that {opening}?" for opening in openings)


def _title(unit: Unit) -> str:
    """Return the title of the innermost section a unit stands in."""
    return unit.section.rpartition(SECTION_SEPARATOR)[2]


def _opening(quote: str) -> str:
    """Return the first words of a unit as a person would type them; "" without a letter."""
    words = plain_text(quote).split()[:_FIRST_WORDS]
    opening = " ".join(words)
    return opening if any(character.isalpha() for character in opening) else ""
