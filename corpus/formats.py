"""Which format a source is in, by its name and by how its text begins."""

from __future__ import annotations

import re
from pathlib import Path

from corpus.errors import UnknownFormat
from corpus.readers import bullets, glossary_page, records
from corpus.readers.front_matter import parse_front_matter
from corpus.readers.json_values import decode
from corpus.readers.markdown_folder import is_repository_page

FORMATS = ("glossary-page", "markdown-folder", "markdown", *records.FORMATS, "html", "rst")
"""The names `--format` takes; "markdown" is a whole glossary in one file."""

SUFFIXES = {
    ".md": "markdown", ".markdown": "markdown",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".rst": "rst", ".rest": "rst",
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv",
    ".yaml": "yaml", ".yml": "yaml",
    ".txt": "glossary-page",
}  # fmt: skip
"""File name suffixes, the kinds a folder is searched for first standing first."""

_HEAD_CHARS = 100_000
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body|dl|h1)\b", re.I)
_RST = re.compile(r"(?m)^\.\. (?:_[\w -]+:|glossary::|[\w-]+::)")


def known_format(name: str) -> str:
    """Return a format name the user gave, or raise UnknownFormat listing them all."""
    if name not in FORMATS:
        raise UnknownFormat(f"no format {name!r}; use one of {', '.join(FORMATS)}")
    return name


def format_of_file(path: Path, text: str) -> str:
    """Return the format of one file.

    Raises:
        UnknownFormat: neither the name nor the content tells it.
    """
    by_name = SUFFIXES.get(path.suffix.lower())
    if by_name == "json":
        return "jsonl" if _is_json_lines(text) else "json"
    if by_name not in (None, "markdown", "glossary-page"):
        return by_name
    if is_glossary_page(text):
        return "glossary-page"
    if by_name == "markdown":
        return "markdown-folder" if _is_one_page(text, str(path)) else "markdown"
    return _by_content(path, text)


def format_of_folder(folder: Path) -> str | None:
    """Return the format of the files a folder holds, or None when it holds none of ours."""
    if (folder / "corpus.jsonl").is_file():
        return "jsonl"
    found = {SUFFIXES.get(path.suffix.lower()) for path in files_below(folder)}
    first = next((name for name in dict.fromkeys(SUFFIXES.values()) if name in found), None)
    return "markdown-folder" if first == "markdown" else first


def is_glossary_page(text: str) -> bool:
    """Tell whether a text begins like a page of the AI Factory Glossary."""
    return glossary_page.recognises(text[:_HEAD_CHARS])


def files_below(folder: Path) -> list[Path]:
    """Return the files below a folder in a fixed order, without hidden and README-like ones."""
    found = []
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if any(part.startswith(".") for part in parts) or is_repository_page(path):
            continue
        if path.suffix.lower() in SUFFIXES and path.is_file():
            found.append(path)
    return sorted(found, key=lambda path: path.relative_to(folder).parts)


def _is_one_page(text: str, file: str) -> bool:
    try:
        return parse_front_matter(text, file) is not None
    except ValueError:
        return True  # its reader reports what is wrong with the front matter


def _is_json_lines(text: str) -> bool:
    """Tell whether a `.json` file holds a record per line instead of one value."""
    first, _, rest = text.strip().partition("\n")
    if not first.startswith("{") or not rest.lstrip().startswith("{"):
        return False
    try:
        return decode(first)[1] == len(first.rstrip())
    except ValueError:
        return False


def _by_content(path: Path, text: str) -> str:
    head = text[:_HEAD_CHARS]
    if _HTML.match(head):
        return "html"
    if head.lstrip().startswith(("{", "[{")):
        return "jsonl" if _is_json_lines(text) else "json"
    if _RST.search(head):
        return "rst"
    if _is_one_page(text, str(path)):
        return "markdown-folder"
    if len(text) <= _HEAD_CHARS * 100 and bullets.recognises(text):
        return "markdown"
    raise UnknownFormat(
        f"{path}: its format is not recognised; name it with --format: {', '.join(FORMATS)}"
    )
