"""Messages for somebody who fills in a form: its fields in place of the options of a command."""

from __future__ import annotations

import re

_ANOTHER = re.compile(r"\banother --(format)\b")
_OPTION = re.compile(r"--(format|map|strict|add)\b")


def in_form_words(message: str) -> str:
    """Return a message of `aifactory ingest` as it is meant for an upload."""
    return _OPTION.sub(r"the field \1", _ANOTHER.sub(r"another value of the field \1", message))
