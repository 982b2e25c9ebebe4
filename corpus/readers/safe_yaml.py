"""YAML as text, safely: no objects, no bombs, no guesses about what a scalar means.

A glossary's `term: NO` is the word NO, not False: every scalar stays the text that stands there.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from corpus.errors import SourceTooLarge, SourceUnreadable
from corpus.readers.naming import one_line

MAX_DEPTH = 100
"""The deepest nesting of a YAML document."""

MAX_NODES = 2_000_000
"""The most values a YAML document may have once its aliases are expanded."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _text(constructor: Any, node: Any) -> str:
    return str(constructor.construct_scalar(node))


def _null_or_text(constructor: Any, node: Any) -> str | None:
    text = _text(constructor, node)
    return None if text in ("", "~", "null") else text


class _TextConstructor(SafeConstructor):
    yaml_constructors = {  # noqa: RUF012 - PyYAML looks here
        **SafeConstructor.yaml_constructors,
        "tag:yaml.org,2002:bool": _text,
        "tag:yaml.org,2002:int": _text,
        "tag:yaml.org,2002:float": _text,
        "tag:yaml.org,2002:timestamp": _text,
        "tag:yaml.org,2002:null": _null_or_text,
    }


def compose(text: str, file: str) -> list[yaml.Node]:
    """Return the root node of every document, with line marks; values are not built yet.

    Raises:
        SourceUnreadable: not YAML; the message names the line.
        SourceTooLarge: nested or aliased past the bounds.
    """
    try:
        _check_depth(text, file)
        roots = list(yaml.compose_all(text, _LOADER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file}{_line_of(mark)}"
        raise SourceUnreadable(f"{where}: not valid YAML: {_cause(error)}") from error
    _check_expansion(roots, file)
    return roots


def build(node: yaml.Node) -> Any:
    """Return the plain data of one node: dicts, lists, strings and None.

    Raises:
        ValueError: it has a tag other than those of plain data.
    """
    try:
        return _TextConstructor().construct_document(node)
    except (yaml.YAMLError, RecursionError, TypeError) as error:
        raise ValueError(_cause(error)) from error


def load_mapping(text: str, file: str) -> dict[str, Any]:
    """Return the one mapping of a small document (front matter), keys in lower case.

    Raises:
        ValueError: it is anything else.
    """
    roots = compose(text, file)
    data = build(roots[0]) if roots else {}
    if not isinstance(data, dict):
        raise ValueError("it is not a list of 'key: value' lines")
    return {str(key).lower(): value for key, value in data.items()}


def _check_depth(text: str, file: str) -> None:
    depth = 0
    for event in yaml.parse(text, _LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                where = f"{file}{_line_of(event.start_mark)}"
                raise SourceTooLarge(
                    f"{where}: YAML nested deeper than {MAX_DEPTH} levels; flatten it"
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _check_expansion(roots: list[yaml.Node], file: str) -> None:
    """Count what the aliases expand to without expanding them; refuse bombs and cycles."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()
    stack = list(roots)
    while stack:
        node = stack[-1]
        if id(node) in sizes:
            stack.pop()
        elif id(node) in open_nodes:
            sizes[id(node)] = 1 + sum(sizes[id(child)] for child in _children(node))
        else:
            open_nodes.add(id(node))
            children = _children(node)
            if any(id(child) in open_nodes and id(child) not in sizes for child in children):
                raise SourceUnreadable(f"{file}: a YAML alias contains itself; write it out")
            stack.extend(children)
    total = sum(sizes[id(root)] for root in roots)
    if total > MAX_NODES:
        raise SourceTooLarge(
            f"{file}: YAML aliases expand to {total:,} values, the limit is {MAX_NODES:,}; "
            "write them out"
        )


def _line_of(mark: Any) -> str:
    return f":{mark.line + 1}" if mark is not None else ""


def _cause(error: Exception) -> str:
    return one_line(str(getattr(error, "problem", None) or error)) or type(error).__name__
