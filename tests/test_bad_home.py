"""A home that is damaged, shut, full or in use: one line, and what was live stays live."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag.embedding
from tests.contents import flip, litter
from tests.fakes import WordEmbedder
from tests.newcomer import CHEAP, MAIN, Newcomer, newcomer

AS_NOBODY = (
    CHEAP
    + """
import os
import api.terminal.answer_text, api.terminal.ingestion_progress
import api.terminal.ingestion_text, api.snapshot_text
import colorsys, rag.ingestion, rag.opening  # an interpreter of root's may be shut to nobody
if os.geteuid() == 0:
    os.seteuid(65534)
main()
"""
)
LITTLE_ROOM = (
    CHEAP
    + """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
main()
"""
)
EMBEDS_FOREVER = (
    CHEAP
    + """
def embed(self, texts, progress=None):
    print("embedding", file=sys.stderr, flush=True)
    sys.stdin.read()
    raise SystemExit("nobody stopped it")
WordEmbedder.embed_passages = embed
main()
"""
)
SECOND = "## Dropout\n\nDropout switches off random neurons.\n"


@pytest.fixture
def someone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    """A newcomer with two snapshots: the small glossary, and a live one of another source."""
    someone = newcomer(tmp_path / "home", monkeypatch)
    someone.home.with_name("second.md").write_text(SECOND, encoding="utf-8")
    someone.done("ingest", someone.home.with_name("second.md"))
    return someone


@pytest.fixture
def shut(someone: Newcomer) -> Iterator[Newcomer]:
    """The same home in a place that anyone may enter and nobody may write."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        home = shutil.copytree(someone.home, Path(folder) / "home")
        folders = [home, *(path for path in home.rglob("*") if path.is_dir())]
        for path in folders:
            path.chmod(0o555)
        yield Newcomer(home)
        for path in folders:
            path.chmod(0o755)


def ids(someone: Newcomer) -> list[str]:
    listed = json.loads(someone.done("snapshots", "list", "--json"))
    return [snapshot["snapshot_id"] for snapshot in listed["snapshots"]]


@pytest.mark.parametrize("name", ["entries.jsonl", "unit_vectors.npy", "manifest.json"])
@pytest.mark.parametrize("damage", [flip, lambda path: os.truncate(path, 5)], ids=["flip", "cut"])
def test_a_damaged_snapshot_is_named_and_the_others_stay_usable(
    someone: Newcomer, name: str, damage: object
) -> None:
    first, second = ids(someone)
    damage(someone.home / second / name)
    for command in (
        ("ask", "dropout"),
        ("entries",),
        ("snapshots", "verify"),
    ):
        message = someone.refused(*command, code=1)
        assert f"snapshot {second}: {name}" in message
        assert "aifactory snapshots rollback" in message
    assert re.search(rf"{second} +live, corrupt", someone.done("snapshots", "list"))
    assert someone.done("snapshots", "rollback") == f"{first} is live\n"
    assert "Tensor" in someone.done("search", "tensor")
    assert re.search(rf"{second} +corrupt", someone.done("snapshots", "list"))


def test_ingesting_again_repairs_a_damaged_snapshot(someone: Newcomer) -> None:
    _, second = ids(someone)
    flip(someone.home / second / "entries.jsonl")
    someone.done("ingest", someone.home.with_name("second.md"))
    assert someone.done("snapshots", "verify") == f"{second} is intact\n"


