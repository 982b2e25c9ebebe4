"""Weights become a PreparedModel: converted aside, once, and published by one rename."""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from indexes.errors import IndexesError
from indexes.openvino_model import FILES, Graph, PreparedModel, prepared_model
from indexes.weights import Weights, file_sha256

OnStatus = Callable[[str], None]

CONVERT = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from indexes.openvino_conversion import main
main()
"""


def keep_quiet(status: str) -> None:
    """Ignore what is being done: the default for `on_status`."""


def prepare(weights: Weights, graph: Graph, home: Path, on_status: OnStatus) -> PreparedModel:
    """Return a verified prepared model, converting the weights when there is none.

    Processes that need the same model wait for the one that converts it. OSError when `home`
    cannot be written; IndexesError when the conversion fails.
    """
    model = prepared_model(weights, graph, home)
    if model.verify():
        return model
    model.folder.parent.mkdir(parents=True, exist_ok=True)
    with _lock(model.folder.with_name(f"{model.folder.name}.lock")):
        if not model.verify():
            _clear(model.folder, on_status)
            on_status(f"preparing {weights.model} for OpenVINO in {graph}, once (about 15 s)")
            _convert(weights, graph, model.folder)
    return model


def prepare_somewhere(
    weights: Weights, graph: Graph, home: Path, on_status: OnStatus
) -> PreparedModel:
    """Prepare under `home`, or when that cannot be written, in a folder that ends with us."""
    try:
        return prepare(weights, graph, home, on_status)
    except OSError as error:
        on_status(
            f"cannot write {home / 'models'} ({error.strerror or error}): the prepared model is "
            "not kept, so every start prepares it again; make the home writable once"
        )
    folder = Path(tempfile.mkdtemp(prefix="aifactory-models-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return prepare(weights, graph, folder, on_status)


def _clear(folder: Path, on_status: OnStatus) -> None:
    """Remove a damaged model and what crashed preparations left behind."""
    if folder.exists():
        on_status(f"the prepared model {folder} is damaged: making it again")
    for left in (folder, *folder.parent.glob(f"{folder.name}.aside-*")):
        if left.exists():
            shutil.rmtree(left)


def _convert(weights: Weights, graph: Graph, folder: Path) -> None:
    """Convert in a process of its own, which keeps PyTorch's memory and chatter out of ours."""
    weights_sha256 = weights.sha256()
    aside = Path(tempfile.mkdtemp(prefix=f"{folder.name}.aside-", dir=folder.parent))
    root = str(Path(__file__).resolve().parent.parent)
    command = [sys.executable, "-c", CONVERT, root, str(weights.folder), graph, str(aside)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
            raise IndexesError(
                f"{weights.model!r} cannot be converted for OpenVINO in {graph} ({reason}): "
                "use the runtime 'torch'"
            )
        manifest = {
            "format": 1,
            "model": weights.model,
            "weights_sha256": weights_sha256,
            "files": {name: file_sha256(aside / name) for name in sorted(FILES)},
            "versions": json.loads(done.stdout.strip().splitlines()[-1]),
        }
        (aside / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        aside.chmod(0o755)
        _publish(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _publish(aside: Path, folder: Path) -> None:
    """Rename `aside` to `folder`, so that a crash leaves all of it or nothing."""
    for path in (*aside.iterdir(), aside):
        _fsync(path)
    aside.rename(folder)
    _fsync(folder.parent)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _lock(file: Path) -> Iterator[None]:
    with file.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
