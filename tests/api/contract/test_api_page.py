"""Every example of docs/api.md, run as it stands against a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexes.openvino_embedder import OpenVinoEmbedder
from indexes.store import Store
from rag.ingestion import Ingestion, Request
from rag.settings import bundled_glossary
from tests.api.contract.node import ROOT, find_node, install_ai_sdk
from tests.api.contract.serving import Served, application_of, served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
]

ADDRESS = "http://127.0.0.1:8000"
BLOCK = re.compile(r"^```(?P<kind>bash|python|javascript)\n(?P<code>.*?)^```", re.DOTALL | re.M)
ELSEWHERE = {"Glossary", "Administration", "MCP"}  # run by the tests of those


def examples() -> Iterator[tuple[str, str, str]]:
    """Yield the section, the language and the code of every example."""
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    for section in re.split(r"(?m)^## ", page)[1:]:
        title = section.partition("\n")[0]
        if title not in ELSEWHERE:
            for block in BLOCK.finditer(section):
                yield title, block["kind"], block["code"]


EXAMPLES = list(examples())


@pytest.fixture(scope="module")
def glossary_server(
    tmp_path_factory: pytest.TempPathFactory, openvino_embedder: OpenVinoEmbedder
) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("bundled")
    Ingestion(Store(home), openvino_embedder).run(Request((bundled_glossary(),)))
    with served(application_of(home, openvino_embedder)) as running:
        yield running


def command_of(kind: str, script: Path) -> list[str]:
    if kind == "python":
        return [sys.executable, "-W", "error", str(script)]
    if kind == "javascript":
        return [find_node(), shutil.copy(script, install_ai_sdk() / script.name)]
    if shutil.which("curl") is None:
        pytest.fail("curl is missing: the examples in the shell need it")
    return ["bash", "-euo", "pipefail", str(script)]


def test_there_are_examples_in_every_language() -> None:
    assert {kind for _, kind, _ in EXAMPLES} == {"bash", "python", "javascript"}
    assert all(ADDRESS in code for _, _, code in EXAMPLES)


@pytest.mark.parametrize(
    ("section", "kind", "code"),
    EXAMPLES,
    ids=[f"{n}-{title}-{kind}" for n, (title, kind, _) in enumerate(EXAMPLES)],
)
def test_an_example_runs_as_it_stands(
    tmp_path: Path, glossary_server: Served, section: str, kind: str, code: str
) -> None:
    suffix = {"python": "py", "javascript": "mjs", "bash": "sh"}[kind]
    script = tmp_path / f"example.{suffix}"
    script.write_text(code.replace(ADDRESS, glossary_server.url), encoding="utf-8")
    environment = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    done = subprocess.run(
        command_of(kind, script), cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout != "") == (0, True), done.stderr
    said = done.stdout + done.stderr
    assert '"error"' not in said
    if section in ("Chat", "Streaming", "OpenAI-compatible") and "embeddings" not in code:
        assert "neural" in said.lower()