def test_an_index_of_another_model_is_refused(
    someone: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = WordEmbedder("tensor", model="others")
    monkeypatch.setattr(rag.embedding, "load_embedder", lambda *_, **__: other)
    message = someone.refused("ask", "tensor")
    assert "was built by 'words', the embedder is 'others'" in message
    assert "aifactory ingest" in message


@pytest.mark.parametrize("content", ["", "garbage", "f" * 16, "../../etc", "\ufffd\x07" * 99])
def test_current_that_names_nothing_leads_to_the_way_out(someone: Newcomer, content: str) -> None:
    first, second = ids(someone)
    (someone.home / "CURRENT").write_text(content, encoding="utf-8")
    assert "`aifactory snapshots activate ID`" in someone.refused("ask", "tensor")
    assert "None of them is live" in someone.done("snapshots", "list")
    assert someone.done("snapshots", "rollback") == f"{second} is live\n"
    assert someone.done("snapshots", "rollback") == f"{first} is live\n"
    assert "Tensor" in someone.done("search", "tensor")


def test_current_that_is_a_folder_is_named(someone: Newcomer) -> None:
    (someone.home / "CURRENT").unlink()
    (someone.home / "CURRENT").mkdir()
    for command in (("ask", "tensor"), ("ingest", someone.home.with_name("second.md"))):
        assert "CURRENT cannot be read (Is a directory)" in someone.refused(*command, code=1)


def test_a_home_that_is_a_file_is_named(someone: Newcomer) -> None:
    lost = Newcomer(someone.home.with_name("second.md"))
    assert "second.md is a file where a folder is expected" in lost.refused("ask", "tensor")
    source = someone.home.with_name("glossary.md")
    assert "is a file where a folder" in lost.refused("ingest", source, code=1)
    assert lost.home.read_text(encoding="utf-8") == SECOND


def test_an_empty_home_option_is_not_the_current_folder(someone: Newcomer) -> None:
    process = someone.start("ask", "tensor", "--home", "")
    assert "the path is empty" in process.communicate()[1]
    assert process.returncode == 2


def test_a_home_that_cannot_be_written_still_answers(shut: Newcomer) -> None:
    for command in (("ask", "dropout"), ("entries",), ("snapshots", "list")):
        process = shut.start(*command, code=AS_NOBODY)
        printed, errors = process.communicate()
        assert (process.returncode, errors) == (0, ""), errors
        assert printed
    for command in (("ingest",), ("snapshots", "rollback"), ("snapshots", "prune")):
        process = shut.start(*command, code=AS_NOBODY)
        printed, errors = process.communicate()
        assert (process.returncode, printed) == (1, "")
        assert re.fullmatch(r"aifactory: cannot write /.+: Permission denied; .+\n", errors)


def test_a_full_disk_leaves_no_trace(someone: Newcomer) -> None:
    live = someone.live()
    someone.home.with_name("third.md").write_text("## Ten\n\nA number.\n" * 2, encoding="utf-8")
    process = someone.start("ingest", someone.home.with_name("third.md"), code=LITTLE_ROOM)
    _, errors = process.communicate()
    assert re.fullmatch(r"aifactory: cannot write .+: File too large; .+\n", errors)
    assert (process.returncode, someone.live(), litter(someone.home)) == (1, live, [])


def test_a_second_ingestion_is_refused_while_one_runs(someone: Newcomer) -> None:
    source = someone.home.with_name("third.md")
    source.write_text("## Ten\n\nA number.\n", encoding="utf-8")
    running = someone.start("ingest", source, code=EMBEDS_FOREVER)
    assert running.stderr.readline() == "embedding\n"
    assert f"process {running.pid}" in someone.refused("ingest", source, code=1)
    assert someone.done("ask", "dropout")
    running.kill()
    running.communicate()
    someone.done("ingest", source)


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, 130, "aifactory: stopped\n"), (signal.SIGTERM, -15, "")],
)
def test_an_ingestion_that_is_stopped_changes_nothing(
    someone: Newcomer, number: signal.Signals, code: int, said: str
) -> None:
    live = someone.live()
    source = someone.home.with_name("third.md")
    source.write_text("## Ten\n\nA number.\n", encoding="utf-8")
    process = someone.start("ingest", source, code=EMBEDS_FOREVER)
    assert process.stderr.readline() == "embedding\n"
    process.send_signal(number)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (code, said)
    assert (someone.live(), litter(someone.home)) == (live, [])


def test_a_reader_that_has_seen_enough_is_no_error(someone: Newcomer) -> None:
    process = someone.start("entries")
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 141
    process.stdin.close()
    process.stderr.close()


def test_a_plain_locale_and_a_narrow_terminal_are_served(
    someone: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("LC_ALL", "C"), ("PYTHONIOENCODING", "ascii"), ("COLUMNS", "40")):
        monkeypatch.setenv(name, value)
    for command in (("ask", "dropout"), ("search", "∂ dropout"), ("snapshots", "list")):
        process = someone.start(*command)
        printed, errors = process.communicate()
        assert (process.returncode, errors) == (0, "")
        assert max(map(len, printed.splitlines())) <= 80
    assert someone.live().strip() in printed


def test_arguments_that_are_not_utf8_are_no_crash(someone: Newcomer) -> None:
    for command in (("ask", "tensor \udcff"), ("show", "\udcff"), ("ingest", "\udcff.md")):
        process = someone.start(*map(os.fsencode, command), code=MAIN)
        _, errors = process.communicate()
        assert "Traceback" not in errors
        assert process.returncode in (0, 2)
