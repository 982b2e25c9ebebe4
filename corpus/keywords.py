"""The comma-separated keywords of a glossary heading, and the short forms that a body declares."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_PARENTHESES = re.compile(r"\s*\(([^()]*)\)")
_BOLD_SUBJECT = re.compile(r"(?:^|\n)\s*\*\*([^*\n]{2,160})\*\*(?=\s+(?:\(|is\b|are\b))")
_DECLARATION = re.compile(r"\(([^()\n]{2,80})\)")
_DECLARATION_REACH = 20_000
_SUBJECT_REACH = 120
_NOT_SUBJECT = re.compile(r"[()\n]")
_WORD = re.compile(r"[^\W_]+")
_SMALL_WORDS = frozenset("a an and as at by for from in of on or the to with".split())
_LONGEST_SHORT_HEADING = 3
_MOST_WORDS = 30


@dataclass(frozen=True, slots=True)
class Keywords:
    """What a heading says: the concept, other names of it, and its subject area if any."""

    term: str
    aliases: tuple[str, ...]
    category: str | None


def split_heading(heading: str) -> list[str]:
    """Split a heading at its commas (not at those inside parentheses), without empty parts."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(heading):
        depth = max(0, depth + (character == "(") - (character == ")"))
        if character == "," and depth == 0:
            parts.append(heading[start:position])
            start = position + 1
    parts.append(heading[start:])
    return [" ".join(part.split()) for part in parts if part.strip()]


def established_categories(headings: Iterable[str]) -> frozenset[str]:
    """Collect the categories that short headings (two or three keywords) of a page end in."""
    split = (split_heading(heading) for heading in headings)
    return frozenset(
        parts[-1].casefold() for parts in split if 2 <= len(parts) <= _LONGEST_SHORT_HEADING
    )


def read_heading(heading: str, categories: frozenset[str] = frozenset()) -> Keywords:
    """Read term, aliases and category from a heading's keyword list.

    Headings of two or three keywords end in a category; longer ones only when their last keyword
    is in `categories` (case-folded), which other headings of the page established.
    """
    parts = split_heading(heading)
    if not parts:
        return Keywords("", (), None)
    category = None
    if len(parts) > 1 and (len(parts) <= _LONGEST_SHORT_HEADING or _in(parts[-1], categories)):
        category = parts.pop()
    term, long_form = _clean_term(parts[0])
    part_of_term = {inner.casefold() for inner in _PARENTHESES.findall(parts[0])}
    stated = [long_form] if long_form else []
    stated += [part for part in parts[1:] if part.casefold() not in part_of_term]
    aliases = [alias for alias in stated if not _in(alias, categories)]
    return Keywords(term, distinct(aliases, without=term), category)


def distinct(names: Iterable[str], without: str) -> tuple[str, ...]:
    """Drop blank names, repetitions and `without`, comparing case-insensitively."""
    seen = {without.casefold()}
    kept = []
    for name in (" ".join(name.split()) for name in names):
        if name and name.casefold() not in seen:
            seen.add(name.casefold())
            kept.append(name)
    return tuple(kept)


def acronyms(term: str, body: str) -> tuple[str, ...]:
    """Find the short and long forms that the body declares for this term.

    A form is taken when its letters are the initials of the words they stand for, nothing left
    over: `NCPs` for "neural circuit policies", `Neural CDEs` for "neural controlled differential
    equations". Plural short forms are given in the singular, too.
    """
    found: list[str] = []
    for form in _candidates(term, body):
        if not _same(form, term) and (_abbreviates(form, term) or _abbreviates(term, form)):
            found.append(form)
            if singular := _singular_acronym(form):
                found.append(singular)
    return distinct(found, without=term)


def same_concept(one: str, other: str) -> bool:
    """Tell whether two terms share most of their words, so that they may share a keyword."""
    first, second = set(_stems(one)), set(_stems(other))
    smaller = min(len(first), len(second))
    return bool(smaller) and len(first & second) * 3 > smaller * 2


def _in(keyword: str, categories: frozenset[str]) -> bool:
    return keyword.casefold() in categories


def _clean_term(keyword: str) -> tuple[str, str | None]:
    """Take `(...)` out of a term; return its long form, spelled out in full, beside it."""
    inner = _PARENTHESES.search(keyword)
    term = " ".join(_PARENTHESES.sub("", keyword).split())
    if inner is None or not inner[1].strip() or not term:
        return (term or keyword), None
    words = term.split()
    for index, word in enumerate(words):
        if _is_initials(word, _stems(inner[1])):
            return term, " ".join([*words[:index], inner[1].strip(), *words[index + 1 :]])
    return term, inner[1].strip() if _abbreviates(inner[1], term) else None


def _candidates(term: str, body: str) -> list[str]:
    subjects = _BOLD_SUBJECT.findall(body)
    found = [_PARENTHESES.sub("", subject).strip() for subject in subjects]
    for declared in _DECLARATION.finditer(body[:_DECLARATION_REACH]):
        before = body[max(0, declared.start() - _SUBJECT_REACH) : declared.start()]
        before = re.sub(r"[*_`]", "", _NOT_SUBJECT.split(before)[-1]).strip()
        subject = re.split(r"[.!?:;,]\s", before)[-1]
        forms = [term, *found[:1]]
        if any(_ends_like(subject, form) for form in forms):
            found.append(declared[1].strip(" *_`"))
    return found


def _ends_like(text: str, form: str) -> bool:
    words, wanted = _stems(text), _stems(form)
    return bool(wanted) and words[-len(wanted) :] == wanted


def _abbreviates(short: str, long: str) -> bool:
    """Tell whether each word of `short` is a word of `long` or the initials of the next ones."""
    words, stems = _WORD.findall(short), _stems(long)
    if not 0 < len(words) < len(stems) <= _MOST_WORDS:
        return False
    reached = {0}
    for word in words:
        reached = {end for start in reached for end in _ends(word, stems, start)}
    return any(all(stem in _SMALL_WORDS for stem in stems[end:]) for end in reached)


def _ends(word: str, stems: list[str], start: int) -> list[int]:
    """Return where a word of the short form may end in the long one."""
    ends = [start + 1] if stems[start : start + 1] == [_stem(word)] else []
    longest = min(len(stems), start + 12)
    return ends + [e for e in range(start + 2, longest + 1) if _is_initials(word, stems[start:e])]


def _is_initials(word: str, stems: list[str]) -> bool:
    letters = word.removesuffix("s") if not word.isupper() else word
    full = "".join(stem[0] for stem in stems)
    content = "".join(stem[0] for stem in stems if stem not in _SMALL_WORDS)
    wanted = letters.casefold()
    if len(wanted) < 2 or (len(wanted) == 2 and not letters.isupper()):
        return False
    return wanted in (full, content)


def _singular_acronym(form: str) -> str | None:
    last = form.split()[-1]
    if len(last) > 2 and last.endswith("s") and last[:-1].isupper():
        return form[:-1]
    return None


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _stems(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text)]


def _stem(word: str) -> str:
    folded = word.casefold()
    if len(folded) > 4 and folded.endswith("ies"):
        return folded[:-3] + "y"
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") and folded[-2] != "s" else folded
