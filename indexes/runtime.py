"""The one place that chooses which runtime embeds."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import get_args

from indexes.embedder import Embedder
from indexes.errors import IndexesError
from indexes.openvino_embedder import OpenVinoEmbedder
from indexes.openvino_model import Precision
from indexes.openvino_preparation import OnStatus, keep_quiet
from indexes.torch_embedder import TorchEmbedder
from indexes.weights import DEFAULT_MODEL, find_weights

RUNTIMES = ("auto", "openvino", "torch")
NVIDIA_DRIVER = Path("/dev/nvidiactl")


def load_embedder(
    model: str = DEFAULT_MODEL,
    runtime: str = "auto",
    *,
    home: Path,
    precision: str = "int8",
    threads: int | None = None,
    on_status: OnStatus = keep_quiet,
) -> Embedder:
    """Return an embedder that loads its runtime when it first embeds.

    Args:
        model: the default model's name, a sentence-transformers folder, or a locally cached name.
        runtime: "openvino", "torch", or "auto": PyTorch when it can use a GPU, else OpenVINO.
        home: the folder of the installation; OpenVINO models are prepared in `home/models`.
        precision: of OpenVINO: "int8", "bf16" or "fp32". PyTorch always computes in fp32.
        threads: CPU threads to use, None for all cores.
        on_status: called with one line before anything that takes seconds.

    Raises:
        ModelNotFound: the model is not on this machine.
        IndexesError: no such runtime or precision.
    """
    if runtime not in RUNTIMES:
        raise IndexesError(f"embedding runtime {runtime!r} is none of {', '.join(RUNTIMES)}")
    if precision not in get_args(Precision):
        choices = ", ".join(get_args(Precision))
        raise IndexesError(f"embedding precision {precision!r} is none of {choices}")
    weights = find_weights(model)
    if runtime == "torch" or (runtime == "auto" and torch_has_gpu()):
        return TorchEmbedder(weights, threads=threads)
    return OpenVinoEmbedder(
        weights, home, precision=precision, threads=threads, on_status=on_status
    )


def torch_has_gpu(driver: Path = NVIDIA_DRIVER) -> bool:
    """Tell whether there are an NVIDIA driver and a CUDA build of PyTorch, without importing it."""
    torch = find_spec("torch")
    if torch is None or torch.origin is None or not driver.exists():
        return False
    return any(Path(torch.origin).parent.glob("lib/*torch_cuda*"))
