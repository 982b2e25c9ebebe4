"""The noun Statement: a text taken apart into what can be compared with another text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from corpus.plain import plain_text
from indexes.index import Index
from rag.support.formulas import canonical, plain_formulas, without_plain_formulas
from rag.support.function_words import SMALL_WORDS
from rag.support.numbers import (
    COMPOUND_UNIT,
    NUMBER,
    WORDS,
    Number,
    compound_unit,
    known_unit,
    read_number,
    with_plain_powers,
    with_units_after,
)
from rag.terms.terms import singular

_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_POWER_OF_TEN = re.compile(
    r"(?:[\d.]+\s*(?:\\times|\\cdot)\s*)?10\s*\^\s*\{?-?\d+\}?|[\d.,]+\s*\\?%?"
)
_MATHS = re.compile(r"[=^_\\<>≤≥≈∝*/+·×]")
_WORD = re.compile(
    r"[^\W_](?:\w|(?<=[CF])#|(?<=C)\+\+|['’](?=[a-z])|(?<=[a-z])\.(?=[a-z]{1,3}\b))*"
)
_BREAK = re.compile(r"[,;:()\[\]{}|—–→]|\s[-/]\s|[.!?](?=\s|$)")
_LATEX = re.compile(r"\\(?:text|mathrm|mathbf|operatorname|left|right|quad|,|;)\b\s*|[{}$\\]")
_SPACE = re.compile(r"\s+")
# Words that begin another statement within a sentence.
CONJUNCTIONS = frozenset(
    (
        "and or but nor while whereas although though because since so if when unless until "
        "which who whose where that thus therefore hence making allowing enabling "
        "leading resulting causing requiring giving reducing improving increasing after before"
    ).split()
)
_SIGN = re.compile(r"(?:[<>]=?|[≤≥≈~])(?=\s*[\d.])")
_RATIO = re.compile(r"(?<![\w.:])\d{1,3}:\d{1,3}(?![\w:]|\.\d)")
_RANGE = re.compile(r"(?<![\w.,-])(\d+(?:\.\d+)?)(?:-|\s?–\s?)(\d+(?:\.\d+)?)(?!\d|[-–]\d)")
_CONTRACTION = re.compile(r"(?:n['’]t|['’](?:re|ve|ll|d|m))$")
_PHRASES = (
    (re.compile(r"\bno longer\b", re.IGNORECASE), "never"),
    (re.compile(r"\bno matter\b", re.IGNORECASE), "regardless"),
    (re.compile(r"\b(?:make|making) use of\b", re.IGNORECASE), "use"),
    (re.compile(r"\bmakes use of\b", re.IGNORECASE), "uses"),
    (re.compile(r"\b(?:take|taking|takes|took) the place of\b", re.IGNORECASE), "replace"),
)
_CAMEL = re.compile(r"[a-z0-9][A-Z]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number, or the end of a clause.

    Attributes:
        text: as written; "" for the end of a clause.
        folded: in lower case, singular.
        key: its stem as the lexical channel has it; the folded word when that has none.
        stem: the key, "" for a word that claims nothing.
        number: the quantity it is, if any.
        is_name: whether it is an acronym, an identifier or has a digit.
        is_capital: whether it has a capital where a sentence needs none.
    """

    text: str
    folded: str
    key: str
    stem: str
    number: Number | None = None
    is_name: bool = False
    is_capital: bool = False

    @property
    def is_break(self) -> bool:
        """Tell whether it ends a clause."""
        return not self.text


BREAK = Token("", "", "", "")


@dataclass(frozen=True)
class Statement:
    """The tokens of a text, its formulas and its inline code.

    `formulas` are in their canonical form, `codes` as in the text.
    """

    text: str
    tokens: tuple[Token, ...]
    formulas: tuple[str, ...]
    codes: tuple[str, ...]

    @cached_property
    def words(self) -> tuple[Token, ...]:
        """The tokens that claim something and are no numbers."""
        return tuple(token for token in self.tokens if token.stem)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the words."""
        return frozenset(token.stem for token in self.words)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of every word, also of those that claim nothing."""
        return frozenset(token.key for token in self.tokens if token.text)

    @cached_property
    def joined(self) -> frozenset[str]:
        """Every two neighbouring words in one: "pre-trained" is "pretrained"."""
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return frozenset(one.folded + other.folded for one, other in pairs)

    @cached_property
    def initials(self) -> str:
        """The first letters of all words, in order."""
        return "".join(token.folded[0] for token in self.tokens if token.text)

    @cached_property
    def folded(self) -> frozenset[str]:
        """Every word, also those that claim nothing."""
        return frozenset(token.folded for token in self.tokens if token.text)

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """The quantities, in order, also those within formulas."""
        spoken = tuple(token.number for token in self.tokens if token.number)
        within = with_plain_powers(" ".join(self.formulas))
        return spoken + tuple(read_number(match)[0] for match in NUMBER.finditer(within))

    @cached_property
    def units(self) -> frozenset[str]:
        """The units of measurement that the text names anywhere, with or without a number."""
        compound = [(match[1], match[2]) for match in COMPOUND_UNIT.finditer(self.text)]
        parts = {part for pair in compound for part in pair if compound_unit(*pair)}
        named = {known_unit(t.text) for t in self.tokens if t.text and t.text not in parts}
        named |= {compound_unit(*pair) for pair in compound}
        return frozenset(named | {number.unit for number in self.numbers}) - {""}

    @cached_property
    def squeezed(self) -> str:
        """The text without white space, formula delimiters and LaTeX's own words."""
        return squeeze(self.text)

    @cached_property
    def clauses(self) -> tuple[tuple[Token, ...], ...]:
        """The tokens between the ends of clauses; none without words or numbers."""
        return tuple(_clauses(self.tokens))

    def part(self, tokens: tuple[Token, ...]) -> Statement:
        """Return a statement of some of the tokens."""
        return Statement(" ".join(token.text for token in tokens), tokens, (), ())


