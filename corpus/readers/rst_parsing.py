"""Parse reStructuredText leniently: no file or raw access, nothing printed, Sphinx roles read."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Parser, roles, states
from docutils.utils import unescape

from corpus.errors import SourceUnreadable
from corpus.source_text import MAX_LINE_CHARS

_TARGET = re.compile(r"\s*<[^<>]*>\s*$")
_SETTINGS: dict[str, Any] = {
    "_disable_config": True,
    "doctitle_xform": False,
    "file_insertion_enabled": False,
    "halt_level": 5,
    "input_encoding": "unicode",
    "line_length_limit": MAX_LINE_CHARS,
    "raw_enabled": False,
    "report_level": 5,
    "syntax_highlight": "none",
}


def _lenient_inliner() -> Any:
    """Return an inliner that reads an unknown role as its text: `:ref:`model <x>`` is "model".

    Assigned, not subclassed: docutils builds its patterns from the attributes of the very class.
    """
    inliner: Any = states.Inliner()
    interpreted = inliner.interpreted

    def lenient(rawsource: str, text: str, role: str, lineno: int) -> Any:
        function, _ = roles.role(role, inliner.language, lineno, inliner.reporter)
        if function is not None:
            return interpreted(rawsource, text, role, lineno)
        plain = unescape(text)
        plain = (_TARGET.sub("", plain) or plain).lstrip("~!")
        return [nodes.inline(rawsource, plain)], []

    inliner.interpreted = lenient
    return inliner


def parse(text: str, file: str) -> nodes.document:
    """Return the document tree of a reStructuredText.

    Raises:
        SourceUnreadable: it is nested too deeply to be parsed.
    """
    try:
        return publish_doctree(
            text,
            parser=Parser(inliner=_lenient_inliner()),
            settings_overrides=dict(_SETTINGS),
        )
    except RecursionError as error:
        raise SourceUnreadable(f"{file}: nested too deeply to be read; flatten it") from error
