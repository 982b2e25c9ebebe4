"""The datasets that come with the project."""

from __future__ import annotations

from pathlib import Path

_DATA = Path(__file__).resolve().parent / "data"
BUNDLED = _DATA / "bundled"
"""Questions on the glossary that ships with the project; split into dev and test."""
PAGE_2 = _DATA / "page-2"
"""Questions on page 2 of the AI Factory Glossary, which is not part of the project."""
