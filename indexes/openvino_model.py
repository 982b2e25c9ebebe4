"""The noun PreparedModel: weights converted for OpenVINO once, kept under the home, verified.

    <home>/models/<key>/            published by one rename, never changed afterwards
        manifest.json               what it was made from, and the SHA-256 of each file
        model.xml, model.bin        the graph with pooling and normalisation inside
        compiled/                   OpenVINO's own cache for this CPU, may vanish at any time
        compiled.json               the SHA-256 of each file in it
    <home>/models/<key>.lock        held while one process prepares

The key digests the model's identity, the precision and the recipe of the conversion.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from indexes.calibration import calibration_digest
from indexes.weights import Weights, file_sha256

Precision = Literal["int8", "bf16", "fp32"]
Graph = Literal["int8", "fp32"]

FILES = {"model.xml", "model.bin"}
RECIPE = 1  # raise it whenever the conversion changes the vectors it makes


@dataclass(frozen=True, slots=True)
class PreparedModel:
    """A folder with a converted model; `verify` before use."""

    folder: Path

    @property
    def graph(self) -> Path:
        """The file to compile."""
        return self.folder / "model.xml"

    @property
    def compiled(self) -> Path:
        """The folder of OpenVINO's cache."""
        return self.folder / "compiled"

    def manifest(self) -> dict[str, Any] | None:
        """Return what the model was made from, or None when it is missing or unreadable."""
        return _read_json(self.folder / "manifest.json")

    def verify(self) -> bool:
        """Tell whether every file is there with the hash it was published with."""
        hashes = (self.manifest() or {}).get("files")
        return isinstance(hashes, dict) and hashes.keys() >= FILES and _matches(self.folder, hashes)

    def trusted_cache(self) -> Path | None:
        """Return the folder for OpenVINO's cache, emptied unless its files are as recorded.

        None when it cannot be used: nothing is cached yet and the folder is read-only.
        """
        recorded = _read_json(self.folder / "compiled.json") or {}
        if (
            recorded
            and recorded.keys() == _names(self.compiled)
            and _matches(self.compiled, recorded)
        ):
            return self.compiled
        if not os.access(self.folder, os.W_OK):
            return None
        shutil.rmtree(self.compiled, ignore_errors=True)
        self.compiled.mkdir(exist_ok=True)
        return self.compiled

    def record_cache(self) -> None:
        """Write down the hashes of OpenVINO's cache, so that the next process can trust it."""
        try:
            hashes = {name: file_sha256(self.compiled / name) for name in _names(self.compiled)}
            aside = self.folder / f"compiled.json.{os.getpid()}"
            aside.write_text(json.dumps(hashes), encoding="utf-8")
            aside.replace(self.folder / "compiled.json")
        except OSError:
            return  # read-only, or another process is emptying it: the cache is only a shortcut


def runtime_name(precision: Precision) -> str:
    """Return the runtime that fingerprints carry: engine, precision and recipe of the graph."""
    return f"openvino-{precision}-{_recipe(graph_of(precision))}"


def graph_of(precision: Precision) -> Graph:
    """Return which graph a precision computes with: bf16 casts the fp32 one as it compiles."""
    return "int8" if precision == "int8" else "fp32"


def prepared_model(weights: Weights, graph: Graph, home: Path) -> PreparedModel:
    """Return where the prepared model of these weights lies, or will lie."""
    key = f"{weights.identity()} {_recipe(graph)}"
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    slug = "".join(c if c.isalnum() else "-" for c in weights.model)[:60]
    return PreparedModel(home / "models" / f"{slug}-{graph}-{digest}")


def _recipe(graph: Graph) -> str:
    """Return what decides a graph besides its weights; int8 depends on the calibration texts."""
    return f"{RECIPE}.{calibration_digest()[:8]}" if graph == "int8" else f"{RECIPE}"


def _matches(folder: Path, hashes: dict[str, str]) -> bool:
    try:
        return all(file_sha256(folder / name) == hash_ for name, hash_ in hashes.items())
    except OSError:
        return False


def _names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} if folder.is_dir() else set()


def _read_json(file: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None
