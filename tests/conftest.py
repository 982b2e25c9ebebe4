"""A clean environment, a home of its own and the real data, for every test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexes.openvino_embedder import OpenVinoEmbedder
from indexes.torch_embedder import TorchEmbedder
from indexes.weights import Weights, find_weights

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's settings out of the tests, and the tests off the network."""
    for name in list(os.environ):
        if name.startswith("AIFACTORY_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture
def shared_data() -> Path:
    """The folder with the real inputs; tests that use it carry the mark `shared`."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"needs the real data at {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture
def glossary_page(shared_data: Path) -> Path:
    """Page 2 of 4 of the AI Factory Glossary: 50 of 169 entries."""
    return shared_data / "ai-factory-glossary" / "page-2.txt"


@pytest.fixture(scope="session")
def default_weights() -> Weights:
    return find_weights()


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory, default_weights: Weights) -> Path:
    """A home with the default model prepared in int8; tests read it and leave it as it is."""
    home = tmp_path_factory.mktemp("prepared-home")
    OpenVinoEmbedder(default_weights, home).embed_query("prepare")
    return home


@pytest.fixture(scope="session")
def openvino_embedder(prepared_home: Path, default_weights: Weights) -> OpenVinoEmbedder:
    return OpenVinoEmbedder(default_weights, prepared_home)


@pytest.fixture(scope="session")
def torch_embedder(default_weights: Weights) -> TorchEmbedder:
    return TorchEmbedder(default_weights, device="cpu")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser last: while it is open, the main thread has a running event loop."""
    items.sort(key=lambda item: "browser" in item.path.relative_to(ROOT).parts)