class StatementReader:
    """Reads texts with the stems of one index. Safe to use from several threads."""

    def __init__(self, index: Index) -> None:
        self._stem = lru_cache(65536)(lambda word: next(iter(index.stems(word)), ""))

    def stem(self, word: str) -> str:
        """Return the stem of a word, "" for a stop word."""
        return self._stem(word)

    def read(self, markdown: str, plain: str | None = None) -> Statement:
        """Read a piece of Markdown; `plain` are its words when they are known already."""
        inner = [next(filter(None, match.groups())) for match in _FORMULA.finditer(markdown)]
        without = _FORMULA.sub(_spoken, markdown)
        inner += plain_formulas(_CODE.sub(" ", without))
        formulas = tuple(canonical(formula) for formula in inner if _is_formula(formula))
        codes = tuple(match[1] for match in _CODE.finditer(without))
        text = plain_text(without) if plain is None else _FORMULA.sub(_spoken, plain)
        text = without_plain_formulas(text)
        text = _RANGE.sub(r"\1 to \2", text)
        text = with_units_after(with_plain_powers(unicodedata.normalize("NFC", text)))
        for phrase, word in _PHRASES:
            text = phrase.sub(word, text)
        return Statement(
            plain if plain is not None else markdown, tuple(self._tokens(text)), formulas, codes
        )

    def _tokens(self, text: str) -> Iterator[Token]:
        position, is_first = 0, True
        while position < len(text):
            if ratio := _RATIO.match(text, position):
                written = ratio.group()
                yield Token(written, written, written, written, None, is_name=True)
                position, is_first = ratio.end(), False
                continue
            if number := NUMBER.match(text, position):
                found, end = read_number(number)
                if not (end < len(text) and (text[end].isalnum() or text[end] == "_")):
                    yield Token(text[position:end], found.value, found.value, "", found)
                    position, is_first = end, False
                    continue
            if sign := _SIGN.match(text, position):
                written = sign.group()
                yield Token(written, written, written, "")
                position = sign.end()
                continue
            if text[position] in "%‰":
                yield Token("%", "%", "%", "")
            if word := _WORD.match(text, position):
                yield self._word(word.group(), is_first)
                position, is_first = word.end(), False
                continue
            if mark := _BREAK.match(text, position):
                is_first = is_first or mark.group() in ":|.!?—–("
                yield BREAK
                position = mark.end()
                continue
            is_first = is_first or text[position] in '"“‘'
            position += 1

    def _word(self, written: str, is_first: bool) -> Token:
        lower = written.casefold()
        if lower in WORDS:
            return Token(written, lower, lower, "", Number(WORDS[lower]))
        is_name = _is_name(written)
        folded = singular(lower)
        stem = self._stem(folded)
        is_glue = (lower in SMALL_WORDS and not is_name) or _CONTRACTION.search(lower) is not None
        is_capital = written[0].isupper() and not is_first and len(written) > 1
        key = folded if is_name else stem or folded
        stem = key if is_name else stem
        return Token(written, folded, key, "" if is_glue else stem, None, is_name, is_capital)


def squeeze(text: str) -> str:
    """Return a formula or a text without white space, delimiters and LaTeX's own words."""
    return _SPACE.sub("", _LATEX.sub("", text.replace("\\%", "%").replace("−", "-")))


def _spoken(match: re.Match[str]) -> str:
    """Leave in a formula what reads as a number or a name: it is compared as a whole elsewhere."""
    inner = next(filter(None, match.groups()))
    return " " if _is_formula(inner) else f" {inner} "


def _is_formula(inner: str) -> bool:
    """Tell a formula from a number or a letter that stands between formula delimiters."""
    return bool(_MATHS.search(inner)) and not _POWER_OF_TEN.fullmatch(inner.strip())


def _is_name(written: str) -> bool:
    capitals = sum(letter.isupper() for letter in written)
    has_digit = any(letter.isdigit() for letter in written)
    if has_digit or "_" in written:
        return any(letter.isalpha() for letter in written)
    return (capitals >= 2 and len(written) > 1) or bool(_CAMEL.search(written))


def _clauses(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    clause: list[Token] = []
    for token in (*tokens, BREAK):
        ends = token.is_break or token.folded in CONJUNCTIONS
        if ends and any(one.stem or one.number for one in clause):
            yield tuple(clause)
            clause = []
        if not token.is_break:
            clause.append(token)
