"""Ids that nobody can guess, of conversations and answers."""

from __future__ import annotations

import re
import secrets

_ID = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    """Return 128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def is_id(text: str) -> bool:
    """Tell whether a text can be an id; anything else need not be looked up."""
    return _ID.fullmatch(text) is not None
