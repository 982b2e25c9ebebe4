"""Cut a sentence that joins two statements, so that each may have a quote of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

_JOINT = re.compile(
    r"[,;]\s+(?:and|but|while|whereas)\s+|;\s+|\s+(?:while|whereas)\s+"
    r"|(?<=[a-z)%])[.!?]\s+(?=[A-Z*])|,\s+(?:which|where|with)\s+|\s+[—–]\s+|\s+and\s+(?:it|they)\s+"
)
_MOST_JOINTS = 4
_SHORTEST_WORDS = 4


def cut(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield the sentence cut in two at each place where two statements may be joined."""
    for joint in list(_JOINT.finditer(sentence))[:_MOST_JOINTS]:
        parts = sentence[: joint.start()], sentence[joint.end() :]
        if all(len(part.split()) >= _SHORTEST_WORDS for part in parts):
            yield parts
