"""Write a question anew with a topic in it: plain strings in, plain strings out."""

from __future__ import annotations

import re

from rag.follow_up.references import Form, Reference
from rag.follow_up.topic import Topic

_END = " ?!.…,;:"
_ABOUT = re.compile(r"(?i)^(?:what|how) about\s+|^(?:same|the same) (?:question )?(?:for|with)\s+")
_ARTICLE = re.compile(r"(?i)^(?:an?|the|this|that|these|those)\s+")
_AUXILIARY = "is|are|was|were|do|does|did|can|could|will|would|should|has|have|had"
_INVERTED = re.compile(r"(?i)(?:.*\b)?(?:do|does|did|can|could|will|would|should)\s+$")
_ASKED_HOW = re.compile(rf"(?i)^(?:how|when|where|why)\s+(?P<rest>(?:{_AUXILIARY})\b.+)$")
_YES_NO = re.compile(rf"(?i)^(?:{_AUXILIARY})\b.+$")
_THE_LIST = re.compile(r"(?i)^what(?:['’]?s|\s+is|\s+are)\s+(?P<rest>the\b.+)$")
_COUNTED = re.compile(r"(?i)^(?P<ask>how (?:many|much)|which|what)\s+(?P<noun>[\w-]+)")
_PREPOSITION = re.compile(r"(?i)^(?P<word>for|in|on|with|at|by|under|during|from|without)\s+")
_CODE = re.compile(r"\b(?=[\w.:-]{0,60}\d)(?=[\w.:-]{0,60}[A-Za-z])[\w.:-]{1,60}\b")
_PLURAL_NOUN = re.compile(r"(?i)(?:the )?(?!(?:does|is|was|has)$)[\w-]{2,}(?<!s)s")
_PLURAL = re.compile(r"(?i)\bare\b")


def is_about(text: str) -> bool:
    """Tell whether a question asks the same of another thing ("what about ...")."""
    return bool(_ABOUT.match(text))


def without_about(text: str) -> str:
    """Return what comes after "what about", else the text."""
    return _ABOUT.sub("", text)


def without_article(phrase: str) -> str:
    """Return a phrase without the article before it."""
    return _ARTICLE.sub("", phrase).strip()


def stripped(text: str) -> str:
    """Return a question without the marks at its end."""
    return text.rstrip(_END)


def appended(text: str, tail: str) -> str:
    """Return a question with words put before its question mark."""
    return f"{stripped(text)} {tail}".rstrip() + "?"


def put(text: str, reference: Reference, name: str) -> str:
    """Return a question with a name in the place of what points back."""
    before, after = text[: reference.start], text[reference.end :]
    if reference.form is Form.POSSESSIVE:
        owned = stripped(after).strip()
        if not _INVERTED.match(before) and re.fullmatch(r"[\w-]+(?: [\w-]+){0,3}", owned):
            return f"{before}the {owned} of {name}?"
        return f"{before}{name}{'’' if name.endswith('s') else '’s'}{after}"
    if reference.form is Form.PLACE:
        return f"{before}in {name}{after}"
    verb = " is" if reference.has_verb else ""
    return f"{before}{name}{verb}{after}"


def why(previous: str, topic: Topic) -> str:
    """Return the question why what the previous question asked for is so."""
    bare = stripped(previous)
    if match := _ASKED_HOW.match(bare):
        return f"why {match['rest']}?"
    if _YES_NO.match(bare):
        return f"why {bare[0].lower()}{bare[1:]}?"
    if match := _THE_LIST.match(bare):
        verb = "are these" if _PLURAL.search(bare.split(match["rest"])[0]) else "is this"
        return f"why {verb} {match['rest']}?"
    return f"why {topic.phrase}?"


def how(previous: str, topic: Topic, word: str) -> str:
    """Return the previous yes-or-no question with a question word before it."""
    bare = stripped(previous)
    if word == "by whom" and (match := _ASKED_HOW.match(bare)):
        return f"by whom {match['rest']}?"
    if _YES_NO.match(bare):
        return f"{word} {bare[0].lower()}{bare[1:]}?"
    return f"{word} does {topic.phrase} work?" if word == "how" else f"{word}, for {topic.phrase}?"


def swapped(previous: str, old: str, new: str) -> str | None:
    """Return the previous question about another name; None when it does not use the old one."""
    pattern = re.compile(rf"(?i)(?<!\w)(?P<article>an?\s+)?{re.escape(old)}s?(?!\w)")
    found = pattern.search(previous)
    if not found:
        return None
    takes_article = found["article"] and not (new.endswith("s") or new[:1].isupper())
    article = ("an " if new[:1].lower() in "aeiou" else "a ") if takes_article else ""
    return f"{stripped(previous[: found.start()] + article + new + previous[found.end() :])}?"


def parallel(previous: str, fragment: str, topic: Topic) -> str | None:
    """Return the previous question with the part that a fragment is parallel to replaced.

    "and in the attic?" takes the place of "in the cellar", "and v2?" that of "v1", "and knobs?"
    after "how many handles ..." that of "handles"; None when nothing is parallel.
    """
    bare = stripped(fragment)
    if preposition := _PREPOSITION.match(bare):
        return _same_preposition(previous, bare, preposition["word"], topic)
    codes = list(_CODE.finditer(previous))
    if len(bare.split()) <= 2 and _CODE.search(bare) and codes:
        alike = [code for code in codes if code[0][0].lower() == bare.split()[-1][0].lower()]
        code = (alike or codes)[0]
        return f"{stripped(previous[: code.start()] + bare.split()[-1] + previous[code.end() :])}?"
    counted = _COUNTED.match(previous)
    if counted and _PLURAL_NOUN.fullmatch(bare) and _PLURAL_NOUN.fullmatch(counted["noun"]):
        return appended(f"{counted['ask']} {bare}{previous[counted.end() :]}", "")
    return None


def _same_preposition(previous: str, fragment: str, word: str, topic: Topic) -> str | None:
    bare = stripped(previous)
    places = [m.start() for m in re.finditer(rf"(?i)\b{word}\b", bare)]
    for place in reversed(places):
        kept = bare[:place]
        if topic.field.casefold() in kept.casefold() or topic.field not in bare:
            return f"{kept}{fragment}?"
    return None
