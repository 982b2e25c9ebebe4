from __future__ import annotations

import json
import re

import pytest

import rag.opening
from tests.api.conftest import Run
from tests.api.fake_chat import SNAPSHOT, FakeChat

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]")


def test_ask_prints_the_answer_its_sources_and_where_it_came_from(run: Run) -> None:
    result = run("ask", "What is beam search?")
    assert result.exit_code == 0
    assert [line.rstrip() for line in result.stdout.splitlines()] == [
        "Beam search keeps the b best partial sequences at every step. [1]",
        "",
        "[1] Beam Search · Decoding · beam-search",
        "    also defined in beam-search-2",
        "    # Beam Search",
        "    Beam search keeps the `b` best partial sequences at every step. It costs $b$",
        "    times as much as greedy…",
        "",
        f"answered from snapshot {SNAPSHOT} · extractive · 2 ms",
    ]


def test_ask_json_is_the_answer_and_nothing_else(run: Run) -> None:
    result = run("ask", "What is beam search?", "--json")
    expected = FakeChat().ask("What is beam search?").to_json()
    assert json.loads(result.stdout_bytes.decode("utf-8")) == json.loads(json.dumps(expected))
    assert result.stderr == ""


def test_ask_reads_stdin(run: Run) -> None:
    result = run("ask", "-", "--json", input=b"What is a tensor?\n")
    assert json.loads(result.stdout)["question"] == "What is a tensor?"


def test_ask_reads_bytes_that_are_not_text(run: Run) -> None:
    result = run("ask", "-", "--json", input=b"tensor \xff")
    assert json.loads(result.stdout)["question"] == "tensor \ufffd"


def test_an_unanswerable_question_names_near_terms(run: Run) -> None:
    result = run("ask", "price of bread")
    assert result.exit_code == 0
    assert "does not answer this question" in result.stdout
    assert "  Tensor\n" in result.stdout


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "aifactory: the question holds no letter and no digit; ask about a term\n"),
        ("?!…", "aifactory: the question holds no letter and no digit; ask about a term\n"),
        ("x" * 100_000, "aifactory: the question has 100000 characters, at most 2000\n"),
    ],
    ids=["empty", "punctuation", "long"],
)
def test_a_question_that_cannot_be_asked_is_one_line(run: Run, question: str, message: str) -> None:
    result = run("ask", question)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", message)


@pytest.mark.parametrize(
    "command", [("ask", "x"), ("search", "x"), ("entries",), ("show", "x"), ("chat",)]
)
def test_without_a_snapshot_every_command_says_what_to_do(
    run_without_snapshot: Run, command: tuple[str, ...]
) -> None:
    result = run_without_snapshot(*command)
    expected = "aifactory: no snapshot is live in this home; run `aifactory ingest`\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", expected)


def test_search_prints_a_row_per_family(run: Run) -> None:
    out = run("search", "beam search tensor").stdout
    assert re.search(r"^1  Beam Search  beam-search +1\.0000  1/2/-", out, re.M)
    assert re.search(r"^2  Tensor  tensor +0\.5000  1/2/-", out, re.M)
    assert "twins: beam-search-2" in out
    assert "Opening: # Beam Search" in out


def test_search_takes_a_number_and_a_mode(run: Run) -> None:
    result = run("search", "beam search tensor", "-k", "1", "--mode", "lexical", "--json")
    assert [hit["rank"] for hit in json.loads(result.stdout)["hits"]] == [1]


def test_search_that_finds_nothing_says_so(run: Run) -> None:
    assert run("search", "bread").stdout == "Nothing found.\n"


def test_entries_lists_every_entry(run: Run) -> None:
    listed = json.loads(run("entries", "--json").stdout)
    assert [row["entry_id"] for row in listed] == ["beam-search", "beam-search-2", "tensor"]
    assert set(listed[0]) == {
        "entry_id", "heading", "term", "aliases", "category", "source"
    }  # fmt: skip
    assert "3 entries in snapshot" in run("entries").stdout


def test_show_prints_one_entry_and_its_passages(run: Run) -> None:
    out = run("show", "beam-search").stdout
    assert out.startswith("Beam Search\nentry_id  beam-search\n")
    assert "twins     beam-search-2" in out
    assert "glossary.md:3" in out
    assert re.search(r"^#0  0:\d+  1 units  Opening$", out, re.M)
    shown = json.loads(run("show", "beam-search", "--json").stdout)
    assert shown["passages"][0]["text"] == shown["body"]


def test_a_missing_entry_is_the_users_mistake(run: Run) -> None:
    result = run("show", "nothing")
    assert (result.exit_code, result.stderr) == (
        2,
        f"aifactory: no entry 'nothing' in {SNAPSHOT}\n",
    )


