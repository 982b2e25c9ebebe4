"""Whatever is fed in or asked: one line that names the thing and the way out, or a good answer."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.newcomer import CHEAP, Newcomer, newcomer

PEAK = (
    CHEAP
    + """
try:
    main()
finally:
    status = open("/proc/self/status").read()
    print(int(status.split("VmHWM:")[1].split()[0]) // 1024, file=sys.stderr)
"""
)
YAML_BOMB = 'a: &a ["x","x","x","x","x","x","x","x","x"]\n' + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
TENSOR = "## Tensor\n\nA tensor is an array of numbers.\n"


@pytest.fixture
def someone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    return newcomer(tmp_path / "home", monkeypatch)


def give(someone: Newcomer, name: str, content: str | bytes) -> Path:
    path = someone.home.with_name(name)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def ingested(someone: Newcomer, name: str, content: str | bytes) -> list[dict[str, object]]:
    """Ingest a file that has something to give; return its entries."""
    someone.done("ingest", give(someone, name, content))
    return json.loads(someone.done("entries", "--json"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.md", "", "is empty"),
        ("blank.md", " \n\t\n", "is empty"),
        ("program.md", b"\x7fELF" + bytes(200), "is a program"),
        ("bytes.md", bytes(range(256)) * 8, "is not UTF-8: byte 0x80 at offset 128"),
        ("marked.md", TENSOR.encode("utf-16-le"), "UTF-16 needs a byte order mark"),
        ("latin.md", "## Café\n\nUn café chaud.\n".encode("latin-1"), "0xE9 at offset 6"),
        ("names.jsonl", '{"foo": "bar"}\n', "--map term=... --map body=... among: foo"),
        ("bomb.yaml", YAML_BOMB, "aliases expand to"),
        ("long.jsonl", json.dumps({"term": "A", "body": "ab " * 400_000}), "the limit is"),
        ("line.md", "## A\n\n" + "ab " * 400_000, "line.md:3: the line has 1,200,000"),
        ("hollow.md", "# Glossary\n\n## Tensor\n\n## Vector\n", "holds no entry"),
    ],
)
def test_a_source_that_cannot_be_used_is_refused(
    someone: Newcomer, name: str, content: str | bytes, said: str
) -> None:
    message = someone.refused("ingest", give(someone, name, content))
    assert name in message
    assert said in message


@pytest.mark.parametrize("source", ["missing.md", "missing/folder", "nul\0byte.md"])
def test_a_source_that_is_not_there_is_named(someone: Newcomer, source: str) -> None:
    assert "there is no" in someone.refused("ingest", source)


def test_an_empty_path_is_not_the_current_folder(someone: Newcomer) -> None:
    assert "the path is empty" in someone.refused("ingest", "")


def test_a_folder_without_entries_is_refused(someone: Newcomer, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "no file with a known suffix" in someone.refused("ingest", tmp_path / "folder")
    (tmp_path / "folder" / "notes.md").write_text("no heading here\n", encoding="utf-8")
    assert "notes.md:1: no title" in someone.refused("ingest", tmp_path / "folder")


def test_a_file_of_200_megabytes_is_refused_before_it_fills_the_memory(someone: Newcomer) -> None:
    huge = someone.home.with_name("huge.md")
    with huge.open("wb") as file:
        file.truncate(200_000_000)
    process = someone.start("ingest", huge, code=PEAK)
    _, errors = process.communicate()
    message, peak_mb = errors.splitlines()
    assert process.returncode == 2
    assert "huge.md has 200,000,000 bytes" in message
    assert int(peak_mb) < 200


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings_are_read(someone: Newcomer, encoding: str) -> None:
    (entry,) = ingested(someone, "marked.md", TENSOR.encode(encoding))
    assert entry["term"] == "Tensor"


@pytest.mark.shared
def test_a_page_cut_in_the_middle_says_so(someone: Newcomer, glossary_page: Path) -> None:
    page = glossary_page.read_text(encoding="utf-8")
    printed = someone.done("ingest", give(someone, "cut.txt", page[: len(page) // 2]))
    assert "may be cut off: it ends mid-sentence" in printed


def test_equal_headings_are_told_apart_and_equal_bodies_kept(someone: Newcomer) -> None:
    ten, six = "## Ten\n\nOne body.\n\n", "## Six\n\nOne body.\n\n"
    text = ten + "## Ten\n\nOther body.\n\n" + six + ten
    found = ingested(someone, "twice.md", text)
    assert [entry["term"] for entry in found] == ["Six", "Ten", "Ten"]
    assert len({entry["entry_id"] for entry in found}) == 3


def test_an_entry_without_a_body_is_a_problem_and_spares_the_others(someone: Newcomer) -> None:
    path = give(someone, "hollow.md", "## Vector\n\n" + TENSOR)
    assert "hollow.md:1: the entry 'Vector' has no body" in someone.done("ingest", path)
    message = someone.refused("ingest", path, "--strict")
    assert "hollow.md:1" in message
    assert "--strict" in message


def test_a_body_past_the_limit_is_a_problem_and_spares_the_others(someone: Newcomer) -> None:
    lines = [{"term": "A", "body": "ab " * 400_000}, {"term": "B", "body": "Short."}]
    path = give(someone, "two.jsonl", "\n".join(map(json.dumps, lines)))
    assert "two.jsonl:1: the body of 'A' has 1,199,999 characters" in someone.done("ingest", path)


def test_a_heading_of_ten_thousand_characters_is_kept(someone: Newcomer) -> None:
    heading = "word " * 1999 + "words"
    (entry,) = ingested(someone, "long.md", f"## {heading}\n\nA body.\n")
    assert entry["heading"] == heading
    assert len(str(entry["entry_id"])) <= 80
    for command in (("entries",), ("show", entry["entry_id"]), ("search", "word"), ("ask", "word")):
        assert someone.done(*command)


@pytest.mark.parametrize(
    "body",
    [
        "An **open bold, $x and `code.",
        "```python\nx = 1",
        "| a | b |\n|---|\n| 1 | 2 | 3 |\n| **x | `y",
        "$$\nx^2\n\n- item\n  1. step\n\n> quote",
        "One.\rTwo.\r\nThree.\r\r- four\r",
        "<div><script>alert(1)</script>\n\n<b>tensor",
    ],
)
def test_unbalanced_markup_is_taken_as_it_is(someone: Newcomer, body: str) -> None:
    record = json.dumps({"term": "Odd", "body": body})
    assert [entry["term"] for entry in ingested(someone, "odd.jsonl", record)] == ["Odd"]
    assert someone.done("show", "odd")
    shown = json.loads(someone.done("show", "odd", "--json"))
    assert shown["body"] == body.replace("\r\n", "\n").replace("\r", "\n").strip()
    assert someone.done("ask", "What is odd?")


def test_control_characters_reach_no_terminal(someone: Newcomer) -> None:
    text = "## Ten\0sor\x1b[31m\n\nA ten\0sor\x07 is \x1b]0;title\x07 an array.\n"
    (entry,) = ingested(someone, "controls.md", text)
    assert str(entry["term"]).startswith("Tensor")
    for command in (("entries",), ("show", entry["entry_id"]), ("ask", "tensor")):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", someone.done(*command))


def test_records_without_the_mapped_field_name_what_there_is(someone: Newcomer) -> None:
    path = give(someone, "words.jsonl", '{"word": "Ten", "text": "A number."}\n')
    message = someone.refused("ingest", path, "--map", "body=meaning")
    assert "among: word, text" in message
    assert "no field 'sense'" in someone.refused("ingest", path, "--map", "sense=text")
    assert "field=column" in someone.refused("ingest", path, "--map", "nonsense")


def test_scripts_in_html_are_dropped(someone: Newcomer) -> None:
    text = (
        "<html><body><dl><dt>Tensor<script>alert(1)</script></dt>"
        "<dd>An <b onclick=alert(2)>array</b>.<style>p{}</style></dd></dl></body></html>"
    )
    (entry,) = ingested(someone, "page.html", text)
    body = json.loads(someone.done("show", str(entry["entry_id"]), "--json"))["body"]
    assert (entry["term"], body) == ("Tensor", "An **array**.")


@pytest.mark.parametrize("question", ["", "   ", "?!…,;", "\0\x07"])
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_without_a_word_is_refused(
    someone: Newcomer, command: str, question: str
) -> None:
    assert "the question is empty" in someone.refused(command, question)


def test_a_question_of_100_000_characters_is_refused(someone: Newcomer) -> None:
    message = someone.refused("ask", "word " * 20_000)
    assert "has 100000 characters, the limit is 2000" in message


@pytest.mark.parametrize(
    "question",
    [
        "Что такое тензор?",
        "什么是张量",
        "what is it",
        "the",
        "a" * 1900,
        "\udcff tensor",
        "🙂 tensor",
    ],
    ids=ascii,
)
def test_an_odd_question_gets_an_answer_or_a_polite_no(someone: Newcomer, question: str) -> None:
    assert someone.done("ask", question)
    assert someone.done("search", question)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("search", "x", "-k", "0"), "'-k'"),
        (("search", "x", "-k", "-1"), "'-k'"),
        (("search", "x", "-k", "100000"), "'-k'"),
        (("search", "x", "--mode", "fuzzy"), "'fuzzy' is not one of 'hybrid'"),
        (("ingest", "x.md", "--format", "fuzzy"), "no format 'fuzzy'; use one of"),
        (("show", "../../etc/passwd"), "no entry '../../etc/passwd'"),
        (("show", "a" * 30_000), "no entry 'aaa"),
        (("show", "\udcff"), "no entry"),
        (("snapshots", "verify", "../../etc"), "no snapshot '../../etc'"),
        (("snapshots", "activate", "f" * 3000), "aifactory snapshots list"),
        (("nonsense",), "No such command 'nonsense'"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_an_argument_that_cannot_be_used_is_named(
    someone: Newcomer, arguments: tuple[str, ...], said: str
) -> None:
    assert said in someone.refused(*arguments)
