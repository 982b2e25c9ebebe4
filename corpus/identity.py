"""Entry ids: a slug of the entry's own heading, never of its position.

Neighbours matter in one case only: entries whose slugs collide are told apart by a digest, so an
entry that gets such a neighbour gets a new id.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from corpus.draft import Draft
from corpus.entry import Entry
from corpus.keywords import acronyms, distinct, read_heading, split_heading
from corpus.report import Report

_LONGEST_SLUG = 80
MAX_BODY_CHARS = 1_000_000
"""The longest body of one entry; a longer one is no glossary entry and would fill the memory."""
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_TRANSLITERATION = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)
_LINE_END = re.compile(r"\r\n?")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]")


@dataclass(frozen=True, slots=True)
class _Named:
    """A draft with its id, not yet told apart from drafts of the same id."""

    entry_id: str
    draft: Draft


def identify(drafts: Iterable[Draft], report: Report) -> tuple[Entry, ...]:
    """Turn drafts into entries sorted by `entry_id`; count what cannot become one.

    A blank term, or a body that is empty or too long, is a problem; a second draft with the same
    key, heading and body is skipped. Only drafts whose ids collide get a digest: of the heading
    where headings differ, of the body where they do not. Sets `report.entries`.
    """
    groups: defaultdict[str, list[_Named]] = defaultdict(list)
    seen: set[tuple[str | None, str, str]] = set()
    for draft in map(_clean, drafts):
        if not _is_usable(draft, report):
            continue
        if (draft.key, draft.heading, draft.body) in seen:
            report.skip("exact duplicate of another entry")
            continue
        seen.add((draft.key, draft.heading, draft.body))
        groups[base_id(draft)].append(_Named(base_id(draft), draft))
    named = _told_apart(groups)
    report.entries = len(named)
    return tuple(sorted((_entry(one) for one in named), key=lambda entry: entry.entry_id))


def base_id(draft: Draft) -> str:
    """Return the id that the draft's own heading gives, before any collision is looked at.

    A heading of several keywords gives `term--second-keyword`; one keyword, or a heading that
    is nothing but the stated term, gives the term alone. A key that the source states wins.
    """
    if draft.key:
        return _bounded(slugify(draft.key), draft.key)
    term = _term(draft)
    if draft.heading.strip() in ("", (draft.term or "").strip()):
        return _bounded(slugify(term), term)
    first = slugify(term)
    others = [slugify(part) for part in split_heading(draft.heading)[1:]]
    second = next((other for other in others if other != first), None)
    slug = f"{first}--{second}" if second else first
    return _bounded(slug, draft.heading)


def slugify(text: str) -> str:
    """Return lower-case ASCII letters, digits and hyphens; never empty.

    Accents are transliterated; a text of another script keeps what is ASCII in it and gets a
    digest, so that different texts stay different.
    """
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_TRANSLITERATION))
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    slug = _NOT_SLUG.sub("-", plain).strip("-")
    if not any(character.isalpha() and not character.isascii() for character in plain) and slug:
        return slug
    return f"{slug or 'term'}-{_digest(text)}"


def _bounded(slug: str, source: str) -> str:
    if len(slug) <= _LONGEST_SLUG:
        return slug
    room = slug[: _LONGEST_SLUG - 6]
    cut = room[: room.rindex("-")] if "-" in room[20:] else room
    return f"{cut.rstrip('-')}-{_digest(source)}"


def _told_apart(groups: dict[str, list[_Named]]) -> list[_Named]:
    named: list[_Named] = []
    taken: set[str] = {entry_id for entry_id, group in groups.items() if len(group) == 1}
    for entry_id, group in sorted(groups.items()):
        if len(group) == 1:
            named += group
            continue
        for one in sorted(group, key=lambda one: (one.draft.heading, one.draft.body)):
            unique = _unique_id(entry_id, one.draft, group, taken)
            taken.add(unique)
            named.append(replace(one, entry_id=unique))
    return named


def _unique_id(entry_id: str, draft: Draft, group: list[_Named], taken: set[str]) -> str:
    same_heading = sum(other.draft.heading == draft.heading for other in group) > 1
    source = draft.body if same_heading else draft.heading
    for length in (6, 12, 64):
        unique = f"{entry_id}-{_digest(source, length)}"
        if unique not in taken:
            return unique
    return f"{entry_id}-{_digest(draft.heading + chr(0) + draft.body, 64)}"


def _entry(named: _Named) -> Entry:
    draft, term = named.draft, _term(named.draft)
    read = read_heading(draft.heading)
    stated = draft.aliases if draft.term is not None else (*draft.aliases, *read.aliases)
    category = draft.category if draft.term is not None else draft.category or read.category
    return Entry(
        entry_id=named.entry_id,
        heading=draft.heading,
        term=term,
        aliases=distinct([*stated, *acronyms(term, draft.body)], without=term),
        category=category,
        body=draft.body,
        source=draft.source,
    )


def _term(draft: Draft) -> str:
    stated = (draft.term or "").strip()
    return " ".join((stated or read_heading(draft.heading).term).split())


def _is_usable(draft: Draft, report: Report) -> bool:
    if not _term(draft):
        report.problem(draft.source.file, draft.source.line, "the entry has no term")
        return False
    if not draft.body.strip():
        message = f"the entry {_shown(_term(draft))} has no body"
        report.problem(draft.source.file, draft.source.line, message)
        return False
    if len(draft.body) > MAX_BODY_CHARS:
        message = (
            f"the body of {_shown(_term(draft))} has {len(draft.body):,} characters, the limit is "
            f"{MAX_BODY_CHARS:,}; split it into several entries"
        )
        report.problem(draft.source.file, draft.source.line, message)
        return False
    return True


def _clean(draft: Draft) -> Draft:
    """Drop characters that no entry may hold: controls, lone surrogates, byte order marks.

    Every line of a body ends in LF alone, as offsets and Markdown parsers count lines alike then.
    """
    return replace(
        draft,
        heading=_LINE_END.sub(" ", _printable(draft.heading)).strip(),
        body=_LINE_END.sub("\n", _printable(draft.body)).strip(),
        term=None if draft.term is None else _printable(draft.term),
        aliases=tuple(_printable(alias) for alias in draft.aliases),
        category=None if draft.category is None else _printable(draft.category).strip() or None,
    )


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text)


def _shown(term: str) -> str:
    return repr(term if len(term) <= 60 else term[:57] + "...")


def _digest(text: str, length: int = 6) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]
