"""The PyTorch runtime: sentence-transformers in fp32, on a GPU when there is one."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from indexes.embedder import Fingerprint, Progress, Vectors
from indexes.tokenizer import Tokenizer
from indexes.weights import Weights

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

LENGTH_STEP = 32
GPU_BATCH = 32


class TorchEmbedder:
    """An Embedder on sentence-transformers; torch is imported when it first embeds.

    Every forward pass has one of a few fixed shapes, lengths rounded up to a multiple of 32 and
    batches filled up to their size, because the last bits of a row depend on the shape of its
    batch. A CPU gains nothing from batches: its batch is one text, so that `embed_query(text)`
    equals `embed_passages([text])` bit for bit where both prefixes are the same. On a GPU the
    query has a shape of its own and may differ in the last bits.
    """

    def __init__(
        self, weights: Weights, device: str | None = None, threads: int | None = None
    ) -> None:
        self._weights = weights
        self._device = device
        self._threads = threads
        self._lock = threading.RLock()

    @property
    def fingerprint(self) -> Fingerprint:
        """What decides the vectors; reads the weights to verify them on first use."""
        return self._weights.fingerprint(self._sha256, "torch-fp32")

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return (len(texts), dimension) float32, unit rows; see Embedder."""
        prefix = self._weights.passage_prefix
        rows = np.zeros((len(texts), self._weights.dimension), np.float32)
        filled = [i for i, text in enumerate(texts) if text.strip()]
        if progress and len(filled) < len(texts):
            progress(len(texts) - len(filled))
        encoded = {i: self._tokenizer.encode(prefix + texts[i]) for i in filled}
        size = 1 if not filled or self._model.device.type == "cpu" else GPU_BATCH
        for length, batch in _batches(encoded, size):
            rows[batch] = self._forward([encoded[i] for i in batch], length, size)
            if progress:
                progress(len(batch))
        return rows

    def embed_query(self, text: str) -> Vectors:
        """Return (dimension,) float32 of length 1 (all zeros for an empty text)."""
        if not text.strip():
            return np.zeros(self._weights.dimension, np.float32)
        ids = self._tokenizer.encode(self._weights.query_prefix + text)
        vector: Vectors = self._forward([ids], _rounded(len(ids)), 1)[0]
        return vector

    def count_tokens(self, text: str) -> int:
        """Return how many tokens `text` costs, special tokens not counted."""
        return self._tokenizer.count(text)

    def _forward(self, batch: list[list[int]], length: int, size: int) -> Vectors:
        """Return (len(batch), dimension) float32, unit rows."""
        import torch

        ids = torch.full((size, length), self._tokenizer.padding_id, dtype=torch.long)
        mask = torch.zeros((size, length), dtype=torch.long)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            mask[row, : len(tokens)] = 1
        mask[len(batch) :, 0] = 1  # a row without any token would average nothing
        device = self._model.device
        features: dict[str, Any] = {"input_ids": ids.to(device), "attention_mask": mask.to(device)}
        with torch.inference_mode():
            vectors = self._model(features)["sentence_embedding"][: len(batch)].float()
            unit = torch.nn.functional.normalize(vectors, dim=-1)
        found: Vectors = unit.cpu().numpy()
        return found

    @cached_property
    def _sha256(self) -> str:
        return self._weights.sha256()

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return Tokenizer(self._weights.transformer / "tokenizer.json", self._weights.max_tokens)

    @property
    def _model(self) -> SentenceTransformer:
        with self._lock:
            return self._loaded

    @cached_property
    def _loaded(self) -> SentenceTransformer:
        self._sha256  # noqa: B018 - verifies the weights before they are used
        return load_sentence_transformer(self._weights, self._device, self._threads)


def load_sentence_transformer(
    weights: Weights, device: str | None = None, threads: int | None = None
) -> SentenceTransformer:
    """Load a model from its folder, in fp32, ready for inference, without a progress bar."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    if threads:
        torch.set_num_threads(threads)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(
        str(weights.folder),
        device=device,
        local_files_only=True,
        model_kwargs={"dtype": torch.float32},
    )
    return model.eval()


def _batches(encoded: dict[int, list[int]], size: int) -> Iterator[tuple[int, list[int]]]:
    """Yield (length, keys) of batches whose texts all round up to one length."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for key, ids in encoded.items():
        by_length[_rounded(len(ids))].append(key)
    for length, keys in by_length.items():
        for start in range(0, len(keys), size):
            yield length, keys[start : start + size]


def _rounded(length: int) -> int:
    return -(-length // LENGTH_STEP) * LENGTH_STEP
