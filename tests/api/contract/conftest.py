"""Servers that the tests of the HTTP interface share: one with a language model, one without."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import enable_socket

from indexes.openvino_embedder import OpenVinoEmbedder
from tests.api.contract.serving import Served, application_of, faithful, ingest, served
from tests.services.scripted_model import ScriptedModel, scripted_model


@pytest.fixture(scope="session")
def small_home(
    tmp_path_factory: pytest.TempPathFactory,
    prepared_home: Path,
    openvino_embedder: OpenVinoEmbedder,
) -> Path:
    """A home with the small glossary live; the model is at hand for processes of their own."""
    home = ingest(tmp_path_factory.mktemp("contract"), openvino_embedder)
    shutil.copytree(prepared_home / "models", home / "models", dirs_exist_ok=True)
    return home


@pytest.fixture(scope="session")
def scripted() -> Iterator[ScriptedModel]:
    enable_socket()
    with scripted_model(faithful()) as model:
        yield model


@pytest.fixture(scope="session")
def with_model(
    small_home: Path, openvino_embedder: OpenVinoEmbedder, scripted: ScriptedModel
) -> Iterator[Served]:
    application = application_of(small_home, openvino_embedder, llm=scripted.llm)
    with served(application, scripted) as running:
        yield running


@pytest.fixture
def server(with_model: Served) -> Served:
    """The server with a language model that answers faithfully."""
    with_model.script(faithful())
    return with_model


@pytest.fixture(scope="session")
def without_model(small_home: Path, openvino_embedder: OpenVinoEmbedder) -> Iterator[Served]:
    enable_socket()
    with served(application_of(small_home, openvino_embedder)) as running:
        yield running
