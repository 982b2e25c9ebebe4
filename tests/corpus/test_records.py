"""JSON, JSON Lines, CSV, TSV and YAML records."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.draft import Draft
from corpus.errors import BadMapping, MalformedRecord, SourceTooLarge, SourceUnreadable
from corpus.mapping import Mapping, parse_mapping
from corpus.readers import records
from corpus.reading import read_source
from corpus.report import Report


def read(
    text: str, format_name: str, mapping: Mapping | None = None, strict: bool = False
) -> tuple[list[Draft], Report]:
    report = Report("f", format_name, strict)
    return list(records.read(text, "f", report, mapping)), report


def brief(drafts: list[Draft]) -> list[tuple[str | None, str, int]]:
    return [(draft.term, draft.body, draft.source.line) for draft in drafts]


def problems(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


@pytest.mark.parametrize(
    "text",
    [
        '[\n{"term": "GPU", "definition": "A chip."},\n{"name": "CPU", "text": "Another."}]',
        '{"version": 1, "terms": [\n{"Title": "GPU", "body": "A chip."},\n'
        '{"word": "CPU", "def": "Another."}]}',
        '{\n"GPU": "A chip.",\n"CPU": "Another."}',
        '{\n"GPU": {"definition": "A chip."},\n"CPU": {"definition": "Another."}}',
    ],
)
def test_every_json_shape_gives_records_with_their_lines(text: str) -> None:
    drafts, report = read(text, "json")
    assert brief(drafts) == [("GPU", "A chip.", 2), ("CPU", "Another.", 3)]
    assert report.problems == []


def test_a_single_json_record_stands_for_itself() -> None:
    assert brief(read('{"term": "GPU", "text": "A chip."}', "json")[0]) == [("GPU", "A chip.", 1)]


def test_aliases_category_and_key_are_found() -> None:
    text = (
        '[{"_id": "d1", "title": "GPU", "text": "x", "synonyms": "card; GPU; Card", '
        '"acronym": "G", "tags": ["", "chips"]}]'
    )
    (draft,), _ = read(text, "json")
    assert draft.aliases == ("card", "G")
    assert (draft.category, draft.key, draft.heading) == ("chips", "d1", "GPU")


def test_an_acronym_in_parentheses_is_an_alias() -> None:
    (draft,), _ = read('[{"term": "Graphics Card (GPU)", "text": "x"}]', "json")
    assert draft.aliases == ("GPU", "Graphics Card")


def test_a_record_without_the_field_is_reported_with_its_line() -> None:
    drafts, report = read('[{"foo": 1},\n{"term": "A", "text": "x"},\n{"term": "B"}]', "json")
    assert brief(drafts) == [("A", "x", 2)]
    assert problems(report) == [
        "f:1: no term: looked for term, title, name, heading, word",
        "f:3: no body: looked for body, definition, def, text, description, content",
    ]


def test_no_record_with_the_field_names_the_columns_there_are() -> None:
    with pytest.raises(BadMapping, match=r"looked for 'name'.* among: term, text$"):
        read('[{"term": "A", "text": "x"}]', "json", Mapping(term="name"))


def test_broken_json_keeps_the_records_before_it() -> None:
    drafts, report = read('[{"term": "A", "text": "x"},\n{"term": oops}]', "json")
    assert brief(drafts) == [("A", "x", 1)]
    assert problems(report) == ["f:2: broken JSON, the rest of the file is lost: Expecting value"]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000])
@pytest.mark.parametrize("format_name", ["json", "jsonl"])
def test_json_nested_100_000_deep_is_a_problem_not_a_crash(text: str, format_name: str) -> None:
    drafts, report = read(text, format_name)
    assert drafts == []
    assert "nested too deeply" in problems(report)[0]


def test_a_broken_json_line_does_not_sink_the_others() -> None:
    text = '{"term": "A", "text": "x"}\n{broken\n\n[1]\n{"term": "B", "text": "y"}\n'
    drafts, report = read(text, "jsonl")
    assert brief(drafts) == [("A", "x", 1), ("B", "y", 5)]
    assert [problem.line for problem in report.problems] == [2, 4]


def test_strict_stops_at_the_broken_line() -> None:
    with pytest.raises(MalformedRecord, match="f:2: broken JSON"):
        read('{"term": "A", "text": "x"}\n{broken\n', "jsonl", strict=True)


def test_control_characters_in_json_strings_are_taken_out() -> None:
    (draft,), _ = read('[{"term": "A\\u0000B", "text": "x\\ud800\\u0007"}]', "json")
    assert (draft.term, draft.body) == ("AB", "x\ufffd")


def test_dotted_paths_reach_into_records() -> None:
    mapping = parse_mapping(["term=en.term", "body = en.def"])
    drafts, _ = read('[{"en": {"term": "A", "def": "x"}}]', "json", mapping)
    assert brief(drafts) == [("A", "x", 1)]


@pytest.mark.parametrize("pairs", [["term"], ["=x"], ["term="], ["size=x"], ["term=a", "term=b"]])
def test_malformed_mappings_are_refused(pairs: list[str]) -> None:
    with pytest.raises(BadMapping, match="--map"):
        parse_mapping(pairs)


def test_csv_rows_have_the_line_they_begin_on() -> None:
    text = 'term,definition\nGPU,"a, b"\n\n"C\nPU",c\nRAM,d\n'
    drafts, _ = read(text, "csv")
    assert brief(drafts) == [("GPU", "a, b", 2), ("C PU", "c", 4), ("RAM", "d", 6)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_in_the_header(delimiter: str) -> None:
    text = f"term{delimiter}definition{delimiter}category\nGPU{delimiter}x{delimiter}c\n"
    (draft,), _ = read(text, "csv")
    assert (draft.term, draft.body, draft.category) == ("GPU", "x", "c")


def test_a_tsv_keeps_quotes_inside_fields() -> None:
    drafts, _ = read('term\tdefinition\nGPU\ta "b", c\n', "tsv")
    assert brief(drafts) == [("GPU", 'a "b", c', 2)]


def test_an_unbalanced_quote_costs_only_its_row() -> None:
    drafts, report = read('term,definition\nA,"open\nB,y\nC,"z"\n', "csv")
    assert brief(drafts) == [("B", "y", 3), ("C", "z", 4)]
    assert [problem.line for problem in report.problems] == [2]


def test_a_field_past_the_limit_of_csv_costs_only_its_row() -> None:
    drafts, report = read("term,definition\nA," + "x" * 200_000 + "\nB,y\n", "csv")
    assert brief(drafts) == [("B", "y", 3)]
    assert problems(report) == ["f:2: broken row: field larger than field limit (131072)"]


def test_a_row_with_too_many_fields_is_reported() -> None:
    drafts, report = read("term,definition\nA,x, y\nB,z\n", "csv")
    assert brief(drafts) == [("B", "z", 3)]
    assert problems(report)[0].startswith("f:2: 3 fields where the header has 2")


def test_yaml_scalars_stay_the_text_that_stands_there() -> None:
    drafts, _ = read("- term: NO\n  def: 010\n\n- term: 1e3\n  def: 2020-01-01\n", "yaml")
    assert brief(drafts) == [("NO", "010", 1), ("1e3", "2020-01-01", 4)]


def test_english_is_taken_and_other_languages_are_counted() -> None:
    text = (
        "- slug: a_b\n  de: {term: X, def: x}\n  en: {term: A, def: y}\n"
        "- slug: c\n  de: {term: Y, def: z}\n"
    )
    (draft,), report = read(text, "yaml")
    assert (draft.term, draft.body, draft.key) == ("A", "y", "a_b")
    assert report.skipped == {"no English definition": 1}


def test_a_python_object_in_yaml_is_a_problem() -> None:
    text = "- term: A\n  def: x\n- term: !!python/object:os.system y\n  def: z\n"
    drafts, report = read(text, "yaml")
    assert brief(drafts) == [("A", "x", 1)]
    assert problems(report)[0].startswith("f:3: could not determine a constructor")


def test_a_yaml_bomb_is_refused_unexpanded() -> None:
    levels = [f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 10)}]" for i in range(9)]
    with pytest.raises(SourceTooLarge, match=r"expand to 2,345,679,022 values"):
        read("a0: &a0 [x]\n" + "\n".join(levels), "yaml")


def test_yaml_that_contains_itself_or_is_too_deep_or_broken_is_refused() -> None:
    with pytest.raises(SourceUnreadable, match="contains itself"):
        read("a: &a [*a]", "yaml")
    with pytest.raises(SourceTooLarge, match="f:1: YAML nested deeper than 100 levels"):
        read("[" * 100_000, "yaml")
    with pytest.raises(SourceUnreadable, match="f:2: not valid YAML"):
        read("x: [\n", "yaml")


def test_yaml_documents_are_read_one_after_the_other() -> None:
    drafts, _ = read("term: A\ndef: x\n---\nterm: B\ndef: y\n", "yaml")
    assert brief(drafts) == [("A", "x", 1), ("B", "y", 4)]


@pytest.mark.shared
def test_glosario_gives_its_633_english_terms(shared_data: Path) -> None:
    reading = read_source(shared_data / "glossaries" / "glosario" / "glossary.yml")
    assert (len(reading.entries), reading.report.problems, reading.report.skipped) == (633, [], {})
    entries = {entry.entry_id: entry for entry in reading.entries}
    assert entries["abandonware"].source.line == 79
    assert "AST" in entries["abstract-syntax-tree"].aliases
