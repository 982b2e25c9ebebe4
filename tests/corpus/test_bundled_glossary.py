"""The bundled glossary reads without a problem, and every entry defines its term."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from corpus.entry import Entry
from corpus.passage import UnitKind
from corpus.reading import read_source
from corpus.units import find_units

GLOSSARY = Path(__file__).resolve().parents[2] / "corpus" / "glossary"
PAGES = sorted(GLOSSARY.rglob("*.md"))
WITH_ACRONYM = {
    "neural-ode": "NODE",
    "neural-circuit-policy": "NCP",
    "high-bandwidth-memory": "HBM",
    "extreme-ultraviolet-lithography": "EUV",
    "retrieval-augmented-generation": "RAG",
}


@cache
def entries() -> dict[str, Entry]:
    return {entry.entry_id: entry for entry in read_source(GLOSSARY).entries}


def kinds(entry: Entry) -> set[UnitKind]:
    return {unit.kind for unit in find_units(entry.body)}


def test_every_page_is_read_without_a_problem() -> None:
    reading = read_source(GLOSSARY)
    assert reading.report.problems == []
    assert reading.report.skipped == {}
    assert len(reading.entries) == len(PAGES) == 14


def test_an_entry_is_identified_by_the_name_of_its_file() -> None:
    assert sorted(entries()) == sorted(page.stem for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_lies_under_the_first_letter_of_its_name(page: Path) -> None:
    assert page.relative_to(GLOSSARY).as_posix() == f"{page.stem[0]}/{page.name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_first_sentence_defines_the_term_by_its_name(page: Path) -> None:
    entry = entries()[page.stem]
    first = find_units(entry.body)[0].quote(entry.body)
    assert re.match(rf"(?:An? )?{re.escape(entry.term)} is (?:a|the) ", first, re.IGNORECASE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_an_entry_states_its_category_and_another_name(page: Path) -> None:
    entry = entries()[page.stem]
    assert entry.category
    assert entry.aliases


@pytest.mark.parametrize("entry_id", WITH_ACRONYM)
def test_the_acronym_of_a_term_is_one_of_its_aliases(entry_id: str) -> None:
    assert WITH_ACRONYM[entry_id] in entries()[entry_id].aliases


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_an_entry_has_a_readable_length_and_sections(page: Path) -> None:
    body = entries()[page.stem].body
    assert 150 <= len(body.split()) <= 350
    assert len(re.findall(r"(?m)^## ", body)) >= 3


@pytest.mark.parametrize(
    ("kind", "at_least"),
    [
        (UnitKind.LIST_ITEM, 12),
        (UnitKind.TABLE_ROW, 6),
        (UnitKind.STEP, 6),
        (UnitKind.FORMULA, 5),
        (UnitKind.CODE_BLOCK, 1),
    ],
)
def test_the_glossary_shows_every_kind_of_unit(kind: UnitKind, at_least: int) -> None:
    assert len([entry for entry in entries().values() if kind in kinds(entry)]) >= at_least


def test_a_body_keeps_every_character_of_its_page() -> None:
    for page in PAGES:
        written = page.read_text(encoding="utf-8").split("---\n", 2)[2].strip()
        assert entries()[page.stem].body == written
