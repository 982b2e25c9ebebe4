"""The templates of the page: everything is escaped, control characters are left out."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.plain_text import printable

_FOLDER = Path(__file__).resolve().parent.parent / "templates"


def templates() -> Environment:
    """Return the environment that renders `api/templates`."""
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_without_controls,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1)
def templates_digest() -> str:
    """Return a digest (hex) of all templates, as they are when it is first asked for."""
    digest = hashlib.sha256()
    for path in sorted(_FOLDER.glob("*.html")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _without_controls(value: Any) -> Any:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
