"""Report how well the verifier tells supported sentences from unsupported ones.

python -m eval.support [changed HOME] [written FILE=HOME] [scifact FOLDER=HOME:SPLIT]
                       [clapnq FOLDER=HOME:HALF] ...

`changed` makes sentences from the glossary's own, faithful ones and not (`eval.support_changes`);
`written` reads sentences that people wrote; the other two are public sets. docs/evaluation.md
tells what the figures mean.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from eval.place import Place
from eval.statistics import mean_interval
from eval.support_cases import SupportCase, clapnq_cases, scifact_cases, written_cases
from eval.support_changes import changed_cases
from indexes.embedder import Embedder
from indexes.index import Index
from indexes.store import Store
from rag.answer import Verdict
from rag.embedding import open_question_embedder
from rag.settings import load_settings
from rag.sources import Source
from rag.support.model import SupportModel
from rag.support.support import SupportVerifier

CITED = 1
PER_KIND = 40


@dataclass(frozen=True, slots=True)
class Verified:
    """A case, whether the verifier accepted its sentence, and how long that took."""

    case: SupportCase
    accepted: bool
    milliseconds: float


@dataclass(frozen=True, slots=True)
class SupportPlace:
    """A set of cases and the home of what they are about, as "scifact FOLDER=HOME:SPLIT"."""

    kind: str
    written: str

    @property
    def home(self) -> Path:
        """Return the home whose live snapshot holds the sources."""
        match self.kind:
            case "changed":
                return Path(self.written)
            case "written":
                return Path(self.written.partition("=")[2])
            case _:
                return Place.parse(self.written).home

    def cases(self, index: Index, per_kind: int = PER_KIND) -> Iterator[SupportCase]:
        """Yield the cases of the set."""
        match self.kind:
            case "changed":
                yield from changed_cases(index, per_kind)
            case "written":
                yield from written_cases(Path(self.written.partition("=")[0]), index)
            case "scifact":
                place = Place.parse(self.written)
                yield from scifact_cases(place.folder, index, place.split)
            case _:
                place = Place.parse(self.written)
                yield from clapnq_cases(place.folder, index, place.split)


KINDS = ("changed", "written", "scifact", "clapnq")


def read_places(words: Sequence[str]) -> list[SupportPlace]:
    """Read places from the words of a command line, each a kind and where it lies.

    Raises:
        ValueError: a word is no kind, or a kind lacks its place.
    """
    if len(words) % 2 or any(kind not in KINDS for kind in words[::2]):
        raise ValueError(
            f"{' '.join(words)!r} is no list of places; write pairs of a kind and its place: "
            + ", ".join(KINDS)
        )
    return [SupportPlace(*pair) for pair in zip(words[::2], words[1::2], strict=True)]


def open_home(home: Path) -> tuple[Index, Embedder]:
    """Open the live snapshot of a home, and the embedder of its questions."""
    embedder = open_question_embedder(load_settings(home=home), None)
    return Store(home).open(embedder_fingerprint=embedder.fingerprint), embedder


def sources_of(case: SupportCase, index: Index) -> list[Source]:
    """Return the sources of a case, numbered from 1, the cited one first."""
    return [
        Source(number, index.entry(entry_id), index.passages(entry_id))
        for number, entry_id in enumerate(case.entry_ids, start=1)
    ]


def verify_all(
    verifier: SupportVerifier, index: Index, cases: Iterable[SupportCase]
) -> Iterator[Verified]:
    """Verify every case against its sources."""
    for case in cases:
        sources = sources_of(case, index)
        begin = time.perf_counter()
        finding = verifier.verify(case.sentence, [CITED], sources)
        spent_ms = (time.perf_counter() - begin) * 1e3
        yield Verified(case, finding.verdict is not Verdict.UNSUPPORTED, spent_ms)


def figures(verified: Sequence[Verified]) -> list[str]:
    """Return precision, recall, and the shares wrongly withheld and accepted, per kind too."""
    lines = [
        _share("precision", [v.case.supported for v in verified if v.accepted]),
        _share("recall", [v.accepted for v in verified if v.case.supported]),
        _share("faithful withheld", [not v.accepted for v in verified if v.case.supported]),
        _share("unsupported accepted", [v.accepted for v in verified if not v.case.supported]),
        f"median {median(v.milliseconds for v in verified):.1f} ms a sentence",
    ]
    kinds = Counter((not v.case.supported, v.case.kind) for v in verified)
    for unsupported, kind in sorted(kinds):
        of_kind = [
            v for v in verified if v.case.kind == kind and v.case.supported is not unsupported
        ]
        name = f"  {'unsupported' if unsupported else 'supported'}, {kind}: accepted"
        lines.append(_share(name, [v.accepted for v in of_kind]))
    return lines


def _share(name: str, values: Sequence[bool]) -> str:
    if not values:
        return f"{name}: none"
    interval = mean_interval([float(value) for value in values], is_share=True)
    return (
        f"{name} {sum(values)}/{len(values)} = {sum(values) / len(values):.1%} "
        f"[{interval.low:.1%}, {interval.high:.1%}]"
    )


def report(place: SupportPlace, model: SupportModel | None = None, *, mistakes: bool) -> list[str]:
    """Verify the cases of a place and say how well that went."""
    index, embedder = open_home(place.home)
    verifier = SupportVerifier(index, embedder, model)
    verified = list(verify_all(verifier, index, place.cases(index)))
    lines = [f"{place.kind} {place.written}", *figures(verified)]
    if mistakes:
        lines += [
            f"    {'withheld' if v.case.supported else 'ACCEPTED'} {v.case.kind}: {v.case.sentence}"
            for v in verified
            if v.accepted is not v.case.supported
        ]
    return lines


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("places", nargs="+", metavar="KIND PLACE", help="|".join(KINDS))
    parser.add_argument("--mistakes", action="store_true", help="print the sentences judged wrong")
    arguments = parser.parse_args()
    try:
        places = read_places(arguments.places)
    except ValueError as error:
        parser.error(str(error))
    for place in places:
        print(*report(place, mistakes=arguments.mistakes), sep="\n", flush=True)


if __name__ == "__main__":
    main()
