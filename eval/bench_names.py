"""Measure how often a term or alias, asked as it is, finds its entry at rank 1.

python -m eval.bench_names [--source PATH] [--home DIR] [--seed 0] [--json]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from eval.figures import Figure, percent, print_figures
from eval.glossary_under_test import benchmark_parser, glossary_under_test
from eval.spelling import VARIANTS
from indexes.index import Name
from rag.chat import Chat


@dataclass(frozen=True, slots=True)
class Lookup:
    """A name asked for, as it was written, and what came back at rank 1 (None for nothing).

    `found` tells that it is the name's entry or its family; `homonym` that it is another entry
    which bears the very same name.
    """

    name: Name
    written: str
    first: str | None
    found: bool
    homonym: bool


def look_up(chat: Chat, names: Sequence[Name], write: Callable[[str], str]) -> list[Lookup]:
    """Ask for every name as `write` spells it."""
    bearers: dict[str, set[str]] = {}
    for name in names:
        bearers.setdefault(name.text.casefold(), set()).add(name.entry_id)
    lookups = []
    for name in names:
        written = write(name.text)
        hits = chat.search(written, k=1).hits
        family = set(hits[0].family) if hits else set()
        found = name.entry_id in family
        homonym = not found and bool(family & bearers[name.text.casefold()])
        first = hits[0].entry.entry_id if hits else None
        lookups.append(Lookup(name, written, first, found, homonym))
    return lookups


def measure(chat: Chat, seed: int) -> tuple[list[Figure], list[str]]:
    """Return the figures, and a line for every name that did not find its entry."""
    names = sorted(chat.index.names(), key=lambda name: (name.entry_id, name.text))
    exact = look_up(chat, names, lambda text: text)
    terms = [lookup for lookup in exact if lookup.name.is_term]
    aliases = [lookup for lookup in exact if not lookup.name.is_term]
    homonyms = sum(lookup.homonym for lookup in exact)
    figures = [
        Figure("names", len(names)),
        _share("terms at rank 1", terms, "100 %"),
        _share("aliases at rank 1", aliases, "100 %"),
        _share("names at rank 1", exact, "100 %"),
        Figure("names whose rank 1 is another entry of that very name", homonyms),
    ]
    for label, variant in VARIANTS.items():
        random = Random(seed)  # noqa: S311  reproducible, not secret
        changed = look_up(chat, names, lambda text, v=variant, r=random: v(text, r))  # type: ignore[misc]
        figures.append(_share(f"{label}: at rank 1", changed, ""))
    return figures, [_told(lookup) for lookup in exact if not lookup.found]


def _share(name: str, lookups: Sequence[Lookup], target: str) -> Figure:
    found = sum(lookup.found for lookup in lookups)
    return Figure(name, percent(found, len(lookups)), f"% of {len(lookups)}", target)


def _told(lookup: Lookup) -> str:
    kind = "term" if lookup.name.is_term else "alias"
    same = ", which bears the same name" if lookup.homonym else ""
    return f"{kind} {lookup.written!r} of {lookup.name.entry_id}: found {lookup.first}{same}"


def main() -> None:
    """Run as the command line says."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--seed", type=int, default=0, help="of the misspellings (default: 0)")
    arguments = parser.parse_args()
    with glossary_under_test(arguments) as chat:
        figures, failures = measure(chat, arguments.seed)
    print_figures("Names as queries", figures, failures, as_json=arguments.json)


if __name__ == "__main__":
    main()
