"""Write a file as a whole: a reader sees what was there before, or all that is there now."""

from __future__ import annotations

import os
import threading
from pathlib import Path


def write_whole(file: Path, content: bytes | str) -> None:
    """Write beside the place and rename; text is written as UTF-8. Folders are made as needed.

    Raises:
        OSError: the file cannot be written; nothing is left beside its place.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        aside.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        aside.replace(file)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
