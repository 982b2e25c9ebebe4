"""Answers of a language model that are true or false, made from a glossary's own sentences."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from corpus.entry import Entry
from corpus.passage import UnitKind
from corpus.plain import plain_text, table_cells
from eval.adversarial_case import Case, cited, question_about, words_in_order
from eval.adversarial_changes import CHANGES, REWORDED, SMUGGLED, Said
from eval.adversarial_insertions import INSERTED
from eval.adversarial_misplaced import misplaced_cases
from eval.adversarial_replacements import REPLACED
from indexes.index import Index

PARAPHRASES = Path(__file__).resolve().parent / "data" / "adversarial" / "paraphrases.jsonl"
FEWEST_WORDS = 6
_PLACE = re.compile(r"\{(?:n|other|nonce)\}|\n")


def hostile_cases(index: Index, seed: int = 7, per_kind: int = 15) -> list[Case]:
    """Return answers with one thing wrong each, `per_kind` of each kind where there are so many."""
    chooser = random.Random(seed)  # noqa: S311  reproducible, not secret
    said = [s for s in _sentences(index) if len(s.text.split()) >= FEWEST_WORDS]
    known = {words_in_order(s.text) for s in said}
    cases: list[Case] = []
    for kind, change in (CHANGES | INSERTED | REPLACED).items():
        chooser.shuffle(said)
        found = 0
        for one in said:
            wrong = change(one, said, chooser)
            if wrong is None or words_in_order(wrong) in known:
                continue
            cases.append(_case(kind, one, wrong, chooser))
            found += 1
            if found == per_kind:
                break
    cases += [_foreign(*chooser.sample(said, 2)) for _ in range(per_kind)]
    cases += misplaced_cases(index, said, chooser, per_kind)
    smuggled = zip(chooser.choices(said, k=2 * len(SMUGGLED)), SMUGGLED * 2, strict=True)
    return cases + [_case(kind, one, wrong, chooser) for one, (kind, wrong) in smuggled]


def faithful_cases(index: Index, seed: int = 7, count: int = 200) -> list[Case]:
    """Return answers of one sentence that a source supports, half of them not verbatim."""
    chooser = random.Random(seed)  # noqa: S311  reproducible, not secret
    entry_ids = set(index.entry_ids())
    lines = PARAPHRASES.read_text(encoding="utf-8").splitlines()
    written = [one for one in map(json.loads, lines) if one["entry_id"] in entry_ids]
    paired = [(index.entry(one["entry_id"]), one["text"]) for one in written]
    cases = [
        Case("by hand", entry.entry_id, question_about(entry), cited(text))
        for entry, text in paired
    ]
    said = list(_sentences(index))
    rows = list(_rows(index))
    chooser.shuffle(said)
    chooser.shuffle(rows)
    left = count - len(cases)
    for entry, text, quote in rows[: left // 5]:
        cases.append(
            Case("row in words", entry.entry_id, question_about(entry), cited(text), quote=quote)
        )
    left = count - len(cases)
    for number, sentence in enumerate(said[:left]):
        kind, reworded = REWORDED[number % len(REWORDED)]
        entry, text = sentence.entry, cited(reworded(sentence))
        cases.append(Case(kind, entry.entry_id, question_about(entry), text, quote=sentence.quote))
    return cases


def _foreign(one: Said, other: Said) -> Case:
    """Return a case in which the answer about one entry goes on with a sentence of another."""
    text = f"{cited(one.text)} {cited(other.text)}"
    is_own = one.entry.entry_id == other.entry.entry_id
    hostile = () if is_own else (other.text,)
    names = (other.entry.term, *other.entry.aliases)
    kind, question = "fact of another entry", question_about(one.entry)
    return Case(kind, one.entry.entry_id, question, text, hostile, names)


def _case(kind: str, one: Said, wrong: str, chooser: random.Random) -> Case:
    good = cited(plain_text(one.quote))
    bad = wrong if _PLACE.search(wrong) else cited(wrong)
    first, second = (good, bad) if chooser.random() < 0.5 else (bad, good)
    hostile = tuple(part for part in _PLACE.split(wrong) if len(part.split()) >= 4)
    return Case(kind, one.entry.entry_id, question_about(one.entry), f"{first} {second}", hostile)


def _sentences(index: Index) -> Iterator[Said]:
    for entry_id in sorted(index.entry_ids()):
        entry = index.entry(entry_id)
        for passage in index.passages(entry_id):
            for unit in passage.units:
                if unit.kind in (UnitKind.SENTENCE, UnitKind.LIST_ITEM, UnitKind.STEP):
                    quote = unit.quote(entry.body)
                    if "$" not in quote and not quote.endswith(":") and len(quote) < 400:
                        yield Said(entry, unit)


def _rows(index: Index) -> Iterator[tuple[Entry, str, str]]:
    for entry_id in sorted(index.entry_ids()):
        entry = index.entry(entry_id)
        for passage in index.passages(entry_id):
            for unit in passage.units:
                if unit.kind is UnitKind.TABLE_ROW and unit.context:
                    titles = table_cells(entry.body[slice(*unit.context)])
                    cells = table_cells(unit.quote(entry.body))
                    for title, cell in list(zip(titles, cells, strict=False))[1:3]:
                        if any(map(str.isalnum, cell)) and "$" not in cell + cells[0]:
                            name = plain_text(f"{titles[0]} {cells[0]}")
                            text = f"{name}: {plain_text(title)} {cell}"
                            yield entry, text, unit.quote(entry.body)
