"""Correct the words that tell what a question wants: "waht is", "diffrence betwen", "drawbaks".

Names are corrected against the glossary (`TermTable.correct`); these words stand in no glossary.
"""

from __future__ import annotations

import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 6  # of the cues that are told from any word one edit away
_WORD = re.compile(r"(?<![\w-])[a-z]{3,14}(?![\w'’-])", re.IGNORECASE)
# No English words, each.
_MISSPELT = {
    wrong: right
    for right, wrongs in {
        "what": "waht wat wht whta hwat wath",
        "which": "wich whcih whihc hwich wihch whitch",
        "when": "wehn whne",
        "where": "wher whre wehre",
        "how": "hwo",
        "why": "wyh hwy",
        "does": "deos doess",
        "the": "teh hte",
        "and": "adn nad",
        "many": "meny mnay manny",
        "much": "mcuh muhc",
        "steps": "setps stpes",
        "list": "lsit",
        "used": "usde uesd",
    }.items()
    for wrong in wrongs.split()
}
_CUES = (
    "difference differences different differ between versus compare compared comparison explain "
    "describe define definition meaning advantage advantages disadvantage disadvantages benefit "
    "benefits drawback drawbacks limitation limitations challenge challenges application "
    "applications component components example examples formula equation procedure pipeline"
).split()
_KNOWN = frozenset(_CUES)


def spelt_cues(text: str) -> str:
    """Return a question with its misspelt cue words corrected, one edit each.

    A word in capitals is a name, and one that only has another ending is no slip ("explains").
    """
    return _WORD.sub(lambda match: _spelt(match.group()), text)


def _spelt(written: str) -> str:
    word = written.casefold()
    if word in _KNOWN or (len(written) > 1 and written.isupper()):
        return written
    if right := _MISSPELT.get(word):
        return right.capitalize() if written[0].isupper() else right
    if len(word) < _SHORTEST:
        return written
    found = process.extractOne(word, _CUES, scorer=OSA.distance, score_cutoff=1)
    if found is None or word[:-1] == found[0] or found[0][:-1] == word:
        return written
    return str(found[0])
