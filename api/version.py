"""The version of the project, installed or run from a checkout."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

_PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


def version() -> str:
    """Return the installed version, or in a checkout the one that pyproject.toml declares."""
    try:
        return metadata.version("ai-factory-chat")
    except metadata.PackageNotFoundError:
        declared = tomllib.loads(_PYPROJECT.read_text(encoding="utf-8"))
        return str(declared["project"]["version"])
