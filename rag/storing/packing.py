"""JSON values as bytes for a database: any text, compact, compressed when long."""

from __future__ import annotations

import json
import zlib
from typing import Any

COMPRESSED_FROM = 2048
"""Bytes from which compression is worth its time."""

_LEVEL = 3
_ZLIB = b"\x78"  # the first byte of zlib's format, with which no JSON begins


def pack(value: Any) -> bytes:
    """Return a JSON value as bytes; characters no database takes are escaped."""
    plain = json.dumps(value, separators=(",", ":"), default=str).encode("ascii")
    return zlib.compress(plain, _LEVEL) if len(plain) >= COMPRESSED_FROM else plain


def unpack(packed: bytes) -> Any:
    """Return the value that `pack` was given, as JSON knows it: tuples are lists."""
    plain = zlib.decompress(packed) if packed.startswith(_ZLIB) else packed
    return json.loads(plain)
