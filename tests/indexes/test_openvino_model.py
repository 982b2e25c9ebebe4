from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexes.errors import ModelCorrupt
from indexes.openvino_embedder import OpenVinoEmbedder
from indexes.openvino_model import PreparedModel, prepared_model, runtime_name
from indexes.openvino_preparation import keep_quiet, prepare
from indexes.weights import Weights

QUESTION = "what is a queue?"


@pytest.fixture
def home(prepared_home: Path, tmp_path: Path) -> Path:
    """A copy of the prepared home that a test may damage."""
    return shutil.copytree(prepared_home, tmp_path / "home")


def model_in(home: Path, weights: Weights) -> PreparedModel:
    return prepared_model(weights, "int8", home)


def spoil(file: Path) -> None:
    """Change one byte in the middle of a file."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.chmod(0o644)
    file.write_bytes(data)


def test_precisions_and_recipes_have_their_own_names() -> None:
    names = [runtime_name("int8"), runtime_name("bf16"), runtime_name("fp32")]
    assert names[1:] == ["openvino-bf16-1", "openvino-fp32-1"]
    assert names[0].startswith("openvino-int8-1.")


def test_a_prepared_model_verifies_and_says_what_it_was_made_from(
    prepared_home: Path, default_weights: Weights
) -> None:
    model = model_in(prepared_home, default_weights)
    assert model.verify()
    manifest = model.manifest() or {}
    assert manifest["weights_sha256"] == default_weights.published_sha256
    assert set(manifest["files"]) == {"model.xml", "model.bin"}


def test_a_prepared_model_is_used_without_a_word(home: Path, default_weights: Weights) -> None:
    said: list[str] = []
    OpenVinoEmbedder(default_weights, home, on_status=said.append).embed_query(QUESTION)
    assert said == []


@pytest.mark.parametrize("file", ["manifest.json", "model.xml", "model.bin"])
def test_a_changed_file_is_detected(home: Path, default_weights: Weights, file: str) -> None:
    model = model_in(home, default_weights)
    (model.folder / file).write_bytes((model.folder / file).read_bytes()[:-9])
    assert not model.verify()
    (model.folder / file).unlink()
    assert not model.verify()


def test_a_spoilt_compile_cache_is_thrown_away(
    home: Path, openvino_embedder: OpenVinoEmbedder, default_weights: Weights
) -> None:
    model = model_in(home, default_weights)
    (blob,) = model.compiled.iterdir()
    spoil(blob)
    spoilt = blob.read_bytes()
    vector = OpenVinoEmbedder(default_weights, home).embed_query(QUESTION)
    np.testing.assert_array_equal(vector, openvino_embedder.embed_query(QUESTION))
    assert all(file.read_bytes() != spoilt for file in model.compiled.iterdir())
    recorded = json.loads((model.folder / "compiled.json").read_text())
    assert set(recorded) == {file.name for file in model.compiled.iterdir()}


def test_a_damaged_model_is_made_again_by_the_first_of_those_who_need_it(
    tmp_path: Path, default_weights: Weights
) -> None:
    model = prepared_model(default_weights, "fp32", tmp_path)
    model.folder.mkdir(parents=True)
    model.graph.write_text("half a graph")
    model.folder.with_name(f"{model.folder.name}.aside-1").mkdir()  # left by a crash
    said: list[str] = []

    def prepare_fp32(_: int) -> PreparedModel:
        return prepare(default_weights, "fp32", tmp_path, said.append)

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(prepare_fp32, range(3))) == {model}
    assert [line.split()[-1] for line in said] == ["again", "s)"]
    assert model.verify()
    left = {file.name for file in (tmp_path / "models").iterdir()}
    assert left == {model.folder.name, f"{model.folder.name}.lock"}


def test_a_home_that_cannot_be_written_is_said_and_worked_around(
    tmp_path: Path, default_weights: Weights
) -> None:
    home = tmp_path / "home"
    home.write_text("a file where the folder should be")
    said: list[str] = []
    embedder = OpenVinoEmbedder(default_weights, home, "fp32", on_status=said.append)
    assert np.linalg.norm(embedder.embed_query(QUESTION)) == pytest.approx(1)
    assert said[0].startswith(f"cannot write {home / 'models'}")
    assert home.is_file()


def test_corrupt_weights_are_never_prepared(tmp_path: Path, default_weights: Weights) -> None:
    folder = shutil.copytree(default_weights.folder, tmp_path / "model")
    spoil(folder / "model.safetensors")
    with pytest.raises(ModelCorrupt, match="install the model again"):
        prepare(replace(default_weights, folder=folder), "int8", tmp_path / "home", keep_quiet)
    assert [file.suffix for file in (tmp_path / "home" / "models").iterdir()] == [".lock"]
