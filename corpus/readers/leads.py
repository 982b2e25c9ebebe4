"""The noun Lead: how a bullet or paragraph names its term before defining it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt

from corpus.readers.naming import one_line

MAX_TERM_CHARS = 120

_LINK = (
    r"\[(?P<term>(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\])+)\]"
    r"(?:[ ](?=\((?:https?://|[/#])))?"  # `[Term] (https://...)` is a slip that people make
    r"\((?P<url>(?:[^()\n]|\([^()\n]*\))*)\)"
)
_MARKED = (
    re.compile(r"(?:\*\*|__)" + _LINK + r"(?P<inner>[:.]?)(?:\*\*|__)"),
    re.compile(r"(?P<marks>\*\*|__)(?P<term>\S(?:.*?\S)??)(?P=marks)", re.DOTALL),
    re.compile(_LINK),
    re.compile(r"\[(?P<term>[^\[\]\n]+)\](?:\[[^\[\]\n]*\])?"),
    re.compile(r"(?P<marks>`+)(?P<term>.+?)(?P=marks)"),
    re.compile(r"(?P<marks>[*_])(?P<term>[^\s*_](?:[^*_\n]*[^\s*_])?)(?P=marks)(?!\w)"),
)
_SEPARATOR = r"\s*(?::|=|[–—]+|-+(?=\s))"
_AFTER_MARKED = re.compile(
    rf"(?P<extra>\s*\([^()\n]{{1,60}}\)(?={_SEPARATOR}))?(?:{_SEPARATOR})?\s*"
)
_PLAIN = re.compile(r"(?P<term>[^\s:](?:[^:\n]*?[^\s:])??)(?::(?=\s|$)|\s+[-–—=]+\s)\s*")
_HAS_SEPARATOR = re.compile(rf"(?:\s*\([^()\n]{{1,60}}\))?{_SEPARATOR}")
_SENTENCE_INSIDE = re.compile(r"[.!?;]\s")


@dataclass(frozen=True, slots=True)
class Lead:
    """A term as its bullet names it, and the Markdown that follows it."""

    term: str
    body: str
    is_contents_link: bool = False


def parse_lead(markdown: str, is_bullet: bool) -> Lead | None:
    """Split `**Term**: text`, `[Term](url) text` or `Term - text` into term and body.

    A paragraph that is no bullet has a lead only when its term is bold and a separator follows.
    """
    for number, pattern in enumerate(_MARKED):
        match = pattern.match(markdown)
        if match is None:
            continue
        if not is_bullet and not _is_bold_lead(number, match, markdown):
            return None
        return _marked_lead(match, markdown)
    match = _PLAIN.match(markdown) if is_bullet else None
    if match is None or _SENTENCE_INSIDE.search(match["term"]):
        return None
    return _lead(match["term"], markdown[match.end() :])


def plain_words(markdown: str) -> str:
    """Return the words of a heading or term without its inline marks."""
    markdown = re.sub(r"\s*\{[#.:][^{}]*\}\s*$", "", markdown)
    tokens = _parser().parseInline(markdown)
    children = (tokens[0].children or []) if tokens else []
    words = [" " if "break" in child.type else child.content for child in children]
    return one_line("".join(words))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark")


def _is_bold_lead(number: int, match: re.Match[str], markdown: str) -> bool:
    ends_in_colon = match["term"].rstrip().endswith(":")
    separated = ends_in_colon or _HAS_SEPARATOR.match(markdown, match.end()) is not None
    return number <= 1 and separated


def _marked_lead(match: re.Match[str], markdown: str) -> Lead | None:
    after = _AFTER_MARKED.match(markdown, match.end())
    end = after.end() if after else match.end()
    extra = (after["extra"] or "") if after else ""
    lead = _lead(match["term"] + extra, markdown[end:])
    url = match.groupdict().get("url") or ""
    if lead is not None and url.startswith("#") and not lead.body:
        return Lead(lead.term, lead.body, is_contents_link=True)
    return lead


def _lead(term: str, body: str) -> Lead | None:
    words = plain_words(term).rstrip(" :")
    if not words or len(words) > MAX_TERM_CHARS:
        return None
    return Lead(words, body.strip())
