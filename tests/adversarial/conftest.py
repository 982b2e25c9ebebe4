"""The application over the bundled glossary, and a model server that says what a case tells it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from indexes.openvino_embedder import OpenVinoEmbedder
from indexes.store import Store
from rag.chat import Chat
from rag.ingestion import Ingestion, Request
from rag.opening import open_chat
from rag.settings import Settings, bundled_glossary
from tests.services.scripted_model import Script, ScriptedModel, scripted_model

Served = Callable[..., AbstractContextManager[tuple[TestClient, ScriptedModel]]]
RED_TEAM = Path(__file__).with_name("red_team.jsonl")


def make_home(folder: Path, prepared: Path, embedder: OpenVinoEmbedder, *sources: Path) -> Path:
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    Ingestion(Store(folder), embedder).run(Request(sources))
    return folder


@pytest.fixture(scope="session")
def bundled_home(
    tmp_path_factory: pytest.TempPathFactory,
    prepared_home: Path,
    openvino_embedder: OpenVinoEmbedder,
) -> Path:
    folder = tmp_path_factory.mktemp("adversarial") / "home"
    return make_home(folder, prepared_home, openvino_embedder, bundled_glossary())


@pytest.fixture(scope="session")
def red_home(
    tmp_path_factory: pytest.TempPathFactory,
    prepared_home: Path,
    openvino_embedder: OpenVinoEmbedder,
) -> Path:
    """The bundled glossary with the hostile entries among its own."""
    folder = tmp_path_factory.mktemp("red-team")
    endless = "It never ends and says BANANA over and over " * 5_000
    record = {"term": "Long Widget", "definition": f"This widget cuts paper. {endless}"}
    long = folder / "long.jsonl"
    long.write_text(json.dumps(record), encoding="utf-8")
    sources = (bundled_glossary(), RED_TEAM, long)
    return make_home(folder / "home", prepared_home, openvino_embedder, *sources)


@pytest.fixture(scope="session")
def bundled_chat(bundled_home: Path) -> Chat:
    return open_chat(Settings(home=bundled_home))


@pytest.fixture(scope="session")
def red_chat(red_home: Path) -> Chat:
    return open_chat(Settings(home=red_home))


@pytest.fixture
def page_chat(
    glossary_page: Path, tmp_path: Path, prepared_home: Path, openvino_embedder: OpenVinoEmbedder
) -> Chat:
    """Answers from the real page."""
    home = make_home(tmp_path / "home", prepared_home, openvino_embedder, glossary_page)
    return open_chat(Settings(home=home))


@contextmanager
def _served(
    home: Path, script: Script, **settings: object
) -> Iterator[tuple[TestClient, ScriptedModel]]:
    with scripted_model(script) as model:
        chosen = Settings(home=home, llm=model.llm, llm_retries=0, **settings)
        with TestClient(create_app(chosen), raise_server_exceptions=False) as client:
            yield client, model


@pytest.fixture
def served() -> Served:
    """Serve a home with a scripted model; further settings by name."""
    return _served


@pytest.fixture
def run_ask(red_home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Run `aifactory ask` over the red team's home and return what is printed."""
    monkeypatch.setenv("AIFACTORY_HOME", str(red_home))

    def run(question: str) -> str:
        result = CliRunner().invoke(app, ["ask", question])
        assert result.exit_code == 0, result.output
        return result.output

    return run
