"""The page of the AI Factory Glossary as copied text: pairs of a heading line and a body line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.draft import Draft
from corpus.entry import Source
from corpus.keywords import established_categories, read_heading, same_concept, split_heading
from corpus.report import Report
from corpus.restoration.restore import restore

_SHOWING = re.compile(r"Showing page (\d{1,6}) of (\d{1,6}) \((\d{1,7}) entries\)", re.IGNORECASE)
_CLAIM = re.compile(r"(\d{1,7}) technical terms and definitions", re.IGNORECASE)
_NAVIGATION = re.compile(
    r"[←«‹→»›].{0,80}|.{0,80}[→»›]|[A-Z](?: [A-Z])+(?: All)?|All|AI Factory Glossary"
    r"|(?:Back to|Skip to) .{0,60}|Page \d+(?: of \d+)?|(?:Next|Previous|Prev|First|Last)(?: page)?"
    r"|(?:{pager})(?:[ |·]+(?:{pager}))*|©.{0,120}".replace(
        "{pager}", r"Next|Previous|Prev|First|Last|Page|…|\.\.\.|\d{1,4}"
    )
)
_MARKUP = re.compile(r"\*\*|`|\|\s|^\s*(?:[-*+]|\d+\.|#{1,6})\s|[.!?:;]$")
_PROSE = re.compile(r"[.!?:;]\s|\s[-–—]\s")
_SENTENCES = re.compile(r"[.!?]\s+[A-Z]")
_LONGEST_PUNCTUATED_HEADING = 200
_FENCE_REACH = 40
_ENDED = re.compile(r"[.!?:)\]\"'”’*`|>…]\s*$")


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines between blank lines; `line` is the number of the first one."""

    line: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(slots=True)
class _Claims:
    """What the page says about itself."""

    pages: set[int] = field(default_factory=set)
    last_page: int = 0
    entries: int = 0


@dataclass(frozen=True, slots=True)
class _Pair:
    """A heading with its body, which may be empty."""

    line: int
    heading: str
    body: str


def recognises(text_head: str) -> bool:
    """Tell whether a text begins like a page of the glossary."""
    return bool(_SHOWING.search(text_head) or _CLAIM.search(text_head))


def read(text: str, file: str, report: Report) -> Iterator[Draft]:
    """Read a glossary page: restore every body, and note which entries and pages are missing."""
    claims = _Claims()
    blocks = _blocks(text, claims)
    pairs = [pair for pair in _pairs(blocks) if _has_body(pair, file, report)]
    categories = established_categories(pair.heading for pair in pairs)
    foreign = _foreign_keywords(pairs)
    for pair in pairs:
        restored = restore(pair.body)
        report.repairs += len(restored.repairs)
        keywords = read_heading(pair.heading, categories)
        yield Draft(
            heading=pair.heading,
            body=restored.body,
            source=Source(file, pair.line),
            term=keywords.term,
            aliases=tuple(a for a in keywords.aliases if a.casefold() not in foreign),
            category=keywords.category,
        )
    _note_missing(len(pairs), claims, report)
    if pairs and not _ENDED.search(pairs[-1].body):
        report.note(f"the last entry, line {pairs[-1].line}, may be cut off: it ends mid-sentence")


def _blocks(text: str, claims: _Claims) -> list[_Block]:
    """Split the text at blank lines, without navigation lines."""
    blocks: list[_Block] = []
    lines: list[str] = []
    numbered = enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)
    for number, line in numbered:
        stripped = line.strip()
        if stripped and not _is_navigation(stripped, claims):
            lines.append(line.rstrip())
        elif lines:
            blocks.append(_Block(number - len(lines), tuple(lines)))
            lines = []
    if lines:
        blocks.append(_Block(text.count("\n") + 2 - len(lines), tuple(lines)))
    return blocks


