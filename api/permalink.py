"""Where an entry, and the characters that a citation quotes, can be read."""

from __future__ import annotations

from fastapi import Request

from rag.answer import Citation
from rag.settings import Settings


def base_url(request: Request, settings: Settings) -> str:
    """Return the address of this server for its reader, without a slash at the end."""
    return (settings.public_url or str(request.base_url)).rstrip("/")


def citation_url(base: str, citation: Citation) -> str:
    """Return the permalink of a quote; every citation of an answer has its own."""
    span = f"start={citation.start}&end={citation.end}"
    return f"{base}/glossary/{citation.entry_id}?{span}#quote"
