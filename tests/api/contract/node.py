"""Node and the Vercel AI SDK, installed once beside the build outputs."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent.parent
PROJECT = ROOT / "tests" / "services" / "ai_sdk"


def find_node() -> str:
    """Return where Node is; without it the test fails and says what is missing."""
    for name in ("node", "npm"):
        if shutil.which(name) is None:
            pytest.fail(f"{name} is missing: the AI SDK needs Node 18 or newer (nodejs.org)")
    return str(shutil.which("node"))


def install_ai_sdk() -> Path:
    """Return a folder with the AI SDK as the lock file pins it; installed when it is not there."""
    pins = [PROJECT / "package.json", PROJECT / "package-lock.json"]
    digest = hashlib.sha256(b"".join(pin.read_bytes() for pin in pins)).hexdigest()[:16]
    folder = ROOT / "build" / "ai-sdk" / digest
    if not (folder / "installed").exists():
        find_node()
        folder.mkdir(parents=True, exist_ok=True)
        for pin in pins:
            shutil.copy(pin, folder)
        done = _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
        assert done.returncode == 0, f"npm ci failed: {done.stderr}"
        (folder / "installed").touch()
    return folder


def run_node(folder: Path, script: Path, *arguments: str) -> Any:
    """Run a script with the packages of a folder; return the JSON that it prints."""
    copied = shutil.copy(script, folder)
    done = _run(find_node(), copied, *arguments, folder=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("npm_")}
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True)
