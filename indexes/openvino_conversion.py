"""Weights become an OpenVINO graph: the program that `openvino_model` runs on its own.

    python -m indexes.openvino_conversion MODEL_FOLDER int8|fp32 OUTPUT_FOLDER

It writes model.xml and model.bin, and prints one line: the versions of what made them, as JSON.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from indexes.calibration import calibration_texts
from indexes.openvino_embedder import import_openvino, model_inputs
from indexes.tokenizer import Tokenizer
from indexes.torch_embedder import load_sentence_transformer
from indexes.weights import Weights, find_weights

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Convert as the command line says."""
    warnings.simplefilter("ignore")
    folder, precision, output = arguments or sys.argv[1:]
    weights = find_weights(folder)
    model = convert(weights)
    if precision == "int8":
        model = quantize(model, weights)
    openvino = import_openvino()
    openvino.save_model(model, Path(output) / "model.xml", compress_to_fp16=False)
    print(json.dumps({"openvino": openvino.get_version(), "numpy": np.__version__}))


def convert(weights: Weights) -> Any:
    """Return an `openvino.Model`: (input_ids, attention_mask) -> (n, dimension), unit rows."""
    openvino = import_openvino()
    import torch

    transformer = load_sentence_transformer(weights, device="cpu")

    class UnitVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            features: Any = {"input_ids": input_ids, "attention_mask": attention_mask}
            vectors = self.transformer(features)["sentence_embedding"]
            return torch.nn.functional.normalize(vectors, dim=-1)

    example = {
        "input_ids": torch.ones(2, 7, dtype=torch.long),
        "attention_mask": torch.ones(2, 7, dtype=torch.long),
    }
    with torch.no_grad():
        return openvino.convert_model(UnitVectors(), example_input=example)


def quantize(model: Any, weights: Weights) -> Any:
    """Return the model with int8 weights and activations, calibrated on our own texts.

    Post-training quantisation of NNCF with SmoothQuant (Xiao et al., 2023).
    """
    import nncf

    tokenizer = Tokenizer(weights.transformer / "tokenizer.json", weights.max_tokens)
    texts = calibration_texts()
    samples = [model_inputs(tokenizer.encode(text), padding=0) for text in texts]
    return nncf.quantize(
        model,
        nncf.Dataset(samples),
        model_type=nncf.ModelType.TRANSFORMER,
        subset_size=len(samples),
    )


if __name__ == "__main__":
    main()
