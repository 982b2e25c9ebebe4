"""The noun FrontMatter: the `key: value` lines that open a Markdown page."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from corpus.errors import CorpusError
from corpus.readers.safe_yaml import load_mapping

_YAML = re.compile(r"---[ \t]*\n(?P<matter>.*?)(?:^---[ \t]*(?:\n|\Z))", re.DOTALL | re.MULTILINE)
_TOML = re.compile(
    r"\+\+\+[ \t]*\n(?P<matter>.*?)(?:^\+\+\+[ \t]*(?:\n|\Z))", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a page (keys in lower case) and where its body starts in the text."""

    fields: dict[str, Any]
    body_start: int

    def text(self, *names: str) -> str | None:
        """Return the first of these fields that is a non-blank text, stripped."""
        return next(iter(self.texts(*names)), None)

    def texts(self, *names: str) -> list[str]:
        """Return every non-blank text of these fields; a list counts as several."""
        values = [value for name in names for value in _as_list(self.fields.get(name))]
        return [text for value in values if (text := str(value).strip())]


def parse_front_matter(text: str, file: str) -> FrontMatter | None:
    """Return the front matter (YAML between `---`, TOML between `+++`), or None without any.

    Raises:
        ValueError: there is one, and it cannot be read.
    """
    match = _YAML.match(text) or _TOML.match(text)
    if match is None:
        return None
    try:
        if text.startswith("+++"):
            loaded = tomllib.loads(match["matter"])
            fields = {key.lower(): value for key, value in loaded.items()}
        else:
            fields = load_mapping(match["matter"], file)
    except CorpusError as error:
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return FrontMatter(fields, match.end())


def _as_list(value: Any) -> Iterable[Any]:
    if value is None or isinstance(value, dict):
        return ()
    return value if isinstance(value, list) else (value,)
