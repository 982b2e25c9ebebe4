"""Markdown as its author counts and reads it, worked out line by line and without a parser."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from corpus.passage import UnitKind

FORMULA = re.compile(
    r"\$\$.+?\$\$|\\\[.+?\\\]|\\\(.+?\\\)|(?<![\w\\$])\$(?!\s)[^$\n]+?(?<!\s)\$(?!\d)", re.DOTALL
)
FENCE = re.compile(r"^ *```.*?(?:^ *```|\Z)", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`[^`\n]*`")
ITEM = re.compile(r"^(?P<indent>\s*)(?P<mark>[-*+]|(?P<number>\d+)[.)])\s+", re.MULTILINE)
SEPARATOR = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$", re.MULTILINE)
BLOCK = re.compile(r"\s*(?:#{1,6} |\||```|---)")  # what a list item does not go on with
SIGN = "∎"  # stands for a formula


def squeezed(text: str) -> str:
    """Return a text without white space."""
    return re.sub(r"\s", "", text)


def visible(quote: str, kind: UnitKind) -> str:
    """Return what a reader sees of Markdown, by its signs taken out one after the other."""
    if kind is UnitKind.CODE_BLOCK:
        return squeezed(re.sub(r"^ *```.*$", "", quote, flags=re.MULTILINE))
    parts = re.split(f"({CODE.pattern}|{FORMULA.pattern})", quote, flags=re.DOTALL)
    return squeezed("".join(_part(part, kind, index % 2) for index, part in enumerate(parts)))


def _part(part: str, kind: UnitKind, is_enclosed: int) -> str:
    if is_enclosed:
        return part[1:-1] if part[0] == "`" else SIGN
    if kind is UnitKind.TABLE_ROW:
        part = part.replace("|", "")
    elif kind is not UnitKind.SENTENCE:
        part = ITEM.sub("", part)
    part = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", part)
    part = re.sub(r"\*\*|~~|(?<![\w*])\*(?=\w)|(?<=\w)\*(?![\w*])", "", part)
    return re.sub(r"\\([^\w\s])", r"\1", part)


def counts(body: str) -> dict[str, int]:
    """Count formulas, tables, fences, lists and their items as they are written."""
    prose = FENCE.sub("", body)
    lists = count_lists(body)
    return {
        "math": len(FORMULA.findall(CODE.sub("", prose))),
        "table": len(SEPARATOR.findall(prose)),
        "pre": len(FENCE.findall(body)),
        **{tag: lists[tag] for tag in ("ul", "ol", "li")},
    }


@dataclass(frozen=True, slots=True)
class _List:
    tag: str
    mark: str
    text_at: int  # the column of the text of its last item


def count_lists(body: str) -> Counter[str]:
    """Count lists and items: an item belongs to the list whose items it stands beside."""
    found: Counter[str] = Counter()
    open_lists: list[_List] = []
    before = ""
    for line in FENCE.sub("```", body).split("\n"):
        item = ITEM.match(line)
        at = len(line) - len(line.lstrip())
        if item and (open_lists or not before or item["number"] in (None, "1")):
            _take_item(item, at, open_lists, found)
        elif line.strip() and (not before or BLOCK.match(line)):
            open_lists[:] = [one for one in open_lists if one.text_at <= at]
        before = line.strip()
    return found


def _take_item(item: re.Match[str], at: int, open_lists: list[_List], found: Counter[str]) -> None:
    tag = "ol" if item["number"] else "ul"
    taken = _List(tag, item["mark"][-1], len(item[0]))
    beside = next((one for one in open_lists if one.text_at > at), None)
    open_lists[:] = [one for one in open_lists if one.text_at <= at] + [taken]
    found["li"] += 1
    if beside is None or beside.mark != taken.mark:
        found[tag] += 1