@pytest.mark.parametrize(
    "command", [("ask", "tensor"), ("search", "tensor"), ("show", "tensor"), ("entries",)]
)
def test_an_entry_cannot_steer_the_terminal(run: Run, command: tuple[str, ...]) -> None:
    out = run(*command).stdout
    assert not CONTROLS.search(out)


def test_markup_of_entries_is_shown_as_it_is(run: Run) -> None:
    out = run("ask", "tensor").stdout
    assert "[bold]marked[/bold]" in out
    assert "<script>alert(1)</script>" in out


@pytest.mark.parametrize("command", ["ask", "search", "show"])
def test_arguments_cannot_steer_the_terminal(run: Run, command: str) -> None:
    result = run(command, "\x1b[31m[red]beam search\x1b[0m\udcff")
    assert not CONTROLS.search(result.output)


def test_no_line_is_wider_than_80_columns(run: Run) -> None:
    for command in (("ask", "beam search tensor"), ("search", "beam search tensor"), ("entries",)):
        assert max(len(line) for line in run(*command).stdout.splitlines()) <= 80


def test_chat_answers_until_quit(run: Run) -> None:
    lines = [
        "/sources",
        "beam search",
        "/sources",
        "?!",
        "/help",
        "/nonsense",
        "",
        "/quit",
        "never",
    ]
    result = run("chat", input="\n".join(lines))
    assert result.exit_code == 0
    assert "no sources yet" in result.stdout
    assert "[1] Beam Search\n" in result.stdout
    assert "[1] Beam Search · Decoding · beam-search" in result.stdout
    assert "holds no letter" in result.stdout
    assert "A follow-up" in result.stdout
    assert "/nonsense is no command" in result.stdout
    assert result.stdout.endswith("Goodbye.\n")


def test_chat_shows_what_a_follow_up_was_taken_for(run: Run) -> None:
    result = run("chat", input="beam search\nhow wide is it\n")
    assert result.stdout.count("Searched for: ") == 1
    assert "Searched for: how wide is beam search\n" in result.stdout


def test_chat_starts_afresh_on_demand(run: Run) -> None:
    result = run("chat", input="beam search\n/new\nhow wide is it\n/sources\n")
    assert "A new conversation." in result.stdout
    assert "Searched for" not in result.stdout
    assert "no sources yet" in result.stdout


def test_chat_as_json_answers_line_by_line_and_remembers(run: Run) -> None:
    result = run("chat", "--json", input="\ufeffbeam search\n\nhow wide is it\r\n?!\nis it wide")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, result.stderr, len(lines)) == (0, "", 4)
    assert [line.get("standalone_question") for line in lines] == [
        "beam search",
        "how wide is beam search",
        None,
        "is how wide is beam search wide",
    ]
    assert lines[1]["question"] == "how wide is it"
    assert lines[2]["error"]["type"] == "QuestionEmpty"


def test_chat_ends_politely_with_its_input(run: Run) -> None:
    result = run("chat", input="tensor\n")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("Goodbye.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("ask",),
        ("ask", "a", "b"),
        ("ask", "a", "--nonsense"),
        ("search", "a", "-k", "0"),
        ("search", "a", "-k", "x"),
        ("search", "a", "--mode", "best"),
        ("serve", "--port", "70000"),
        ("serve", "--workers", "0"),
        ("--nonsense",),
    ],
    ids=" ".join,
)
def test_a_wrong_argument_is_one_line_and_exit_2(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.fullmatch(r"aifactory: .*\n", result.stderr)


def fail(*_: object, **__: object) -> None:
    raise ZeroDivisionError("one\ntwo")


@pytest.mark.parametrize("group", [(), ("snapshots",)])
def test_a_group_without_a_command_shows_its_help(run: Run, group: tuple[str, ...]) -> None:
    result = run(*group)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.rstrip() == run(*group, "--help").stdout.rstrip()


def test_an_unexpected_error_is_one_line_and_exit_1(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.opening, "open_chat", fail)
    result = run("ask", "x")
    assert (result.exit_code, result.stdout) == (1, "")
    assert re.fullmatch(
        r"aifactory: unexpected ZeroDivisionError: one two .*--debug.*\n", result.stderr
    )


def test_debug_shows_the_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.opening, "open_chat", fail)
    assert "Traceback" in run("--debug", "ask", "x").stderr


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_an_interrupt_leaves_with_130_and_a_word(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.opening, "open_chat", interrupt)
    result = run("ask", "x")
    assert (result.exit_code, result.output) == (130, "aifactory: stopped\n")


def test_a_setting_that_cannot_be_used_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIFACTORY_THREADS", "many")
    result = run("ask", "x")
    assert result.exit_code == 2
    assert re.fullmatch(r"aifactory: setting threads .*'many'.*\n", result.stderr)
