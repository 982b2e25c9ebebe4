"""The default model prepared once for the whole session."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexes.openvino_embedder import OpenVinoEmbedder
from indexes.torch_embedder import TorchEmbedder
from indexes.weights import Weights, find_weights


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
