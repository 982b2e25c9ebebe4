"""Open the embedder that the settings ask for."""

from __future__ import annotations

from collections.abc import Callable

from indexes.embedder import Embedder
from indexes.openvino_preparation import keep_quiet
from indexes.runtime import load_embedder
from rag.settings import Settings

OnStatus = Callable[[str], None]
"""Called with one line before slow one-time work, such as preparing the model."""


def open_embedder(settings: Settings, on_status: OnStatus | None = None) -> Embedder:
    """Return the embedder for an ingestion; it loads its model when it first embeds.

    Raises:
        ModelNotFound: the model is not on this machine.
    """
    return _load(settings, settings.runtime, on_status)


def open_question_embedder(settings: Settings, on_status: OnStatus | None = None) -> Embedder:
    """Return the embedder for questions.

    Left to itself it is OpenVINO, also where a GPU embeds the passages: one short text takes a
    millisecond on a CPU, and PyTorch takes seconds to import.

    Raises:
        ModelNotFound: the model is not on this machine.
    """
    runtime = "openvino" if settings.runtime == "auto" else settings.runtime
    return _load(settings, runtime, on_status)


def _load(settings: Settings, runtime: str, on_status: OnStatus | None) -> Embedder:
    return load_embedder(
        settings.model,
        runtime,
        home=settings.home,
        precision=settings.precision,
        threads=settings.threads or None,
        on_status=on_status or keep_quiet,
    )
