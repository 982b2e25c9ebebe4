"""Choose what a language model gets to read: whole passages, one entry per family.

First the passages that hold the best evidence, then the best passage of every further hit, then
the rest of the evidence and what else the first entries say, as long as the budget lasts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from corpus.passage import Passage
from indexes.index import Index
from rag.hit import Hit
from rag.inquiry import Inquiry
from rag.sources import Source
from rag.writing.defusing import defused
from rag.writing.shown_source import shown_parts, shown_source

CHARS_PER_TOKEN = 3  # English has four or more; formulas and code have fewer
COSTLIEST_NONCE = "0a" * 8  # no other nonce has more parts that may be tokens
MOST_SOURCES = 6
EVIDENCE_UNITS = 12
WHOLE_ENTRIES = 2
_PARTS = re.compile(r"[A-Za-z]{1,6}|[0-9]{1,2}|[^\sA-Za-z0-9]")


def estimated_tokens(text: str) -> int:
    """Return about how many tokens a text has for any language model, rather too many.

    Beyond ASCII each byte counts, since a model may have no token for a character.
    """
    beyond = 0 if text.isascii() else len(text.encode("utf-8", "replace")) - len(text)
    parts = len(_PARTS.findall(text))
    return max(-(-len(text) // CHARS_PER_TOKEN), parts) + beyond


def fitting(text: str, tokens: int) -> str:
    """Return a text, cut at its end to so many estimated tokens."""
    text = text[: max(0, tokens) * CHARS_PER_TOKEN]
    while text and estimated_tokens(text) > tokens:
        text = text[: len(text) * 3 // 4]
    return text


def choose_sources(index: Index, inquiry: Inquiry, budget_tokens: int) -> tuple[Source, ...]:
    """Return the sources for an inquiry, the best first, within a budget of tokens.

    Passages come whole; none is returned when not one fits. What counts is each source as the
    prompt shows it, with its tags and what stands before its passages.
    """
    shown = {_shown_member(hit, inquiry): hit for hit in inquiry.leads[:MOST_SOURCES]}
    tokens = cache(_tokens_once_defused)
    chosen: dict[str, Source] = {}
    costs: dict[str, int] = {}
    for entry_id, passage in _by_worth(index, inquiry, shown):
        before = chosen[entry_id].passages if entry_id in chosen else ()
        if passage.passage_id in {one.passage_id for one in before}:
            continue
        passages = _in_reading_order((*before, passage))
        longer = Source(MOST_SOURCES, index.entry(entry_id), passages)
        cost = _frame_tokens(longer) + sum(map(tokens, shown_parts(longer)))
        if sum(costs.values()) - costs.get(entry_id, 0) + cost <= budget_tokens:
            chosen[entry_id], costs[entry_id] = longer, cost
    return tuple(
        replace(chosen[entry_id], number=number)
        for number, entry_id in enumerate((e for e in shown if e in chosen), start=1)
    )


def _frame_tokens(source: Source) -> int:
    """Return what stands around the passages of a source and between it and the next one."""
    frame = shown_source(replace(source, passages=()), COSTLIEST_NONCE)
    return estimated_tokens(f"{frame}\n\n")


def _tokens_once_defused(part: str) -> int:
    return estimated_tokens(defused(part, COSTLIEST_NONCE))


def _shown_member(hit: Hit, inquiry: Inquiry) -> str:
    """Return the member of a family that says most about the question."""
    for evidence in inquiry.evidence[:EVIDENCE_UNITS]:
        if evidence.entry.entry_id in hit.family:
            return evidence.entry.entry_id
    return hit.entry.entry_id


def _by_worth(
    index: Index, inquiry: Inquiry, shown: dict[str, Hit]
) -> Iterator[tuple[str, Passage]]:
    for evidence in inquiry.evidence[:EVIDENCE_UNITS]:
        if evidence.entry.entry_id in shown:
            yield evidence.entry.entry_id, evidence.passage
    for entry_id, hit in shown.items():
        own = hit.passage if hit.entry.entry_id == entry_id else index.passages(entry_id)[0]
        yield entry_id, own
    for evidence in inquiry.evidence[EVIDENCE_UNITS:]:
        if evidence.entry.entry_id in shown:
            yield evidence.entry.entry_id, evidence.passage
    for entry_id in list(shown)[:WHOLE_ENTRIES]:
        for passage in index.passages(entry_id):
            yield entry_id, passage


def _in_reading_order(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    return tuple(sorted(passages, key=lambda passage: passage.start))
