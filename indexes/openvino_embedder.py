"""The OpenVINO runtime: one graph compiled for this CPU, used without PyTorch."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from indexes.embedder import Fingerprint, Progress, Vectors
from indexes.errors import IndexesError
from indexes.openvino_model import (
    Precision,
    PreparedModel,
    graph_of,
    prepared_model,
    runtime_name,
)
from indexes.openvino_preparation import OnStatus, keep_quiet, prepare_somewhere
from indexes.tokenizer import Tokenizer
from indexes.weights import Weights

LENGTH_STEP = 16
PROGRESS_STEP = 256


class OpenVinoEmbedder:
    """An Embedder on OpenVINO; the model is prepared and compiled when it first embeds.

    Every inference holds exactly one text, its length rounded up to a multiple of 16, and as many
    run side by side as there are cores. So a row cannot depend on its neighbours, `embed_query`
    equals `embed_passages` bit for bit where both prefixes are the same, nothing is spent on
    padding to the longest of a batch, and it is also the fastest way on a CPU.
    """

    def __init__(
        self,
        weights: Weights,
        home: Path,
        precision: str = "int8",
        threads: int | None = None,
        on_status: OnStatus = keep_quiet,
    ) -> None:
        self._weights = weights
        self._home = home
        self._precision = cast(Precision, precision)
        self._threads = threads
        self._on_status = on_status
        self._lock = threading.RLock()
        self._local = threading.local()

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What decides the vectors. Published or prepared weights are not read for it."""
        known = self._weights.published_sha256
        prepared = prepared_model(self._weights, graph_of(self._precision), self._home)
        manifest = prepared.manifest() or {}
        weights_sha256 = known or manifest.get("weights_sha256") or self._weights.sha256()
        return self._weights.fingerprint(weights_sha256, runtime_name(self._precision))

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return (len(texts), dimension) float32, unit rows; see Embedder."""
        rows = np.zeros((len(texts), self._weights.dimension), np.float32)
        prefix = self._weights.passage_prefix
        for start in range(0, len(texts), PROGRESS_STEP):
            some = texts[start : start + PROGRESS_STEP]
            filled = [i for i, text in enumerate(some, start) if text.strip()]
            if filled:
                rows[filled] = list(
                    self._pool.map(self._vector, [prefix + texts[i] for i in filled])
                )
            if progress:
                progress(len(some))
        return rows

    def embed_query(self, text: str) -> Vectors:
        """Return (dimension,) float32 of length 1 (all zeros for an empty text)."""
        if not text.strip():
            return np.zeros(self._weights.dimension, np.float32)
        return self._vector(self._weights.query_prefix + text)

    def count_tokens(self, text: str) -> int:
        """Return how many tokens `text` costs, special tokens not counted."""
        return self._tokenizer.count(text)

    def _vector(self, text: str) -> Vectors:
        """Return (dimension,) float32 of length 1, computed in this thread."""
        if not hasattr(self._local, "request"):  # one request cannot serve two threads
            self._local.request = self._compiled.create_infer_request()
        inputs = model_inputs(self._tokenizer.encode(text), self._tokenizer.padding_id)
        vector: Vectors = self._local.request.infer(inputs)[0][0].copy()
        return vector

    @property
    def _pool(self) -> ThreadPoolExecutor:
        with self._lock:
            return self._started_pool

    @cached_property
    def _started_pool(self) -> ThreadPoolExecutor:
        # Not OpenVINO's AsyncInferQueue: its callbacks into Python can deadlock with the release
        # of the model, which waits for them while it holds the interpreter lock.
        return ThreadPoolExecutor(self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))

    @property
    def _tokenizer(self) -> Tokenizer:
        with self._lock:
            return self._loaded_tokenizer

    @cached_property
    def _loaded_tokenizer(self) -> Tokenizer:
        return Tokenizer(self._weights.transformer / "tokenizer.json", self._weights.max_tokens)

    @property
    def _compiled(self) -> Any:
        with self._lock:
            return self._compiled_model

    @cached_property
    def _compiled_model(self) -> Any:
        prepared = prepare_somewhere(
            self._weights, graph_of(self._precision), self._home, self._on_status
        )
        return compile_model(prepared, self._precision, self._threads)


def compile_model(prepared: PreparedModel, precision: Precision, threads: int | None) -> Any:
    """Return an `openvino.CompiledModel` with one stream of inference per core."""
    core = import_openvino().Core()
    if precision == "bf16" and "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        raise IndexesError("this CPU has no bf16 arithmetic: use the precision 'int8' or 'fp32'")
    settings: dict[str, Any] = {
        "PERFORMANCE_HINT": "THROUGHPUT",
        "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32",
        # Pinned, the streams of several processes would share the first cores.
        "ENABLE_CPU_PINNING": False,
    }
    if threads:
        settings |= {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": threads}
    cache = prepared.trusted_cache()
    if cache:
        settings["CACHE_DIR"] = str(cache)
    compiled = core.compile_model(str(prepared.graph), "CPU", settings)
    if cache and not compiled.get_property("LOADED_FROM_CACHE"):
        prepared.record_cache()
    return compiled


def model_inputs(ids: Sequence[int], padding: int) -> dict[str, npt.NDArray[np.int64]]:
    """Return the inputs for one text, both (1, length) int64, its length a multiple of 16."""
    length = -(-len(ids) // LENGTH_STEP) * LENGTH_STEP
    input_ids = np.full((1, length), padding, np.int64)
    input_ids[0, : len(ids)] = ids
    attention_mask = np.zeros((1, length), np.int64)
    attention_mask[0, : len(ids)] = 1
    return {"input_ids": input_ids, "attention_mask": attention_mask}


def import_openvino() -> Any:
    """Import OpenVINO without its telemetry, which would report every import over the network."""
    sys.modules.setdefault("openvino_telemetry", cast(Any, None))
    import openvino

    return openvino
