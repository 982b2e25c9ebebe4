"""The noun Mapping: which field of a record is the term, which the body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from corpus.errors import BadMapping


@dataclass(frozen=True, slots=True)
class Mapping:
    """Names of a record's fields; None leaves the choice to the reader's usual names.

    A name may be a dotted path into nested records: `en.term`. `key` is the record's own
    identifier; the others are those of `corpus.draft.Draft`.
    """

    heading: str | None = None
    term: str | None = None
    body: str | None = None
    aliases: str | None = None
    category: str | None = None
    key: str | None = None


MAPPED_FIELDS = tuple(field.name for field in fields(Mapping))


def parse_mapping(pairs: Sequence[str]) -> Mapping:
    """Build a Mapping from `field=column` pairs, as `--map` gives them.

    Raises:
        BadMapping: a pair is malformed, names no field of ours, or repeats one.
    """
    mapping = Mapping()
    for pair in pairs:
        field, equals, column = (part.strip() for part in pair.partition("="))
        if not equals or not field or not column:
            raise BadMapping(f"--map {pair!r} is not field=column; for example --map term=name")
        if field not in MAPPED_FIELDS:
            raise BadMapping(f"--map {pair!r}: no field {field!r}; use {', '.join(MAPPED_FIELDS)}")
        earlier = getattr(mapping, field)
        if earlier is not None:
            raise BadMapping(f"--map names {field!r} twice, {earlier!r} and {column!r}; keep one")
        mapping = replace(mapping, **{field: column})
    return mapping
