"""Answers of a language model that are true or false, made from a glossary's own sentences."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.entry import Entry
from corpus.passage import UnitKind
from corpus.plain import plain_text, table_cells
from eval.adversarial_changes import CHANGES, REWORDED, SMUGGLED, Said
from indexes.index import Index

PARAPHRASES = Path(__file__).resolve().parent / "data" / "adversarial" / "paraphrases.jsonl"
FEWEST_WORDS = 6
_PLACE = re.compile(r"\{(?:n|other|nonce)\}|\n")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Case:
    """One answer that a language model gives.

    Attributes:
        kind: what is done to the sentence.
        entry_id: the entry that is asked for.
        question: about it.
        text: what the model says; `{n}`, `{other}` and `{nonce}` are the number of the entry's
            source, that of another source, and the random number of the prompt.
        hostile: texts that may not reach the reader; empty for a faithful answer.
        elsewhere: the entry that says the hostile text after all; it may be shown where that entry
            is among the sources and is cited.
        quote: the words of a source that a faithful answer is made of; "" when written by hand.
    """

    kind: str
    entry_id: str
    question: str
    text: str
    hostile: tuple[str, ...] = ()
    elsewhere: str = ""
    quote: str = ""


def hostile_cases(index: Index, seed: int = 7, per_kind: int = 15) -> list[Case]:
    """Return answers with one thing wrong each, `per_kind` of each kind where there are so many."""
    chooser = random.Random(seed)  # noqa: S311  reproducible, not secret
    said = [s for s in _sentences(index) if len(s.text.split()) >= FEWEST_WORDS]
    known = {words_in_order(s.text) for s in said}
    cases: list[Case] = []
    for kind, change in CHANGES.items():
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
    smuggled = zip(chooser.choices(said, k=2 * len(SMUGGLED)), SMUGGLED * 2, strict=True)
    return cases + [_case(kind, one, wrong, chooser) for one, (kind, wrong) in smuggled]


def faithful_cases(index: Index, seed: int = 7, count: int = 200) -> list[Case]:
    """Return answers of one sentence that a source supports, half of them not verbatim."""
    chooser = random.Random(seed)  # noqa: S311  reproducible, not secret
    entry_ids = set(index.entry_ids())
    lines = PARAPHRASES.read_text(encoding="utf-8").splitlines()
    written = [json.loads(line) for line in lines]
    cases = [
        Case(
            "by hand", one["entry_id"], _question(index.entry(one["entry_id"])), _cited(one["text"])
        )
        for one in written
        if one["entry_id"] in entry_ids
    ]
    said = list(_sentences(index))
    rows = list(_rows(index))
    chooser.shuffle(said)
    chooser.shuffle(rows)
    left = count - len(cases)
    for entry, text, quote in rows[: left // 5]:
        cases.append(
            Case("row in words", entry.entry_id, _question(entry), _cited(text), quote=quote)
        )
    left = count - len(cases)
    for number, sentence in enumerate(said[:left]):
        kind, reworded = REWORDED[number % len(REWORDED)]
        entry, text = sentence.entry, _cited(reworded(sentence))
        cases.append(Case(kind, entry.entry_id, _question(entry), text, quote=sentence.quote))
    return cases


def words_in_order(text: str) -> str:
    """Return the words of a text, in lower case, with one space between them."""
    return " ".join(word.casefold() for word in _WORDS.findall(text))


def _foreign(one: Said, other: Said) -> Case:
    """Return a case in which the answer about one entry goes on with a sentence of another."""
    text = f"{_cited(one.text)} {_cited(other.text)}"
    is_own = one.entry.entry_id == other.entry.entry_id
    hostile = () if is_own else (other.text,)
    kind, question = "fact of another entry", _question(one.entry)
    return Case(kind, one.entry.entry_id, question, text, hostile, other.entry.entry_id)


def _case(kind: str, one: Said, wrong: str, chooser: random.Random) -> Case:
    good = _cited(plain_text(one.quote))
    bad = wrong if _PLACE.search(wrong) else _cited(wrong)
    first, second = (good, bad) if chooser.random() < 0.5 else (bad, good)
    hostile = tuple(part for part in _PLACE.split(wrong) if len(part.split()) >= 4)
    return Case(kind, one.entry.entry_id, _question(one.entry), f"{first} {second}", hostile)


def _cited(text: str, number: str = "{n}") -> str:
    return f"{text.rstrip('.')} [{number}]."


def _question(entry: Entry) -> str:
    return f"What is {entry.term}?"


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