def _is_navigation(line: str, claims: _Claims) -> bool:
    if len(line) > 200:
        return False
    if showing := _SHOWING.fullmatch(line):
        claims.pages.add(int(showing[1]))
        claims.last_page = max(claims.last_page, int(showing[2]))
        claims.entries = max(claims.entries, int(showing[3]))
        return True
    if claim := _CLAIM.fullmatch(line):
        claims.entries = max(claims.entries, int(claim[1]))
        return True
    return bool(_NAVIGATION.fullmatch(line))


def _pairs(blocks: list[_Block]) -> Iterator[_Pair]:
    """Join every heading with the blocks that follow it up to the next heading."""
    index = 0
    while index < len(blocks):
        block = blocks[index]
        heading, body = block.lines[0].strip(), list(block.lines[1:])
        parts = ["\n".join(body)] if body else []
        fenced = _fences(block.text) and _fence_closes(blocks, index + 1)
        index += 1
        while index < len(blocks) and (fenced or not _begins_entry(blocks, index, bool(parts))):
            parts.append(blocks[index].text)
            if _fences(blocks[index].text):
                fenced = not fenced and _fence_closes(blocks, index + 1)
            index += 1
        yield _Pair(block.line, heading, "\n\n".join(parts).strip())


def _begins_entry(blocks: list[_Block], index: int, has_body: bool) -> bool:
    """Tell whether a block is a heading: it looks like one, and a body comes after it.

    Directly after a heading a short line without a comma may as well be that heading's body;
    it is, unless a body follows it.
    """
    block = blocks[index]
    if not _looks_like_heading(block.lines[0]):
        return False
    if len(block.lines) > 1:
        return not _looks_like_heading(block.lines[1])
    last = index + 1 == len(blocks)
    if not has_body:
        return ("," in block.text) if last else not _looks_like_heading(blocks[index + 1].lines[0])
    return True


def _looks_like_heading(line: str) -> bool:
    """Tell a keyword list from prose; "c. elegans, biology" is still a keyword list."""
    if _MARKUP.search(line):
        return False
    if not _PROSE.search(line):
        return True
    keywords = "," in line and not line[:1].isupper() and not _SENTENCES.search(line)
    return keywords and len(line) <= _LONGEST_PUNCTUATED_HEADING


def _fences(text: str) -> bool:
    """Tell whether the lines of a text leave a code fence open, or close one."""
    lines = [line.strip() for line in text.split("\n")]
    return sum(line.startswith("```") and line.count("```") == 1 for line in lines) % 2 == 1


def _fence_closes(blocks: list[_Block], index: int) -> bool:
    return any(_fences(block.text) for block in blocks[index : index + _FENCE_REACH])


def _has_body(pair: _Pair, file: str, report: Report) -> bool:
    if pair.body:
        return True
    shown = pair.heading if len(pair.heading) <= 60 else pair.heading[:57] + "..."
    report.problem(file, pair.line, f"the heading {shown!r} has no body")
    return False


def _foreign_keywords(pairs: list[_Pair]) -> frozenset[str]:
    """Find keywords that entries about different things share: they name none of them."""
    terms: defaultdict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        first, *others = split_heading(pair.heading) or [""]
        terms[first.casefold()].add(first.casefold())
        for keyword in others:
            terms[keyword.casefold()].add(first.casefold())
    return frozenset(keyword for keyword, owners in terms.items() if _are_different(owners))


def _are_different(owners: set[str]) -> bool:
    ordered = sorted(owners, key=len)
    return any(not same_concept(ordered[0], other) for other in ordered[1:])


def _note_missing(present: int, claims: _Claims, report: Report) -> None:
    if not claims.entries:
        return
    missing = sorted(set(range(1, min(claims.last_page, 10_000) + 1)) - claims.pages)
    note = f"{present} of the claimed {claims.entries} entries are present"
    if claims.pages and missing:
        verb = "is" if len(missing) == 1 else "are"
        noun = "page" if len(missing) == 1 else "pages"
        note += f"; {noun} {_enumerated(missing)} of {claims.last_page} {verb} missing"
    report.note(note)


def _enumerated(numbers: list[int]) -> str:
    shown = [str(number) for number in numbers[:20]]
    if len(numbers) > 20:
        return ", ".join(shown) + f" and {len(numbers) - 20} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
