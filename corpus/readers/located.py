"""The noun Located: a value of a JSON or YAML file, with its line; and where its records are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Located:
    """One value of a file: its line (from 1), its key in the enclosing object, its own members.

    `value` builds the plain data (ValueError when it is broken); `members` walks a list or object
    one level down without building it; both are called at most once.
    """

    line: int
    key: str | None
    kind: str  # "object", "list" or "scalar"
    value: Callable[[], Any]
    members: Callable[[], Iterator[Located]]


def records(root: Located, is_record: Callable[[dict[str, Any]], bool]) -> Iterator[Located]:
    """Yield the records of a file: of a list, of the one list in an object, of {id: record}.

    A single record, for which `is_record` holds, stands for itself.
    """
    if root.kind == "list":
        yield from root.members()
    elif root.kind == "object":
        yield from _records_of_object(root, is_record)


def _records_of_object(
    root: Located, is_record: Callable[[dict[str, Any]], bool]
) -> Iterator[Located]:
    try:
        data = root.value()
    except ValueError:
        data = {}  # the members tell on which line
    if isinstance(data, dict) and is_record(data):
        yield root
        return
    members = list(root.members())
    lists = [member for member in members if member.kind == "list"]
    if len(lists) == 1 and not any(member.kind == "object" for member in members):
        yield from lists[0].members()
    else:
        yield from members
