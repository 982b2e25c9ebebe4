"""LaTeX whose escapes were eaten: `heta` was `\\theta`, `infty` was `\\infty`.

A string that went through an unescaping step loses `\\t`, `\\n`, `\\r`, `\\b`, `\\f`, `\\v`, `\\a`
(the control character became white space or vanished with the letter) and the backslash before
every letter that is no escape. Commands are made whole only inside formulas, and only where a
table says what they were; whatever stays ambiguous (`eta` may be `\\eta` or `\\beta`) is left as
it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Commands whose first letter was eaten with the backslash: the rest is no word of its own.
_EATEN = (
    "theta times text textbf textit textrm tilde triangle triangleq textstyle "
    "nabla notin nonumber "
    "rightarrow rightharpoonup "
    "boldsymbol bullet begin binom bmatrix "
    "frac forall "
    "varepsilon varphi vartheta varnothing varrho varsigma "
    "alpha approx arccos arcsin arctan argmax argmin"
).split()

# The same, but the rest is short or a word: it needs the gap that the control character left.
_EATEN_WITH_GAP = "tau tanh rho neq beta bigcup bigcap rceil rfloor".split()

# The rest must stand before a brace: `ec{x}` was `\vec{x}`.
_EATEN_WITH_BRACE = "vec bar boxed".split()

# Commands that lost nothing but their backslash.
_DROPPED = (
    "alpha gamma delta epsilon zeta theta iota kappa lambda mu pi sigma upsilon phi chi psi omega "
    "varepsilon varphi Gamma Delta Theta Lambda Sigma Phi Psi Omega "
    "infty partial nabla times cdot cdots ldots dots leq geq neq approx equiv propto forall exists "
    "subset subseteq setminus otimes oplus odot langle rangle ell quad qquad hbar "
    "rightarrow leftarrow Rightarrow Leftarrow leftrightarrow mapsto"
).split()

# Large operators: never in a subscript, where `int` and `sum` are ordinary labels.
_DROPPED_OPERATORS = "int iint oint sum prod".split()

_DROPPED_WITH_BRACE = (
    "frac sqrt hat bar vec tilde dot ddot overline underline text textbf mathbb mathbf mathcal "
    "mathrm mathit mathsf operatorname binom boldsymbol begin end underbrace overbrace"
).split()

_LEFT_OUT_BRACES = re.compile(r"\\(?:text\w*|mathrm|mathit|operatorname|mbox)\{[^{}]*\}")
_WORD = re.compile(r"(?<![\\A-Za-z])[\x07\x08]?[A-Za-z]+")
_THIN_SPACE = re.compile(r"(?<=\s),(?=\s*d[A-Za-z])")
_ELEMENT_OF = re.compile(r"(?<=\s)in(?=\s+(?:\\?math(?:bb|cal)\{|\\?\{|\[))")
_TO = re.compile(r"(?<=\s)o(?=\s+(?:[+-]?\s*\\?infty\b|0(?![.\d])))")
_MAP_TO = re.compile(r"(?<=\s)o(?=\s+\S)")
_BACKSPACE_OR_BELL = "\x07\x08"
_OPENERS = "_^{([/"


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged command of a formula.

    Attributes:
        start: offset of `damaged` in the formula.
        damaged, restored: what stands there, and what stood there.
        absorbs_gap: the white space before it is the trace of the eaten character.
    """

    start: int
    damaged: str
    restored: str
    absorbs_gap: bool = False


def find_damage(formula: str) -> tuple[Damage, ...]:
    """Find the damaged commands of one formula (given without its delimiters), in order."""
    masked = _LEFT_OUT_BRACES.sub(lambda found: "\\" * len(found[0]), formula)
    found = [damage for word in _WORD.finditer(masked) if (damage := _judge(masked, word))]
    found += [Damage(m.start(), "in", "\\in") for m in _ELEMENT_OF.finditer(masked)]
    found += [Damage(m.start(), ",", "\\,") for m in _THIN_SPACE.finditer(masked)]
    arrow = _MAP_TO if ":" in masked or re.search(r"\blim\b", masked) else _TO
    found += [Damage(m.start(), "o", "\\to") for m in arrow.finditer(masked)]
    found += _lost_set_braces(masked)
    return tuple(sorted(found, key=lambda damage: damage.start))


