"""Formulas as they are compared: one form for LaTeX, for plain text and for both kinds of signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_WORDS = re.compile(
    r"\\(?:text|mathrm|mathbf|mathit|operatorname|left|right|quad)(?![a-z])\s*|\\[,;! ]"
)
_PRODUCT = re.compile(r"\\(?:cdot|times)(?![a-z])|[·×∗⋅*]")
_DIVISION = re.compile(r"\\div(?![a-z])|[÷∕]")
_NEGATIVE = str.maketrans("−–", "--")
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWER = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_ATOM = re.compile(r"\((\w+)\)")
_IMPLIED = re.compile(r"(?<!\d)\*|\*(?!\d)")
_NOISE = re.compile(r"[\s\\{}$_]")
_GREEK = {
    unicodedata.lookup(f"GREEK SMALL LETTER {name}"): name.casefold()
    for name in (
        "ALPHA BETA GAMMA DELTA EPSILON ZETA ETA THETA IOTA KAPPA LAMDA MU NU XI PI RHO SIGMA TAU "
        "PHI CHI PSI OMEGA"
    ).split()
} | {"λ": "lambda", "µ": "mu"}
_FROM_GREEK = str.maketrans(_GREEK)
_LEFT = r"[^\W\d_]{1,3}\d?(?:_\{?\w{1,8}\}?)?(?:\([\w, ]{1,12}\))?"
_TERM = rf"(?:{_LEFT}|\d+(?:\.\d+)?|\([^()\n]{{1,40}}\))"
_OPERATOR = (
    r"(?:\s*(?:[/^·×⋅∗÷]|(?<!\*)\*(?!\*))\s*|\s*[+]\s*|\s+[-−–]\s+"
    r"|\s(?=[b-zA-Z](?:[_^\d]|\b)))"
)
_PLAIN = re.compile(
    rf"(?<![\w$\\/.-])(?:{_LEFT}\s*[=≈∝]\s*[-−]?{_TERM}(?:{_OPERATOR}[-−]?{_TERM}(?![\w-]))*"
    rf"|{_LEFT}(?:\s+[/*+·×⋅∗÷]\s+{_TERM})+)(?![\w$])"
)
_OPERATES = re.compile(r"[=<>≤≥≈∝+*/^-]")
_RELATION = re.compile(r"[=<>≤≥≈∝]")


def canonical(formula: str) -> str:
    """Return a formula without white space, delimiters and product signs, fractions as "a/b"."""
    text = formula
    for _ in range(3):
        text = _FRACTION.sub(r"((\1)/(\2))", text)
    text = _WORDS.sub("", text.translate(_NEGATIVE))
    text = _POWER.sub(lambda found: "^" + found.group().translate(_POWERS), text)
    text = _DIVISION.sub("/", _PRODUCT.sub("*", text)).translate(_FROM_GREEK)
    text = _IMPLIED.sub("", _NOISE.sub("", text.replace("\\%", "%")))
    while (simpler := _ATOM.sub(r"\1", text)) != text:
        text = simpler
    return re.sub(r"\((\w+/\w+)\)", r"\1", text)


def is_within(formula: str, known: Iterable[str]) -> bool:
    """Tell whether a canonical formula is one of the known ones, or a whole side of one."""
    for one in known:
        if formula == one or formula in _RELATION.split(one):
            return True
        at = one.find(formula)
        if at >= 0 and not _OPERATES.search(formula) and _stands_alone(one, at, len(formula)):
            return True
    return False


def plain_formulas(text: str) -> list[str]:
    """Return the formulas that a text writes without delimiters: "B = w * r / 8"."""
    return [found.group() for found in _PLAIN.finditer(text)]


def without_plain_formulas(text: str) -> str:
    """Return a text without the formulas that it writes without delimiters."""
    return _PLAIN.sub(" ", text)


def _stands_alone(text: str, at: int, length: int) -> bool:
    before, after = text[at - 1 : at], text[at + length : at + length + 1]
    return not (before.isalnum() or after.isalnum())
