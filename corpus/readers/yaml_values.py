"""YAML as located values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from corpus.readers.located import Located
from corpus.readers.safe_yaml import build, compose

_KINDS = {"mapping": "object", "sequence": "list"}


def yaml_roots(text: str, file: str) -> list[Located]:
    """Return the outermost value of every document of a YAML text."""
    return [_located(node, None) for node in compose(text, file)]


def _located(node: Any, key: str | None) -> Located:
    return Located(
        line=node.start_mark.line + 1,
        key=key,
        kind=_KINDS.get(node.id, "scalar"),
        value=lambda: build(node),
        members=lambda: _members(node),
    )


def _members(node: yaml.Node) -> Iterator[Located]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield _located(item, None)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                member = _located(value, str(key.value))
                line = key.start_mark.line + 1
                yield Located(line, member.key, member.kind, member.value, member.members)
