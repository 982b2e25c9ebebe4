"""Which lines of an answer claim something, and their text without the marks of Markdown."""

from __future__ import annotations

import re

from corpus.plain import plain_text

_LIST_MARKER = re.compile(r"^\s*(?:>\s*)*(?:[-*+•–]|\d{1,3}[.)]|[a-z]\))\s+(?:\[[ xX]\]\s+)?")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_RULE = re.compile(r"^\s*(?:(?:[-*_]\s*){3,}|\|?[\s:|-]*-{2,}[\s:|-]*\|?|[`~]{3,}\w*)\s*$")
_BOLD_LINE = re.compile(r"^\s*(?:\d+[.)]\s+)?(\*\*|__)(?:(?!\1).)+\1:?\s*$")
_PLEASANTRY = re.compile(
    r"(?i)(?:(?:sure|certainly|of course|absolutely|yes|no|okay|ok|great|good|thanks|thank you|"
    r"hello|hi|happy to help|glad to help|my pleasure|you'?re welcome|(?:great|good) question)"
    r"(?: thing)?(?: there)?[\s,.!—–-]*)+"
)
_OFFER = re.compile(
    r"(?i)(?:i hope (?:this|that) (?:helps?|clarifies|answers)\b.{0,40}|"
    r"(?:please )?(?:let me know|feel free to ask)\b.{0,90}|"
    r"(?:would you like|do you want|shall i)\b.{0,120}\?|"
    r"(?:if you (?:have|need|want|would like))\b.{0,60}(?:let me know|ask|happy to help)\b.{0,40})"
    r"[.!?]*"
)
_ANNOUNCED = (
    r"(?:an? )?(?:brief |short |quick |concise |detailed |simple )?(?:answer|summary|overview|"
    r"explanation|breakdown|comparison|list|definition|table|example|steps|details|points|"
    r"information|response|description)"
)
_ANNOUNCEMENT = re.compile(
    r"(?i)(?:(?:sure|certainly|of course|absolutely)[,!.]?\s+)?"
    rf"(?:here(?:'s| is| are)|below (?:is|are)|let me (?:give|explain|summarize))\b"
    rf"[^.,;]{{0,30}}\b{_ANNOUNCED}\b[^.,;:]{{0,60}}[.!:]*"
)
_WITNESS = (
    r"(?:the |this |these |our |your )?(?:provided |given |cited |above )?"
    r"(?:glossary|sources?|documents?|passages?|context|entry|definition|text)"
)
_INTRODUCTION = re.compile(
    r"(?i)(?:\*\*)?(?:(?:in (?:short|other words|summary|brief|general|particular|"
    r"essence|practice|simple terms|addition|this context)|to (?:summarize|sum up)|overall|"
    r"simply put|"
    r"that is|i\.e\.|in contrast|by contrast|on the other hand|however|moreover|furthermore|"
    r"additionally|also|therefore|thus|hence|consequently|as a result|for (?:example|instance)|"
    r"specifically|essentially|basically|notably|importantly|similarly|likewise|meanwhile|"
    r"generally speaking|sure|certainly|of course|yes|finally|lastly|firstly|secondly)(?:\*\*)?\s*"
    r"[,:]\s*|(?:according to|based on|per|as (?:stated|described|noted|explained) (?:in|by)) "
    rf"{_WITNESS}(?: \w+)?,\s*|{_WITNESS} (?:also )?"
    r"(?:states?|says?|notes?|explains?|describes?|mentions?|adds?) that\s+|"
    r"(?:please )?note that\s+|it (?:is|should be) (?:important to note|noted|worth noting)"
    r" that\s+|this means that\s+)"
)
_LEAD_IN = re.compile(
    r"(?i)\b(?:here|below|following|follows|include|includes|such as|are|is|these|has|have|offers?|"
    r"provides?|works?|consists? of|by|when|with|for|to|key|main|summary|example|steps?)\b"
)
_ASSERTION = re.compile(
    r"(?i)\b(?:was|were|is|are|has|have|had|can|cannot|will|does|did|should|must|invented|"
    r"introduced|developed|founded|created|discovered|proposed|because|requires?|needs?|makes?|"
    r"uses?|reduces?|increases?)\b"
)
_LONGEST_TITLE, _LONGEST_LEAD_IN = 10, 14


def asserted(sentence: str) -> str:
    """Return a sentence without the phrases that only introduce what it says."""
    rest = sentence.strip()
    while (found := _INTRODUCTION.match(rest)) and len(rest) > found.end():
        rest = rest[found.end() :]
    return rest


def bare(line: str) -> str:
    """Return a line of Markdown without its list marker, heading marks or quotation marks."""
    return _HEADING.sub("", _LIST_MARKER.sub("", line)).strip()


def is_claim(sentence: str) -> bool:
    """Tell whether a piece of Markdown claims something, so that it needs a quote.

    Headings, rules, lead-ins ("It has three parts:"), announcements and pleasantries claim
    nothing. What looks like one of these but asserts something more (a heading with a verb, a
    lead-in with a year) is a claim.
    """
    line = sentence.strip()
    words = plain_text(bare(line))
    if not any(map(str.isalnum, words)) or _RULE.match(line):
        return False
    if _HEADING.match(line) or _BOLD_LINE.match(line):
        return not _is_title(words)
    if _PLEASANTRY.fullmatch(words) or _OFFER.fullmatch(words) or _ANNOUNCEMENT.fullmatch(words):
        return False
    if line.rstrip("*_ ").endswith(":"):
        return not _is_lead_in(words)
    return not (line.endswith("?") and len(words.split()) <= _LONGEST_LEAD_IN)


def _is_title(words: str) -> bool:
    few = len(words.split()) <= _LONGEST_TITLE
    return few and (words.endswith("?") or not _ASSERTION.search(words.rstrip(":")))


def _is_lead_in(words: str) -> bool:
    if len(words.split()) > _LONGEST_LEAD_IN or any(map(str.isdigit, words)):
        return False
    return bool(_LEAD_IN.search(words)) or len(words.split()) <= _LONGEST_TITLE // 2
