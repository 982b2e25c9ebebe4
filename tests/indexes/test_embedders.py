from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from indexes.calibration import calibration_texts
from indexes.embedder import Embedder
from indexes.errors import IndexesError, ModelNotFound
from indexes.openvino_embedder import OpenVinoEmbedder
from indexes.runtime import load_embedder, torch_has_gpu
from indexes.torch_embedder import TorchEmbedder, load_sentence_transformer
from indexes.weights import Weights

ROOT = Path(__file__).resolve().parent.parent.parent

# Invented texts; one is longer than the 256 tokens that the model reads.
TEXTS = [
    "A feature store keeps the inputs of models in one place.",
    "Kafka is a log of messages.",
    "",
    "The pipeline validates records, joins them with reference data and writes partitions. " * 30,
    "What does it cost?",
    "Latency is the time from a request to its answer; throughput counts answers per second.",
]
ODD_TEXTS = [
    "!?...;;--",
    "機械学習とは何ですか",
    "مرحبا",
    "a\0b",
    "\0\0",
    "\ud800",
    "🙂",
    "a" * 100_000,
]


@pytest.fixture(scope="module", params=["openvino", "torch"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    found: Embedder = request.getfixturevalue(f"{request.param}_embedder")
    return found


def test_rows_are_unit_float32_and_zero_for_empty_texts(embedder: Embedder) -> None:
    rows = embedder.embed_passages([*TEXTS, " \n"])
    assert rows.shape == (7, 384)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    np.testing.assert_allclose(lengths, [1, 1, 0, 1, 1, 1, 0], atol=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, 384)


def test_a_row_depends_on_its_own_text_alone(embedder: Embedder) -> None:
    together = embedder.embed_passages(TEXTS)
    alone = np.concatenate([embedder.embed_passages([text]) for text in TEXTS])
    backwards = embedder.embed_passages(TEXTS[::-1])[::-1]
    crowded = embedder.embed_passages(["hello"] * 3 + TEXTS * 3)[3:9]
    for rows in (alone, backwards, crowded):
        np.testing.assert_array_equal(rows, together)


def test_a_query_and_a_passage_of_one_text_are_the_same_vector(embedder: Embedder) -> None:
    rows = embedder.embed_passages(TEXTS)
    for text, row in zip(TEXTS, rows, strict=True):
        np.testing.assert_array_equal(embedder.embed_query(text), row)


def test_odd_texts_give_finite_unit_rows(embedder: Embedder) -> None:
    rows = embedder.embed_passages(ODD_TEXTS)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), np.ones(len(ODD_TEXTS)), atol=1e-5)


def test_text_past_the_limit_is_cut(embedder: Embedder) -> None:
    rows = embedder.embed_passages(["model " * 254, "model " * 254 + "tail", "model " * 50_000])
    np.testing.assert_array_equal(rows[1:], rows[[0, 0]])


def test_progress_adds_up_to_the_number_of_texts(embedder: Embedder) -> None:
    done: list[int] = []
    embedder.embed_passages(TEXTS, done.append)
    assert sum(done) == 6


def test_progress_is_reported_along_the_way(openvino_embedder: OpenVinoEmbedder) -> None:
    done: list[int] = []
    openvino_embedder.embed_passages(["short"] * 300, done.append)
    assert done == [256, 44]


def test_threads_get_the_vectors_that_one_thread_gets(embedder: Embedder) -> None:
    expected = embedder.embed_passages(TEXTS)
    with ThreadPoolExecutor(6) as pool:
        rows = list(pool.map(embedder.embed_query, TEXTS * 4))
        batches = list(pool.map(embedder.embed_passages, [TEXTS, TEXTS[:2]]))
    np.testing.assert_array_equal(rows, np.tile(expected, (4, 1)))
    np.testing.assert_array_equal(batches[0], expected)
    np.testing.assert_array_equal(batches[1], expected[:2])


def test_tokens_are_counted_without_special_ones(embedder: Embedder) -> None:
    assert embedder.count_tokens("hello world") == 2


def test_pytorch_agrees_with_sentence_transformers(
    torch_embedder: TorchEmbedder, default_weights: Weights
) -> None:
    texts = [text for text in TEXTS if text]
    expected = load_sentence_transformer(default_weights, "cpu").encode(texts)
    np.testing.assert_allclose(torch_embedder.embed_passages(texts), expected, atol=1e-5)


def test_int8_stays_close_to_fp32(
    openvino_embedder: OpenVinoEmbedder, torch_embedder: TorchEmbedder
) -> None:
    texts = [text for text in TEXTS if text]
    exact = torch_embedder.embed_passages(texts)
    cosines = np.sum(openvino_embedder.embed_passages(texts) * exact, axis=1)
    assert cosines.mean() >= 0.99
    assert cosines.min() >= 0.98


def test_the_fingerprints_of_both_runtimes_serve_each_other(
    openvino_embedder: OpenVinoEmbedder, torch_embedder: TorchEmbedder
) -> None:
    assert torch_embedder.fingerprint.runtime == "torch-fp32"
    assert openvino_embedder.fingerprint.runtime.startswith("openvino-int8-1.")
    assert openvino_embedder.fingerprint.serves(torch_embedder.fingerprint)
    assert openvino_embedder.fingerprint != torch_embedder.fingerprint


def test_the_fingerprint_is_known_before_anything_is_prepared(tmp_path: Path) -> None:
    embedder = load_embedder(runtime="openvino", home=tmp_path / "home")
    assert embedder.fingerprint.dimension == 384
    assert not (tmp_path / "home").exists()


def test_calibration_texts_are_fixed_and_mixed() -> None:
    texts = calibration_texts()
    assert texts == calibration_texts()
    assert len(texts) == 96
    assert min(map(len, texts)) < 60
    assert max(map(len, texts)) > 900


def test_a_question_never_imports_pytorch_or_sends_telemetry(prepared_home: Path) -> None:
    program = """
import socket, sys
from pathlib import Path
def refuse(*arguments):
    raise AssertionError("opened a socket")
socket.socket = socket.create_connection = refuse
from indexes.runtime import load_embedder
load_embedder(runtime="openvino", home=Path(sys.argv[1])).embed_query("what is a queue?")
heavy = {"torch", "transformers", "nncf", "langchain", "fastapi", "openvino_telemetry.main"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(prepared_home)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_auto_takes_pytorch_only_where_it_has_a_gpu(tmp_path: Path) -> None:
    expected = TorchEmbedder if torch_has_gpu() else OpenVinoEmbedder
    assert isinstance(load_embedder(home=tmp_path), expected)
    assert not torch_has_gpu(driver=tmp_path / "no-driver")


def test_an_unknown_runtime_precision_or_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexesError, match="runtime 'onnx' is none of auto, openvino, torch"):
        load_embedder(runtime="onnx", home=tmp_path)
    with pytest.raises(IndexesError, match="precision 'int4' is none of int8, bf16, fp32"):
        load_embedder(precision="int4", home=tmp_path)
    with pytest.raises(ModelNotFound, match="no/such-model"):
        load_embedder("no/such-model", home=tmp_path)
