"""Pages of the glossary become drafts with exact lines, and the report says what is missing."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from corpus.draft import Draft
from corpus.identity import identify
from corpus.readers.glossary_page import read, recognises
from corpus.report import Report
from corpus.restoration.restore import restore, undo

HEAD = (
    "← Back to Somewhere\n\nAI Factory Glossary\n\n9 technical terms and definitions\n\n"
    "A B C Z All\nShowing page 2 of 3 (9 entries)\n\n"
)


def read_page(text: str) -> tuple[list[Draft], Report]:
    report = Report("page", "glossary-page")
    return list(read(text, "page.txt", report)), report


def headings(text: str) -> list[str]:
    return [draft.heading for draft in read_page(text)[0]]


def test_a_page_is_recognised_by_its_head() -> None:
    assert recognises(HEAD)
    assert recognises("\n12 technical terms and definitions\n")
    assert not recognises("# Some Markdown\n\nShowing how pages work.")


def test_pairs_become_drafts_with_the_line_of_their_heading() -> None:
    drafts, report = read_page(
        HEAD + "beam search, decoding\n\nIt is greedy.\n\nlasso,maths\n\nL1.\n"
    )
    assert [(d.heading, d.term, d.category, d.body, d.source.line) for d in drafts] == [
        ("beam search, decoding", "beam search", "decoding", "It is greedy.", 10),
        ("lasso,maths", "lasso", "maths", "L1.", 14),
    ]
    assert report.notes == [
        "2 of the claimed 9 entries are present; pages 1 and 3 of 3 are missing"
    ]


def test_carriage_returns_change_neither_lines_nor_bodies() -> None:
    page = HEAD + "beam search, decoding\n\nIt is greedy.\n"
    assert read_page(page)[0] == read_page(page.replace("\n", "\r\n"))[0]


def test_a_page_without_header_lines_claims_nothing() -> None:
    drafts, report = read_page("beam search, decoding\n\nIt is greedy.\n")
    assert [d.source.line for d in drafts] == [1]
    assert report.notes == []


def test_a_heading_cut_off_from_its_body_is_a_problem() -> None:
    drafts, report = read_page(HEAD + "beam, decoding\n\nIt is greedy.\n\nlasso, maths")
    assert [d.heading for d in drafts] == ["beam, decoding"]
    assert [str(p) for p in report.problems] == [
        "page.txt:14: the heading 'lasso, maths' has no body"
    ]


def test_two_headings_in_a_row_leave_the_first_without_a_body() -> None:
    drafts, report = read_page(HEAD + "beam, decoding\n\nlasso, maths\n\nIt is **sparse**.\n")
    assert [d.heading for d in drafts] == ["lasso, maths"]
    assert [p.line for p in report.problems] == [10]


def test_a_truncated_body_is_kept_and_noted() -> None:
    drafts, report = read_page(HEAD + "beam, decoding\n\nIt is **greedy**. It keeps the be")
    assert drafts[0].body.endswith("keeps the be")
    assert report.notes[-1] == "the last entry, line 10, may be cut off: it ends mid-sentence"


def test_a_short_body_without_punctuation_is_still_a_body() -> None:
    page = HEAD + "beam, decoding\n\na search\n\nlasso, maths\n\nIt is sparse.\n"
    assert [(d.heading, d.body) for d in read_page(page)[0]] == [
        ("beam, decoding", "a search"),
        ("lasso, maths", "It is sparse."),
    ]


def test_an_unclosed_fence_swallows_no_other_entry() -> None:
    page = HEAD + "beam, decoding\n\nIt is:\n```\nkeep\n\nlasso, maths\n\nIt is sparse.\n"
    assert headings(page) == ["beam, decoding", "lasso, maths"]


def test_a_very_long_heading_is_a_heading() -> None:
    heading = "word, " * 2_000 + "end"
    assert headings(HEAD + heading + "\n\nIt is long.\n") == [heading]


def test_punctuation_inside_keywords_keeps_a_heading_a_heading() -> None:
    page = HEAD + "beam, decoding\n\nIt is greedy.\n\nc. elegans, biology\n\nIt is a worm.\n"
    assert headings(page) == ["beam, decoding", "c. elegans, biology"]


def test_a_line_of_digits_is_answered_at_once() -> None:
    assert headings(HEAD + "1" * 150 + "x\n\nIt is **long**.\n") == ["1" * 150 + "x"]


def test_pager_lines_at_the_end_are_no_entry() -> None:
    pager = "\n← Previous\n\n1 2 3\n\nNext page →\n\nPage 2 of 3\n"
    assert headings(HEAD + "beam, decoding\n\nIt is greedy.\n" + pager) == ["beam, decoding"]


def test_a_body_over_several_lines_stays_one_body() -> None:
    body = "It is greedy:\n- it keeps\n- it drops\n\n```python\n\nkeep, drop\n\n```\n\nIt ends."
    drafts, _ = read_page(HEAD + f"beam, decoding\n\n{body}\n\nlasso, maths\n\nIt is sparse.\n")
    assert [d.heading for d in drafts] == ["beam, decoding", "lasso, maths"]
    assert drafts[0].body == body


def test_two_pages_in_one_file_are_counted_together() -> None:
    page = HEAD + "beam, decoding\n\nIt is greedy.\n\n"
    both = page + HEAD.replace("page 2", "page 3") + "lasso, maths\n\nIt is sparse.\n"
    assert read_page(both)[1].notes == [
        "2 of the claimed 9 entries are present; page 1 of 3 is missing"
    ]


def test_keywords_shared_with_other_things_are_no_aliases() -> None:
    page = HEAD + "a b,k,l,m,n\n\nOne.\n\nc d,k,o,p,q\n\nTwo.\n"
    assert [d.aliases for d in read_page(page)[0]] == [("l", "m", "n"), ("o", "p", "q")]


@pytest.mark.shared
class TestTheRealPage:
    def test_fifty_entries_are_read_and_the_rest_is_reported_missing(
        self, glossary_page: Path
    ) -> None:
        drafts, report = read_page(glossary_page.read_text("utf-8"))
        assert len(drafts) == 50
        assert report.problems == []
        assert report.repairs == 21
        assert report.notes == [
            "50 of the claimed 169 entries are present; pages 1, 3 and 4 of 4 are missing"
        ]

    def test_nothing_but_white_space_and_declared_repairs_changes(
        self, glossary_page: Path
    ) -> None:
        lines = glossary_page.read_text("utf-8").split("\n")
        drafts, _ = read_page("\n".join(lines))
        for draft in drafts:
            flat = lines[draft.source.line + 1]
            restored = restore(flat)
            assert restored.body == draft.body
            assert "".join(undo(restored).split()) == "".join(flat.split())

    def test_repairs_lie_inside_formulas(self, glossary_page: Path) -> None:
        for draft in read_page(glossary_page.read_text("utf-8"))[0]:
            lines = glossary_page.read_text("utf-8").split("\n")
            restored = restore(lines[draft.source.line + 1])
            formulas = [m.span() for m in re.finditer(r"\$[^$\n]+\$", restored.body)]
            for repair in restored.repairs:
                assert any(start < repair.offset < end for start, end in formulas)

    def test_ids_are_unique_and_depend_on_no_other_entry(self, glossary_page: Path) -> None:
        drafts, _ = read_page(glossary_page.read_text("utf-8"))
        all_ids = {d.source.line: d for d in drafts}
        entries = identify(drafts, Report("page", "glossary-page"))
        by_line = {entry.source.line: entry.entry_id for entry in entries}
        assert len(set(by_line.values())) == len(all_ids) == 50
        some = random.Random(7).sample(drafts, 20)
        for entry in identify(some, Report("page", "glossary-page")):
            assert entry.entry_id == by_line[entry.source.line]

    def test_no_alias_names_a_different_concept(self, glossary_page: Path) -> None:
        drafts, _ = read_page(glossary_page.read_text("utf-8"))
        entries = identify(drafts, Report("page", "glossary-page"))
        terms = {entry.term for entry in entries}
        clashes = {
            (entry.term, alias.casefold())
            for entry in entries
            for alias in entry.aliases
            if alias.casefold() in terms
        }
        assert {term.split()[-1] for term, _ in clashes} <= {"ode", "odes", "equations"}
        assert all("ode" in alias or "differential" in alias for _, alias in clashes)