def starts_damaged(formula: str) -> bool:
    """Tell whether the formula begins with the gap and the rest of an eaten command."""
    word = _WORD.search(formula)
    if word is None or formula[: word.start()].strip():
        return False
    return _judge(formula, word) is not None


def is_command_rest(word: str) -> bool:
    """Tell whether a bare word may be a damaged command, so that it is no prose."""
    return word in _RESTS or word in _WHOLE


def _judge(formula: str, word: re.Match[str]) -> Damage | None:
    name = word[0].lstrip(_BACKSPACE_OR_BELL)
    before = formula[: word.start()][-1:]
    braced = formula[word.end() : word.end() + 1] == "{"
    gap = before.isspace() or len(name) < len(word[0])
    restored = _eaten(formula, word, name, gap, braced)
    if restored:
        return Damage(word.start(), word[0], "\\" + restored, _absorbs(formula, word.start()))
    if _dropped(formula, word, name, braced):
        return Damage(word.start(), word[0], "\\" + name)
    return None


def _eaten(formula: str, word: re.Match[str], name: str, gap: bool, braced: bool) -> str | None:
    if name in _RESTS:
        if name in ("ext", "extbf", "extit", "extrm", "ilde", "rac", "inom", "egin") and not braced:
            return None
        return _RESTS[name]
    if name in _GAP_RESTS and gap:
        return _GAP_RESTS[name] if name != "eta" or _bears_trace(formula, word) else None
    if name in _BRACE_RESTS and braced:
        return _BRACE_RESTS[name]
    if name == "op" and gap and formula[: word.start()].rstrip().endswith(("^", "^{")):
        return "top"
    if name in ("ight", "igl", "igr") and formula[word.end() : word.end() + 1] in tuple(")]}|.>\\"):
        return {"ight": "right", "igl": "bigl", "igr": "bigr"}[name]
    return None


def _dropped(formula: str, word: re.Match[str], name: str, braced: bool) -> bool:
    if name in ("left", "right"):
        return formula[word.end() : word.end() + 1] in tuple("()[]|.\\")
    if name in _DROPPED_OPERATORS:
        return not formula[: word.start()].rstrip().endswith(("_", "^", "_{", "^{"))
    return name in _DROPPED or (braced and name in _DROPPED_WITH_BRACE)


def _bears_trace(formula: str, word: re.Match[str]) -> bool:
    """Tell whether a control character or a gap nobody writes stands before the word."""
    return word[0][0] in _BACKSPACE_OR_BELL or _absorbs(formula, word.start())


def _absorbs(formula: str, start: int) -> bool:
    before = formula[:start].rstrip()
    return len(before) < start and (not before or before[-1] in _OPENERS)


def _lost_set_braces(formula: str) -> list[Damage]:
    """Find `{a, b}` around a whole formula: braces without backslash would not be printed."""
    if not (formula.startswith("{") and formula.endswith("}") and "," in formula):
        return []
    depth = 0
    for position, character in enumerate(formula):
        depth += (character == "{") - (character == "}")
        if depth == 0 and position < len(formula) - 1:
            return []
    return [Damage(0, "{", "\\{"), Damage(len(formula) - 1, "}", "\\}")]


_RESTS = {command[1:]: command for command in _EATEN}
_GAP_RESTS = {command[1:]: command for command in _EATEN_WITH_GAP}
_BRACE_RESTS = {command[1:]: command for command in _EATEN_WITH_BRACE}
_OTHER_WORDS = "left right ight lim log exp max min sin cos softmax where".split()
_WHOLE = frozenset(
    (*_DROPPED, *_DROPPED_OPERATORS, *_DROPPED_WITH_BRACE, *_GAP_RESTS, *_BRACE_RESTS)
).union(_OTHER_WORDS)
